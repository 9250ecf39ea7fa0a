"""How facts of an action become rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from projections.actions.tables import (
    action_contributor,
    action_policy,
    action_row,
    action_step,
)
from projections.core.base import Amend, Close, JournalRow, Put, RowChange
from projections.core.policy_table import put_policy
from qa.actions import events
from qa.actions.states import ActionState
from qa.core.fact import Recorded


class Actions:
    """Projects the facts of actions and of the policy behind their clocks."""

    name = "actions"
    version = 4
    tables = (action_row, action_contributor, action_step, action_policy)
    by_stream = True
    handles = (
        events.ActionRaised,
        events.ActionAccepted,
        events.ActionChallenged,
        events.ActionContributorsNamed,
        events.ActionDiscussionAsked,
        events.ActionFindingLinked,
        events.ActionProgressed,
        events.ActionRescheduled,
        events.ActionTransferred,
        events.ActionClaimedDone,
        events.EvidenceAccepted,
        events.EvidenceReturned,
        events.ImpactConfirmed,
        events.ImpactNotSeen,
        events.ImpactTooEarly,
        events.ActionReopened,
        events.ActionNoLongerApplicable,
        events.ActionPolicySet,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[RowChange]:
        fact = recorded.fact
        if isinstance(fact, events.ActionPolicySet):
            return [put_policy(action_policy, recorded)]
        action = recorded.stream.partition(":")[2]
        found: list[RowChange] = [_step(recorded, action)]
        if isinstance(fact, events.ActionRaised):
            found.append(Put(action_row, _raised(recorded)))
            return found
        if isinstance(fact, events.ActionContributorsNamed):
            found.append(Close(action_contributor, (action,)))
            found += [
                Put(action_contributor, {"action": action, "person": person}) for person in fact.new
            ]
        found.append(Amend(action_row, (action,), _ActionChange(recorded)))
        return found


def _step(recorded: Recorded[Any], action: str) -> RowChange:
    meta = recorded.meta
    return JournalRow(
        action_step,
        {
            "stream": recorded.stream,
            "action": action,
            "type": recorded.type,
            "on": meta.effective_on.isoformat(),
            "by": meta.by,
            "in_role": meta.in_role,
            "reason": meta.reason,
            "content": recorded.fact.model_dump_json(),
        },
    )


def _raised(recorded: Recorded[events.ActionRaised]) -> dict[str, Any]:
    fact = recorded.fact
    due_on = fact.due_on.isoformat()
    return {
        "action": fact.action,
        "opened": recorded.position,
        "stream_version": recorded.version,
        "audit": fact.audit,
        "child": fact.child,
        "raised_by": fact.raised_by,
        "source": fact.source,
        "raised_person": recorded.meta.by,
        "raised_on": recorded.meta.effective_on.isoformat(),
        "raised_team": fact.team,
        "raised_service": fact.service,
        "team": fact.team,
        "service": fact.service,
        "text": fact.text,
        "kind": fact.kind,
        "domain": fact.domain,
        "owner": fact.owner,
        "evidence_asked": fact.evidence_asked,
        "follows": fact.follows,
        "linked": "[]",
        "state": ActionState.RAISED.value,
        "first_due_on": due_on,
        "due_on": due_on,
        "moved": 0,
        "slipped": 0,
        "discuss": 0,
        "accept_by": None if fact.accept_by is None else fact.accept_by.isoformat(),
    }


class _ActionChange:
    """What a later fact makes of the row."""

    def __init__(self, recorded: Recorded[Any]) -> None:
        self._recorded = recorded

    def __call__(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        recorded = self._recorded
        on = recorded.meta.effective_on.isoformat()
        return {"stream_version": recorded.version, **_values(recorded.fact, on, row)}


def _values(fact: Any, on: str, row: Mapping[str, Any]) -> dict[str, Any]:
    match fact:
        case events.ActionAccepted():
            days = _days(row["raised_on"], on)
            return {
                "state": ActionState.ACCEPTED.value,
                "accepted_on": on,
                "days_to_accept": days,
            }
        case events.ActionChallenged():
            return {"state": ActionState.CHALLENGED.value}
        case events.ActionProgressed():
            return {"state": ActionState.IN_PROGRESS.value}
        case events.ActionDiscussionAsked():
            return {"discuss": 1}
        case events.ActionFindingLinked():
            return {"linked": json.dumps([*json.loads(row["linked"]), [fact.audit, fact.domain]])}
        case events.ActionRescheduled():
            return {
                "due_on": fact.new.isoformat(),
                "moved": row["moved"] + 1,
                "slipped": row["slipped"] + max(0, (fact.new - fact.old).days),
            }
        case events.ActionTransferred():
            return {
                "owner": fact.new,
                "team": fact.new_team,
                "service": fact.new_service,
                "state": ActionState.RAISED.value,
                "accept_by": fact.accept_by.isoformat(),
                "accepted_on": None,
                "days_to_accept": None,
            }
        case events.ActionNoLongerApplicable():
            return {"state": ActionState.NO_LONGER_APPLICABLE.value, **_ended(on, row)}
        case _:
            return _towards_effect(fact, on, row)


def _towards_effect(fact: Any, on: str, row: Mapping[str, Any]) -> dict[str, Any]:
    match fact:
        case events.ActionClaimedDone():
            return {
                "state": ActionState.CLAIMED.value,
                "claimed_on": on,
                "check_by": fact.check_by.isoformat(),
                "days_to_claim": _days(row["accepted_on"], on),
            }
        case events.EvidenceReturned():
            return {
                "state": ActionState.RETURNED.value,
                "claimed_on": None,
                "check_by": None,
                "days_to_claim": None,
            }
        case events.EvidenceAccepted():
            return {
                "state": ActionState.VERIFICATION_DUE.value,
                "evidenced_on": on,
                "days_to_evidence": _days(row["claimed_on"], on),
                "verify_from": fact.verify_from.isoformat(),
                "verify_by": fact.verify_by.isoformat(),
            }
        case events.ImpactTooEarly():
            return {
                "verify_from": fact.verify_from.isoformat(),
                "verify_by": fact.verify_by.isoformat(),
            }
        case events.ImpactConfirmed():
            return {"state": ActionState.EFFECTIVE.value, **_verified(on, row)}
        case events.ImpactNotSeen():
            return {
                "state": ActionState.NOT_EFFECTIVE.value,
                **_verified(on, row),
                "next": fact.next,
            }
        case events.ActionReopened():
            return {"state": ActionState.REOPENED.value, "next": fact.next}
        case _:
            return {}


def _verified(on: str, row: Mapping[str, Any]) -> dict[str, Any]:
    days = _days(row["evidenced_on"], on)
    return {"verified_on": on, "days_to_verify": days, **_ended(on, row)}


def _ended(on: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {"ended_on": on, "days_to_end": _days(row["raised_on"], on)}


def _days(since: str | None, on: str) -> int | None:
    """The days between two steps; None where the first of them does not stand."""
    return None if since is None else (date.fromisoformat(on) - date.fromisoformat(since)).days
