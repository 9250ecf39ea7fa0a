"""What each event of a moderation changes: its own row, and the row of its audit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from projections.audits.tables import AUDITS, MODERATIONS, AuditRow, ModerationRow
from projections.core.base import RowChange
from projections.core.typed_rows import JsonText
from qa.audits import moderation_events
from qa.audits.comparison import GradesGiven
from qa.core.event import RecordedEvent
from qa.core.words import AuditStatus, ModerationStatus

NOT_FINAL: Mapping[str, Any] = {
    "final_grade": None,
    "final_grades": None,
    "final_source": None,
    "final_rule": None,
    "final_cites": None,
}
NO_MODERATION: Mapping[str, Any] = {
    "moderation": None,
    "moderation_status": None,
    "moderator": None,
    "moderation_due_on": None,
    "sealed": 0,
    "moderated_overall": None,
    "moderated_grades": None,
    "decider": None,
}


OnAudit = Mapping[str, Any] | Callable[[AuditRow], Mapping[str, Any]]
"""The columns of the audit's row that an event changes, or how to tell them from the row."""


def audit_of(recorded: RecordedEvent[Any]) -> str:
    return recorded.stream.partition(":")[2]


def iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def on_audit_row(recorded: RecordedEvent[Any], values: OnAudit) -> RowChange:
    """Amend the audit's row with `values` and the version its stream has reached."""

    def change(row: AuditRow) -> AuditRow:
        changed = values(row) if callable(values) else values
        return row._replace(**{**changed, "stream_version": recorded.version})

    return AUDITS.amend((audit_of(recorded),), change)


def moderation_changes(recorded: RecordedEvent[Any]) -> list[RowChange]:
    """What an event of moderation changes: its own row and the audit's row."""
    audit, event = audit_of(recorded), recorded.event

    def both(
        values: Mapping[str, Any], on_audit: OnAudit, status: ModerationStatus | None = None
    ) -> list[RowChange]:
        columns = values if status is None else {**values, "status": status.value}
        own = MODERATIONS.amend((audit, event.moderation), lambda row: row._replace(**columns))
        return [own, on_audit_row(recorded, on_audit)]

    match event:
        case moderation_events.ModerationSelected():
            row = MODERATIONS.row_of(
                recorded,
                selected=recorded.position,
                status=ModerationStatus.SELECTED.value,
                reasons=JsonText(json.dumps(event.reasons)),
            )
            on_audit = {
                **NO_MODERATION,
                "status": AuditStatus.MODERATION_DUE.value,
                "moderation": event.moderation,
                "moderation_status": ModerationStatus.SELECTED.value,
                "moderation_due_on": iso(event.due_on),
            }
            return [MODERATIONS.put(row), on_audit_row(recorded, on_audit)]
        case moderation_events.ModerationAssigned():
            blind = int(event.blind and not event.already_seen)
            return both(
                {
                    "moderator": event.moderator,
                    "blind": blind,
                    "already_seen": int(event.already_seen),
                    "unblinded": 0,
                    "due_on": iso(event.due_on),
                },
                {
                    "moderation_status": ModerationStatus.ASSIGNED.value,
                    "moderator": event.moderator,
                    "moderation_due_on": iso(event.due_on),
                    "sealed": blind,
                },
                ModerationStatus.ASSIGNED,
            )
        case moderation_events.ModerationUnblinded():
            return both({"unblinded": 1}, {"sealed": 0})
        case moderation_events.ModerationRecorded():
            return _recorded(recorded, audit, event)
        case moderation_events.ModerationImported():
            return _moderation_imported(recorded, audit, event)
        case moderation_events.ModerationConversationHeld():
            conversation = event.model_dump_json(include={"held_on", "note"})
            return both({"conversation": conversation}, {})
        case moderation_events.GradeReconciled():
            return both(
                {"consensus": event.model_dump_json(exclude={"moderation"})},
                {"moderation_status": ModerationStatus.CONSENSUS.value},
                ModerationStatus.CONSENSUS,
            )
        case moderation_events.GradeDisputed():
            return both(
                {
                    "dispute": event.model_dump_json(exclude={"moderation"}),
                    "dispute_due_on": iso(event.due_on),
                    "decider": None,
                },
                {
                    "moderation_status": ModerationStatus.DISPUTED.value,
                    "status": AuditStatus.DISPUTED.value,
                    "decider": None,
                },
                ModerationStatus.DISPUTED,
            )
        case moderation_events.DisputeAssigned():
            return both({"decider": event.decider}, {"decider": event.decider})
        case moderation_events.DisputeDecided():
            return both(
                {"decision": event.model_dump_json(exclude={"moderation"})},
                {"moderation_status": ModerationStatus.DECIDED.value},
                ModerationStatus.DECIDED,
            )
        case moderation_events.ModerationCancelled():
            because = {"ended_because": recorded.meta.reason}
            return both(because, _dropped(event.moderation), ModerationStatus.CANCELLED)
        case moderation_events.ModerationSuperseded():
            because = {"ended_because": event.cause}
            return both(because, _dropped(event.moderation), ModerationStatus.SUPERSEDED)
        case _:
            return []


def _dropped(moderation: str) -> OnAudit:
    """The audit's row forgets a moderation that ended, if it is the one it shows."""

    def values(row: AuditRow) -> Mapping[str, Any]:
        if row.moderation != moderation:
            return {}
        undecided = row.status in (AuditStatus.DIFFERS.value, AuditStatus.DISPUTED.value)
        status = {"status": AuditStatus.SUBMITTED.value} if undecided else {}
        return {**NO_MODERATION, **status}

    return values


def _judged(
    event: moderation_events.ModerationRecorded | moderation_events.ModerationImported,
) -> Callable[[AuditRow], Mapping[str, Any]]:
    given = GradesGiven.of(event.overall, event.judgements)

    def values(row: AuditRow) -> Mapping[str, Any]:
        agrees = given.agrees(row.grades_given)
        moderation = ModerationStatus.AGREED if agrees else ModerationStatus.DIFFERS
        return {
            "moderated_overall": event.overall,
            "moderated_grades": None if event.overall else json.dumps(given.domains),
            "moderation_status": moderation.value,
            "sealed": 0,
            "status": row.status if agrees else AuditStatus.DIFFERS.value,
        }

    return values


def _recorded(
    recorded: RecordedEvent[Any], audit: str, event: moderation_events.ModerationRecorded
) -> list[RowChange]:
    # Agreed or differing needs both judgements, so the moderation's own row only says recorded;
    # readers join the grades of the two.
    row: Mapping[str, Any] = {
        "status": "recorded",
        "moderated_on": iso(event.moderated_on),
        "settle_by": iso(event.settle_by),
        "overall": event.overall,
        "audit_quality": event.audit_quality,
        "judgement": event.model_dump_json(
            include={"rationale", "judgements", "audit_quality_comment", "audit_version"}
        ),
    }
    return [
        MODERATIONS.amend((audit, event.moderation), lambda own: own._replace(**row)),
        on_audit_row(recorded, _judged(event)),
    ]


_STATED = {"judgements", "stated_agreed", "reference", "moderator_as_written"}


def _moderation_imported(
    recorded: RecordedEvent[Any], audit: str, event: moderation_events.ModerationImported
) -> list[RowChange]:
    row = ModerationRow(
        audit=audit,
        moderation=event.moderation,
        selected=recorded.position,
        status="recorded",
        moderator=event.moderator,
        moderated_on=iso(event.moderated_on),
        overall=event.overall,
        judgement=JsonText(event.model_dump_json(include=_STATED)),
        imported=1,
    )

    def on_audit(seen: AuditRow) -> Mapping[str, Any]:
        judged = _judged(event)(seen)
        return {**judged, "moderation": event.moderation, "moderator": event.moderator}

    return [MODERATIONS.put(row), on_audit_row(recorded, on_audit)]
