"""What each event changes in the read rows of follow ups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.core.policy_table import put_policy
from projections.core.typed_rows import json_text
from projections.follow_ups.tables import FOLLOW_UPS, FollowUpRow, follow_up_policy
from qa.core.event import RecordedEvent, events_of
from qa.follow_ups import events
from qa.follow_ups.events import FollowUpClocks, FollowUpPolicySet


class FollowUps:
    """Projects the events of follow-ups and of the policy behind their clocks."""

    name = "follow_ups"
    version = 2
    tables = (FOLLOW_UPS.table, follow_up_policy)
    by_stream = True
    handles = events_of(events)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        if isinstance(event, FollowUpPolicySet):
            return [put_policy(follow_up_policy, recorded)]
        audit = recorded.stream.partition(":")[2]
        if isinstance(event, events.FollowUpOpened) and recorded.version == 1:
            return [FOLLOW_UPS.put(_opened(recorded, 1))]
        return [FOLLOW_UPS.amend((audit,), lambda row: _amended(row, recorded))]


def _opened(recorded: RecordedEvent[events.FollowUpOpened], number: int) -> FollowUpRow:
    return FOLLOW_UPS.row_of(
        recorded,
        stage="recorded",
        round=number,
        since=recorded.meta.effective_on.isoformat(),
        **_days(recorded.event.clocks),
    )


def _days(clocks: FollowUpClocks) -> dict[str, Any]:
    return {name: day.isoformat() for name, day in clocks}


def _amended(row: FollowUpRow, recorded: RecordedEvent[Any]) -> FollowUpRow:
    """What a later event makes of the row."""
    event, on, version = recorded.event, recorded.meta.effective_on.isoformat(), recorded.version
    match event:
        case events.FollowUpOpened():
            return _opened(recorded, row.round + 1)
        case events.FollowUpEscalated():
            given = row._replace(stream_version=version, owner=event.owner)
            if row.stage == "planned":
                return given
            return given._replace(stage="escalated", escalated_on=on)
        case events.FollowUpTeamChanged():
            return row._replace(
                stream_version=version, team=event.new_team, service=event.new_service
            )
        case events.FollowUpPlanAgreed():
            return row._replace(
                stream_version=version,
                stage="planned",
                planned_on=on,
                plan=event.plan,
                actions=json_text(event.actions),
            )
        case events.FollowUpReAudited(clocks=None):
            return row._replace(
                stream_version=version,
                re_audit=event.re_audit,
                re_audit_reference=event.reference,
                stage="resolved",
                over_on=on,
            )
        case events.FollowUpReAudited(clocks=FollowUpClocks() as clocks):
            return FollowUpRow(
                *row[:8],
                stage="recorded",
                round=row.round + 1,
                since=on,
                **_days(clocks),
                re_audit=event.re_audit,
                re_audit_reference=event.reference,
            )._replace(stream_version=version)
        case events.FollowUpEnded():
            return row._replace(
                stream_version=version, stage="ended", over_on=on, cause=event.cause
            )
        case _:
            return row


PROJECTORS = (FollowUps,)
