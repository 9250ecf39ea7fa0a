"""Corrections: one field that is not a judgement is put right, and old and new both stay."""

from __future__ import annotations

from datetime import date
from typing import Literal

from qa.audits import events
from qa.audits.comparison import texts
from qa.audits.judgements import AuditContent
from qa.audits.moderation_events import ModerationSuperseded
from qa.audits.state import CaseAudit, standing
from qa.core.errors import Fault, NotNow, Refused
from qa.core.event import Event
from qa.core.words import AuditStatus

DATES = ("audit_date", "practice_from", "practice_to", "feedback.on")


def correctable(content: AuditContent) -> dict[str, str]:
    """The fields a correction may touch, with their present text: never a grade or an answer."""
    barred = ("overall", "overrides.")
    return {
        path: text
        for path, text in texts(content).items()
        if not path.startswith(barred)
        and not path.endswith(".grade")
        and not path.endswith((".status", ".consent", ".domain"))
        and not (".answers." in path and not path.endswith(".comment"))
        and not path.startswith("actions.")
    }


def correct(
    audit: CaseAudit,
    *,
    field: str,
    new: str,
    kind: Literal["typo", "fact"],
    reason: str,
    today: date,
) -> list[Event]:
    """Put one field right. A grade never changes this way: that takes moderation or a dispute.

    A correction of event supersedes a moderation that is complete, because the moderator judged
    something else; a corrected typing error leaves it standing (ADR 0008).
    """
    standing(audit)
    if audit.content is None or not audit.submitted:
        raise NotNow("Only a submitted audit can be corrected.", code="not-submitted")
    allowed = correctable(audit.content)
    faults: list[Fault] = []
    if field not in allowed:
        faults.append(
            Fault(
                "field",
                "field-not-correctable",
                "This field cannot be corrected. A grade changes only through moderation or a "
                "dispute.",
            )
        )
    elif allowed[field] == new:
        faults.append(Fault("new", "no-change", "The new text is the same as the old."))
    elif not new.strip() and allowed[field].strip() and not field.endswith(".comment"):
        faults.append(Fault("new", "text-missing", "A correction cannot leave the field empty."))
    if not reason.strip():
        faults.append(Fault("reason", "reason-missing", "Say why this is corrected."))
    if not faults and field in DATES:
        faults += _date_correction_faults(audit.content, field, new, kind, today)
    if faults:
        raise Refused(faults)
    corrected: list[Event] = [
        events.CaseAuditCorrected(
            field=field,
            old=allowed[field],
            new=new,
            kind=kind,
            new_date=date.fromisoformat(new) if field in DATES else None,
        )
    ]
    if kind == "fact":
        corrected += supersede_completed(audit, cause="corrected")
    return corrected


def _date_correction_faults(
    content: AuditContent, field: str, new: str, kind: str, today: date
) -> list[Fault]:
    try:
        day = date.fromisoformat(new)
    except ValueError:
        return [Fault("new", "date-impossible", "Enter a real date, like 2026-03-31.")]
    faults: list[Fault] = []
    if kind == "typo":
        faults.append(
            Fault("kind", "date-is-fact", "A date is a matter of fact: correct it as a fact.")
        )
    if day > today:
        faults.append(Fault("new", "date-future", "The date must not be in the future."))
    dates = {
        "practice_from": content.practice_from,
        "practice_to": content.practice_to,
        "audit_date": content.audit_date,
    }
    if field in dates:
        dates[field] = day
        if not dates["practice_from"] <= dates["practice_to"] <= dates["audit_date"]:
            faults.append(
                Fault(
                    "new",
                    "dates-reversed",
                    "The practice period must begin before it ends, and end by the audit date.",
                )
            )
    return faults


def supersede_completed(
    audit: CaseAudit, *, cause: Literal["corrected", "returned", "reopened"]
) -> list[Event]:
    """Events that take completed moderations out of the rates; a final grade falls with them."""
    out: list[Event] = [
        ModerationSuperseded(moderation=moderation.id, cause=cause)
        for moderation in audit.moderations.values()
        if moderation.status.completed
    ]
    if out and audit.status is AuditStatus.FINALISED and audit.final_grade is not None:
        out.append(events.CaseAuditReopened(was=audit.final_grade))
    return out
