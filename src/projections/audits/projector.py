"""What each event of a case audit and of its moderation changes in the register."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from projections.audits.exceptions import exception_changes
from projections.audits.tables import (
    audit_content,
    audit_correction,
    audit_exception,
    audit_row,
    audit_typing,
    moderation_row,
)
from projections.core.base import Amend, Close, Put, RowChange, Values
from qa.audits import events as audit_events
from qa.audits.moderation_events import (
    DisputeAssigned,
    DisputeDecided,
    GradeDisputed,
    GradeReconciled,
    ModerationAssigned,
    ModerationCancelled,
    ModerationConversationHeld,
    ModerationImported,
    ModerationNotSelected,
    ModerationRecorded,
    ModerationSelected,
    ModerationSuperseded,
    ModerationUnblinded,
)
from qa.core.clock import civil_day, microseconds
from qa.core.event import RecordedEvent
from qa.core.naming import reference_key
from qa.core.words import AuditStatus, ModerationStatus

_NOT_FINAL: Mapping[str, Any] = {
    "final_grade": None,
    "final_source": None,
    "final_rule": None,
    "final_cites": None,
}
_NO_MODERATION: Mapping[str, Any] = {
    "moderation": None,
    "moderation_status": None,
    "moderator": None,
    "moderation_due_on": None,
    "sealed": 0,
    "moderated_overall": None,
    "decider": None,
}


def _audit(recorded: RecordedEvent[Any]) -> str:
    return recorded.stream.partition(":")[2]


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()


class CaseAudits:
    """Projects the events of case audits and their moderation onto the register."""

    name = "case_audits"
    version = 5
    tables = (
        audit_row,
        audit_content,
        audit_correction,
        audit_exception,
        audit_typing,
        moderation_row,
    )
    by_stream = True

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        if not recorded.stream.startswith("case-audit:"):
            return ()
        return [*self._register(recorded), *exception_changes(recorded)]

    def _register(self, recorded: RecordedEvent[Any]) -> list[RowChange]:
        event = recorded.event
        if isinstance(event, audit_events.CaseAuditAllocated):
            return _allocated(recorded, event)
        if isinstance(event, audit_events.CaseAuditImported):
            return _imported(recorded, event)
        typing = isinstance(event, audit_events.TYPING)
        changed = {} if typing else _audit_values(recorded)
        if changed is None:
            return _moderation_changes(recorded)
        return [_on_audit(recorded, changed), *_content_changes(recorded)]


def _on_audit(recorded: RecordedEvent[Any], values: Values) -> RowChange:
    """Amend the audit's row with `values` and the version its stream has reached."""
    version = {"stream_version": recorded.version}
    key = (_audit(recorded),)
    if callable(values):
        return Amend(audit_row, key, lambda row: {**values(row), **version})
    return Amend(audit_row, key, {**values, **version})


def _allocated(
    recorded: RecordedEvent[Any], event: audit_events.CaseAuditAllocated
) -> list[RowChange]:
    return [
        Put(
            audit_row,
            {
                "audit": _audit(recorded),
                "opened": recorded.position,
                "stream_version": recorded.version,
                "reference": event.reference,
                "child": event.child,
                "child_key": reference_key(event.child),
                "tool": event.tool,
                "tool_version": event.tool_version,
                "auditor": event.auditor,
                "team": event.team,
                "team_name": event.team_name,
                "service": event.service,
                "service_name": event.service_name,
                "case_holder": event.case_holder,
                "mode": event.mode,
                "re_audit_of": event.re_audit_of,
                "practice_from": _iso(event.practice_from),
                "practice_to": _iso(event.practice_to),
                "first_due_on": _iso(event.due_on),
                "due_on": _iso(event.due_on),
                "status": AuditStatus.ALLOCATED.value,
                "began_by": "[]",
                "audit_date": None,
                "submitted_on": None,
                "submitted_us": None,
                "overall": None,
                **_NOT_FINAL,
                "imported": 0,
                **_NO_MODERATION,
            },
        )
    ]


def _imported(
    recorded: RecordedEvent[Any], event: audit_events.CaseAuditImported
) -> list[RowChange]:
    audit = _audit(recorded)
    row = {
        "audit": audit,
        "opened": recorded.position,
        "stream_version": recorded.version,
        "reference": event.reference,
        "child": event.child,
        "child_key": reference_key(event.child),
        "tool": event.tool,
        "tool_version": event.tool_version,
        "auditor": event.auditor,
        "team": event.team,
        "team_name": event.team_name,
        "service": event.service,
        "service_name": event.service_name,
        "case_holder": None,
        "mode": None,
        "re_audit_of": None,
        "practice_from": _iso(event.practice_from),
        "practice_to": _iso(event.practice_to),
        "first_due_on": None,
        "due_on": None,
        "status": AuditStatus.SUBMITTED.value,
        "began_by": json.dumps([event.auditor]),
        "audit_date": _iso(event.audit_date),
        "submitted_on": _iso(event.submitted_on),
        "submitted_us": microseconds(recorded.recorded_at),
        "overall": event.overall,
        **_NOT_FINAL,
        "imported": 1,
        **_NO_MODERATION,
    }
    return [
        Put(audit_row, row),
        Put(audit_content, {"audit": audit, "content": event.model_dump_json()}),
    ]


def _audit_values(recorded: RecordedEvent[Any]) -> Values | None:
    """What an event of the audit itself changes in its row; None for an event of moderation."""
    match recorded.event:
        case audit_events.CaseAuditReassigned() as event:
            return {"auditor": event.new, "status": AuditStatus.ALLOCATED.value}
        case audit_events.CaseAuditTeamChanged() as event:
            return {
                "team": event.new_team,
                "team_name": event.new_team_name,
                "service": event.new_service,
                "service_name": event.new_service_name,
            }
        case audit_events.CaseAuditExtended() as event:
            return {"due_on": _iso(event.new)}
        case audit_events.CaseAuditStarted() as event:
            return lambda row: {
                "status": AuditStatus.IN_PROGRESS.value,
                "began_by": _with(row["began_by"], event.auditor),
            }
        case audit_events.CaseAuditSubmitted() | audit_events.CaseAuditResubmitted() as event:
            submitted = {
                "status": AuditStatus.SUBMITTED.value,
                "audit_date": _iso(event.content.audit_date),
                "practice_from": _iso(event.content.practice_from),
                "practice_to": _iso(event.content.practice_to),
                "submitted_us": microseconds(recorded.recorded_at),
                "overall": event.content.overall,
            }
            return lambda row: {
                **submitted,
                "submitted_on": civil_day(recorded.recorded_at).isoformat(),
                "began_by": _with(row["began_by"], event.auditor),
            }
        case audit_events.CaseAuditCorrected() as event:
            dates = ("audit_date", "practice_from", "practice_to")
            return {event.field: _iso(event.new_date)} if event.field in dates else {}
        case audit_events.CaseAuditChoiceCorrected() as event:
            return {"overall": event.new} if event.field == "overall" else {}
        case audit_events.CaseAuditReturned():
            return {"status": AuditStatus.RETURNED.value}
        case audit_events.CaseAuditWithdrawn():
            return {"status": AuditStatus.WITHDRAWN.value}
        case audit_events.CaseAuditVoided():
            return {"status": AuditStatus.VOIDED.value}
        case audit_events.CaseAuditFinalised() as event:
            return {
                "status": AuditStatus.FINALISED.value,
                "final_grade": event.grade,
                "final_source": event.source,
                "final_rule": event.rule,
                "final_cites": json.dumps(event.cites),
                "taken_back": None,
            }
        case audit_events.CaseAuditReopened():
            was = {"taken_back": recorded.event.was}
            return {"status": AuditStatus.SUBMITTED.value, **_NOT_FINAL, **was}
        case ModerationNotSelected():
            return {"status": AuditStatus.NOT_SELECTED.value}
        case _:
            return None


def _with(began_by: str, person: str) -> str:
    people = json.loads(began_by)
    return began_by if person in people else json.dumps([*people, person])


def _content_changes(recorded: RecordedEvent[Any]) -> list[RowChange]:
    audit = _audit(recorded)
    match recorded.event:
        case audit_events.CaseAuditSubmitted() | audit_events.CaseAuditResubmitted() as event:
            content = {"audit": audit, "content": event.content.model_dump_json()}
            put = Put(audit_content, content)
            if isinstance(event, audit_events.CaseAuditSubmitted):
                return [put]
            return [put, Close(audit_correction, (audit,)), Close(audit_typing, (audit,))]
        case audit_events.CaseAuditCorrected() as event:
            corrected = _correction(audit, event.field, event.corrected_to)
            return [corrected, Close(audit_typing, (audit, event.field))]
        case audit_events.CaseAuditTypingAsked() as event:
            asked = event.model_dump() | {"audit": audit, "by": recorded.meta.by}
            return [Put(audit_typing, {**asked, "on": recorded.meta.effective_on.isoformat()})]
        case audit_events.CaseAuditTypingRefused() as event:
            return [Close(audit_typing, (audit, event.field))]
        case audit_events.CaseAuditChoiceCorrected() as event:
            return [_correction(audit, event.field, event.new)]
        case _:
            return []


def _correction(audit: str, field: str, new: str) -> RowChange:
    return Put(audit_correction, {"audit": audit, "field": field, "new": new})


def _moderation_changes(recorded: RecordedEvent[Any]) -> list[RowChange]:
    """What an event of moderation changes: its own row and the audit's row."""
    audit, event = _audit(recorded), recorded.event

    def both(
        row: Mapping[str, Any], on_audit: Values, status: ModerationStatus | None = None
    ) -> list[RowChange]:
        key = (audit, event.moderation)
        said = {} if status is None else {"status": status.value}
        return [Amend(moderation_row, key, {**row, **said}), _on_audit(recorded, on_audit)]

    match event:
        case ModerationSelected():
            row = {
                "audit": audit,
                "moderation": event.moderation,
                "selected": recorded.position,
                "status": ModerationStatus.SELECTED.value,
                "policy_version": event.policy_version,
                "reasons": json.dumps(event.reasons),
                "draw": event.draw,
                "blind": 0,
                "already_seen": 0,
                "unblinded": 0,
                "due_on": _iso(event.due_on),
                "imported": 0,
            }
            on_audit = {
                **_NO_MODERATION,
                "status": AuditStatus.MODERATION_DUE.value,
                "moderation": event.moderation,
                "moderation_status": ModerationStatus.SELECTED.value,
                "moderation_due_on": _iso(event.due_on),
            }
            return [Put(moderation_row, row), _on_audit(recorded, on_audit)]
        case ModerationAssigned():
            blind = int(event.blind and not event.already_seen)
            return both(
                {
                    "moderator": event.moderator,
                    "blind": blind,
                    "already_seen": int(event.already_seen),
                    "unblinded": 0,
                    "due_on": _iso(event.due_on),
                },
                {
                    "moderation_status": ModerationStatus.ASSIGNED.value,
                    "moderator": event.moderator,
                    "moderation_due_on": _iso(event.due_on),
                    "sealed": blind,
                },
                ModerationStatus.ASSIGNED,
            )
        case ModerationUnblinded():
            return both({"unblinded": 1}, {"sealed": 0})
        case ModerationRecorded():
            return _recorded(recorded, audit, event)
        case ModerationImported():
            return _moderation_imported(recorded, audit, event)
        case ModerationConversationHeld():
            said = event.model_dump_json(include={"held_on", "note"})
            return both({"conversation": said}, {})
        case GradeReconciled():
            return both(
                {"consensus": event.model_dump_json(exclude={"moderation"})},
                {"moderation_status": ModerationStatus.CONSENSUS.value},
                ModerationStatus.CONSENSUS,
            )
        case GradeDisputed():
            return both(
                {
                    "dispute": event.model_dump_json(exclude={"moderation"}),
                    "dispute_due_on": _iso(event.due_on),
                    "decider": None,
                },
                {
                    "moderation_status": ModerationStatus.DISPUTED.value,
                    "status": AuditStatus.DISPUTED.value,
                    "decider": None,
                },
                ModerationStatus.DISPUTED,
            )
        case DisputeAssigned():
            return both({"decider": event.decider}, {"decider": event.decider})
        case DisputeDecided():
            return both(
                {"decision": event.model_dump_json(exclude={"moderation"})},
                {"moderation_status": ModerationStatus.DECIDED.value},
                ModerationStatus.DECIDED,
            )
        case ModerationCancelled():
            because = {"ended_because": recorded.meta.reason}
            return both(because, _dropped(event.moderation), ModerationStatus.CANCELLED)
        case ModerationSuperseded():
            because = {"ended_because": event.cause}
            return both(because, _dropped(event.moderation), ModerationStatus.SUPERSEDED)
        case _:
            return []


def _dropped(moderation: str) -> Values:
    """The audit's row forgets a moderation that ended, if it is the one it shows."""

    def values(row: Mapping[str, Any]) -> Mapping[str, Any]:
        if row["moderation"] != moderation:
            return {}
        undecided = row["status"] in (AuditStatus.DIFFERS.value, AuditStatus.DISPUTED.value)
        status = {"status": AuditStatus.SUBMITTED.value} if undecided else {}
        return {**_NO_MODERATION, **status}

    return values


def _judged(overall: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    def values(row: Mapping[str, Any]) -> Mapping[str, Any]:
        agrees = row["overall"] == overall
        moderation = ModerationStatus.AGREED if agrees else ModerationStatus.DIFFERS
        return {
            "moderated_overall": overall,
            "moderation_status": moderation.value,
            "sealed": 0,
            "status": row["status"] if agrees else AuditStatus.DIFFERS.value,
        }

    return values


def _recorded(
    recorded: RecordedEvent[Any], audit: str, event: ModerationRecorded
) -> list[RowChange]:
    # Agreed or differing needs both judgements, so the moderation's own row only says recorded;
    # readers join the two overall grades.
    row = {
        "status": "recorded",
        "moderated_on": _iso(event.moderated_on),
        "settle_by": _iso(event.settle_by),
        "overall": event.overall,
        "audit_quality": event.audit_quality,
        "judgement": event.model_dump_json(
            include={"rationale", "judgements", "audit_quality_comment", "audit_version"}
        ),
    }
    return [
        Amend(moderation_row, (audit, event.moderation), row),
        _on_audit(recorded, _judged(event.overall)),
    ]


def _moderation_imported(
    recorded: RecordedEvent[Any], audit: str, event: ModerationImported
) -> list[RowChange]:
    row = {
        "audit": audit,
        "moderation": event.moderation,
        "selected": recorded.position,
        "status": "recorded",
        "reasons": "[]",
        "blind": 0,
        "already_seen": 0,
        "unblinded": 0,
        "moderator": event.moderator,
        "moderated_on": _iso(event.moderated_on),
        "overall": event.overall,
        "judgement": event.model_dump_json(include={"judgements", "stated_agreed"}),
        "imported": 1,
    }

    def on_audit(seen: Mapping[str, Any]) -> Mapping[str, Any]:
        judged = _judged(event.overall)(seen)
        return {**judged, "moderation": event.moderation, "moderator": event.moderator}

    return [Put(moderation_row, row), _on_audit(recorded, on_audit)]


PROJECTORS = (CaseAudits,)
