"""What each event changes in the read rows of safeguarding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from projections.core.base import RowChange
from projections.core.policy_table import put_policy
from projections.core.typed_rows import JsonText, json_text
from projections.safeguarding.tables import (
    CONCERN_STEPS,
    CONCERNS,
    ConcernRow,
    ConcernStepRow,
    concern_policy,
)
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.safeguarding import events
from qa.safeguarding.events import SafeguardingPolicySet


class Safeguarding:
    """Projects the events of safeguarding concerns and of the policy behind their clock."""

    name = "safeguarding"
    version = 1
    tables = (CONCERNS.table, CONCERN_STEPS.table, concern_policy)
    by_stream = True
    handles = (
        events.SafeguardingConcernRaised,
        events.SafeguardingManagerTold,
        events.SafeguardingConcernEscalated,
        events.SafeguardingTeamChanged,
        events.SafeguardingConcernAcknowledged,
        events.SafeguardingPolicySet,
    )

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, by = recorded.event, recorded.meta.by
        if isinstance(event, SafeguardingPolicySet):
            return [put_policy(concern_policy, recorded)]
        audit, at = recorded.stream.partition(":")[2], microseconds(recorded.recorded_at)
        content = JsonText(event.model_dump_json())
        step = ConcernStepRow(audit, event.concern, recorded.type, at, by, content)
        if isinstance(event, events.SafeguardingConcernRaised):
            raised = ConcernRow(
                concern=event.concern,
                audit=event.audit,
                stream_version=recorded.version,
                opened=recorded.position,
                reference=event.reference,
                child=event.child,
                team=event.team,
                service=event.service,
                what=event.what,
                raised_by=by,
                raised_us=at,
            )
            changed: RowChange = CONCERNS.put(raised)
        else:
            key = (audit, event.concern)
            changed = CONCERNS.amend(key, lambda row: _amended(row, recorded))
        return [CONCERN_STEPS.add(step), changed]


def _amended(row: ConcernRow, recorded: RecordedEvent[Any]) -> ConcernRow:
    """What a later event makes of the row."""
    event, at, version = recorded.event, microseconds(recorded.recorded_at), recorded.version
    match event:
        case events.SafeguardingManagerTold():
            told = _also(row, (event.manager,))
            if row.told_us is not None:
                return row._replace(stream_version=version, told=told)
            by = microseconds(event.acknowledge_by)
            return row._replace(
                stream_version=version, told=told, told_us=at, acknowledge_by_us=by, next_by_us=by
            )
        case events.SafeguardingConcernEscalated():
            return row._replace(
                stream_version=version,
                told=_also(row, event.to),
                next_by_us=microseconds(event.acknowledge_by),
                rungs=event.rung,
            )
        case events.SafeguardingTeamChanged():
            return row._replace(
                stream_version=version, team=event.new_team, service=event.new_service
            )
        case _:
            return row._replace(
                stream_version=version, acknowledged_by=recorded.meta.by, acknowledged_us=at
            )


def _also(row: ConcernRow, further: Sequence[str]) -> JsonText:
    known = row.told_people
    return json_text([*known, *(one for one in further if one not in known)])


PROJECTORS = (Safeguarding,)
