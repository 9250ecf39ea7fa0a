"""How events of an action become rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from projections.actions import tables
from projections.core.base import Close, Put, RowChange
from projections.core.policy_table import put_policy
from projections.core.typed_rows import JsonText
from projections.figures.joined_children import CHILD_JOININGS
from qa.actions import events
from qa.actions.states import ActionState
from qa.audits.events import CaseAuditAllocated, CaseAuditImported
from qa.core.event import RecordedEvent, events_of


class Actions:
    """Projects the events of actions and of the policy behind their clocks."""

    name = "actions"
    version = 8
    tables = (
        tables.action_row,
        tables.action_contributor,
        tables.action_finding,
        tables.action_step,
        tables.action_policy,
        tables.ACTION_AUDITS.table,
        tables.JOINED_CHILDREN.table,
    )
    by_stream = True
    handles = (*events_of(events), CaseAuditAllocated, CaseAuditImported, *CHILD_JOININGS)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        if isinstance(event, events.ActionPolicySet):
            return [put_policy(tables.action_policy, recorded)]
        if isinstance(event, CHILD_JOININGS):
            return [tables.JOINED_CHILDREN.change(recorded)]
        action = recorded.stream.partition(":")[2]
        if isinstance(event, (CaseAuditAllocated, CaseAuditImported)):
            return [tables.ACTION_AUDITS.put(tables.ActionAuditRow(action, event.tool))]
        found: list[RowChange] = [_step(recorded, action)]
        if isinstance(event, events.ActionRaised):
            found.append(tables.ACTIONS.put(_raised(recorded)))
            if event.audit:
                found.append(_finding(action, event.audit, event.domain))
            return found
        if isinstance(event, events.ActionFindingLinked):
            found.append(_finding(action, event.audit, event.domain))
        if isinstance(event, events.ActionContributorsNamed):
            found.append(Close(tables.action_contributor, (action,)))
            found += [
                Put(tables.action_contributor, {"action": action, "person": person})
                for person in event.new
            ]
        found.append(tables.ACTIONS.amend((action,), lambda row: _amended(row, recorded)))
        return found


def _finding(action: str, audit: str, domain: str | None) -> RowChange:
    return tables.ACTION_FINDINGS.put(tables.ActionFindingRow(action, audit, domain or ""))


def _step(recorded: RecordedEvent[Any], action: str) -> RowChange:
    meta = recorded.meta
    return tables.ACTION_STEPS.add(
        tables.ActionStepRow(
            stream=recorded.stream,
            action=action,
            type=recorded.type,
            on=meta.effective_on.isoformat(),
            by=meta.by,
            in_role=meta.in_role,
            reason=meta.reason,
            content=JsonText(recorded.event.model_dump_json()),
        )
    )


def _raised(recorded: RecordedEvent[events.ActionRaised]) -> tables.ActionRow:
    event = recorded.event
    evidence = [event.evidence_asked] if event.evidence_asked else list(event.evidence_kinds)
    return tables.ACTIONS.row_of(
        recorded,
        raised_person=recorded.meta.by,
        raised_on=recorded.meta.effective_on.isoformat(),
        raised_team=event.team,
        raised_service=event.service,
        evidence_kinds=JsonText(json.dumps(evidence)),
        next=None,
        linked=JsonText("[]"),
        state=ActionState.RAISED.value,
        first_due_on=event.due_on.isoformat(),
    )


def _amended(row: tables.ActionRow, recorded: RecordedEvent[Any]) -> tables.ActionRow:
    """What a later event makes of the row."""
    on = recorded.meta.effective_on.isoformat()
    return row._replace(stream_version=recorded.version, **_values(recorded.event, on, row))


def _values(event: Any, on: str, row: tables.ActionRow) -> dict[str, Any]:
    match event:
        case events.ActionAccepted():
            days = _days(row.raised_on, on)
            return {
                "state": ActionState.ACCEPTED.value,
                "accepted_on": on,
                "days_to_accept": days,
            }
        case events.ActionCorrected():
            due_on = event.new_due_on.isoformat()
            return {
                "text": event.new_text,
                "owner": event.new_owner,
                "first_due_on": due_on,
                "due_on": due_on,
            }
        case events.ActionChallenged():
            return {"state": ActionState.CHALLENGED.value}
        case events.ActionProgressed():
            return {"state": ActionState.IN_PROGRESS.value}
        case events.ActionDiscussionAsked():
            return {"discuss": 1}
        case events.ActionFindingLinked():
            return {"linked": json.dumps([*json.loads(row.linked), [event.audit, event.domain]])}
        case events.ActionRescheduled():
            return {
                "due_on": event.new.isoformat(),
                "moved": row.moved + 1,
                "slipped": row.slipped + max(0, (event.new - event.old).days),
            }
        case events.ActionTransferred():
            return {
                "owner": event.new,
                "team": event.new_team,
                "service": event.new_service,
                "state": ActionState.RAISED.value,
                "accept_by": event.accept_by.isoformat(),
                "accepted_on": None,
                "days_to_accept": None,
            }
        case events.ActionTeamChanged():
            return {"team": event.new_team, "service": event.new_service}
        case events.ActionNoLongerApplicable():
            return {"state": ActionState.NO_LONGER_APPLICABLE.value, **_ended(on, row)}
        case _:
            return _towards_effect(event, on, row)


def _towards_effect(event: Any, on: str, row: tables.ActionRow) -> dict[str, Any]:
    match event:
        case events.ActionClaimedDone():
            return {
                "state": ActionState.CLAIMED.value,
                "claimed_on": on,
                "check_by": event.check_by.isoformat(),
                "days_to_claim": _days(row.accepted_on, on),
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
                "days_to_evidence": _days(row.claimed_on, on),
                "verify_from": event.verify_from.isoformat(),
                "verify_by": event.verify_by.isoformat(),
            }
        case events.ImpactTooEarly():
            return {
                "verify_from": event.verify_from.isoformat(),
                "verify_by": event.verify_by.isoformat(),
            }
        case events.ImpactConfirmed():
            return {"state": ActionState.EFFECTIVE.value, **_verified(on, row)}
        case events.ImpactNotSeen():
            return {
                "state": ActionState.NOT_EFFECTIVE.value,
                **_verified(on, row),
                "next": event.next,
            }
        case events.ActionReopened():
            return {"state": ActionState.REOPENED.value, "next": event.next}
        case _:
            return {}


def _verified(on: str, row: tables.ActionRow) -> dict[str, Any]:
    days = _days(row.evidenced_on, on)
    return {"verified_on": on, "days_to_verify": days, **_ended(on, row)}


def _ended(on: str, row: tables.ActionRow) -> dict[str, Any]:
    return {"ended_on": on, "days_to_end": _days(row.raised_on, on)}


def _days(since: str | None, on: str) -> int | None:
    """The days between two steps; None where the first of them does not stand."""
    return None if since is None else (date.fromisoformat(on) - date.fromisoformat(since)).days


PROJECTORS = (Actions,)
