"""What each event changes in the read rows of follow ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from projections.core.base import Amend, Put, RowChange
from projections.core.policy_table import put_policy
from projections.follow_ups.tables import follow_up_policy, follow_up_row
from qa.core.event import RecordedEvent
from qa.follow_ups import events
from qa.follow_ups.events import FollowUpClocks, FollowUpPolicySet


class FollowUps:
    """Projects the events of follow-ups and of the policy behind their clocks."""

    name = "follow_ups"
    version = 2
    tables = (follow_up_row, follow_up_policy)
    by_stream = True
    handles = (
        events.FollowUpOpened,
        events.FollowUpEscalated,
        events.FollowUpPlanAgreed,
        events.FollowUpReAudited,
        events.FollowUpEnded,
        events.FollowUpPolicySet,
    )

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        if isinstance(event, FollowUpPolicySet):
            return [put_policy(follow_up_policy, recorded)]
        audit = recorded.stream.partition(":")[2]
        if isinstance(event, events.FollowUpOpened) and recorded.version == 1:
            return [Put(follow_up_row, {**_opened(recorded, 1), "audit": audit})]
        return [Amend(follow_up_row, (audit,), _FollowUpChange(recorded))]


def _round(clocks: FollowUpClocks, since: str, number: int) -> dict[str, Any]:
    return {
        "stage": "recorded",
        "round": number,
        "since": since,
        "escalate_by": clocks.escalate_by.isoformat(),
        "plan_by": clocks.plan_by.isoformat(),
        "actions_by": clocks.actions_by.isoformat(),
        "re_audit_by": clocks.re_audit_by.isoformat(),
        "owner": None,
        "escalated_on": None,
        "planned_on": None,
        "plan": None,
        "actions": "[]",
        "over_on": None,
        "cause": None,
    }


def _opened(recorded: RecordedEvent[events.FollowUpOpened], number: int) -> dict[str, Any]:
    event = recorded.event
    return {
        "stream_version": recorded.version,
        "opened": recorded.position,
        "reference": event.reference,
        "child": event.child,
        "team": event.team,
        "service": event.service,
        "grade": event.grade,
        "re_audit": None,
        "re_audit_reference": None,
        **_round(event.clocks, recorded.meta.effective_on.isoformat(), number),
    }


class _FollowUpChange:
    """What a later event makes of the row."""

    def __init__(self, recorded: RecordedEvent[Any]) -> None:
        self._recorded = recorded

    def __call__(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        recorded = self._recorded
        event, on = recorded.event, recorded.meta.effective_on.isoformat()
        values: dict[str, Any] = {"stream_version": recorded.version}
        match event:
            case events.FollowUpOpened():
                values |= _opened(recorded, row["round"] + 1)
            case events.FollowUpEscalated():
                values["owner"] = event.owner
                if row["stage"] != "planned":
                    values |= {"stage": "escalated", "escalated_on": on}
            case events.FollowUpPlanAgreed():
                values |= {
                    "stage": "planned",
                    "planned_on": on,
                    "plan": event.plan,
                    "actions": orjson.dumps(event.actions).decode(),
                }
            case events.FollowUpReAudited():
                values |= {"re_audit": event.re_audit, "re_audit_reference": event.reference}
                if event.clocks is None:
                    values |= {"stage": "resolved", "over_on": on}
                else:
                    values |= _round(event.clocks, on, row["round"] + 1)
            case events.FollowUpEnded():
                values |= {"stage": "ended", "over_on": on, "cause": event.cause}
        return values


PROJECTORS = (FollowUps,)
