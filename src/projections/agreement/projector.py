"""What each fact of a case audit and of its moderation changes in the rows that are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from projections.agreement.tables import agreement_audit, agreement_domain
from projections.core.base import Amend, Close, Put, RowChange
from qa.audits import events as audit_events
from qa.core.clock import civil_day
from qa.core.fact import Recorded
from qa.moderation import events as moderation_events

NO_MODERATION: Mapping[str, Any] = {
    "moderation": None,
    "moderator": None,
    "decider": None,
    "blind": None,
    "moderated_on": None,
    "moderated_day": None,
    "moderated_overall": None,
    "dispute": None,
}


class ModerationAgreement:
    """Projects case audits and their moderation onto the rows of the two reports on grades.

    Facts that change nothing that is counted (extensions, selections, conversations, corrected
    texts) make no new version of a row.
    """

    name = "moderation_agreement"
    version = 1
    tables = (agreement_audit, agreement_domain)
    by_stream = True
    handles = (
        audit_events.CaseAuditAllocated,
        audit_events.CaseAuditReassigned,
        audit_events.CaseAuditSubmitted,
        audit_events.CaseAuditResubmitted,
        audit_events.CaseAuditImported,
        audit_events.CaseAuditCorrected,
        audit_events.CaseAuditReturned,
        audit_events.CaseAuditWithdrawn,
        audit_events.CaseAuditVoided,
        audit_events.CaseAuditFinalised,
        audit_events.CaseAuditReopened,
        moderation_events.ModerationAssigned,
        moderation_events.ModerationUnblinded,
        moderation_events.ModerationRecorded,
        moderation_events.ModerationImported,
        moderation_events.GradeDisputed,
        moderation_events.DisputeAssigned,
        moderation_events.DisputeDecided,
        moderation_events.ModerationCancelled,
        moderation_events.ModerationSuperseded,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[RowChange]:
        audit = recorded.stream.partition(":")[2]
        match recorded.fact:
            case audit_events.CaseAuditAllocated() as fact:
                row = {"imported": 0, "counted": 0, "state": "not submitted"}
                allocated = {"allocated_on": civil_day(recorded.recorded_at).isoformat()}
                return [Put(agreement_audit, {**_labels(audit, fact), **row, **allocated})]
            case audit_events.CaseAuditImported() as fact:
                return _imported(audit, fact)
            case audit_events.CaseAuditSubmitted() | audit_events.CaseAuditResubmitted() as fact:
                return _submitted(audit, civil_day(recorded.recorded_at), fact)
            case fact:
                changed = _audit_values(fact)
                if changed is not None:
                    return [Amend(agreement_audit, (audit,), changed)] if changed else []
                return _moderation(audit, fact)


def _labels(
    audit: str, fact: audit_events.CaseAuditAllocated | audit_events.CaseAuditImported
) -> dict[str, Any]:
    return {
        "audit": audit,
        "reference": fact.reference,
        "team": fact.team,
        "team_name": fact.team_name,
        "service": fact.service,
        "service_name": fact.service_name,
        "tool": fact.tool,
        "tool_version": fact.tool_version,
        "auditor": fact.auditor,
    }


def _imported(audit: str, fact: audit_events.CaseAuditImported) -> list[RowChange]:
    # An audit whose import was undone may be brought in again, so earlier rows are closed.
    row = {
        **_labels(audit, fact),
        "imported": 1,
        "counted": 1,
        "state": "standing",
        "audit_date": fact.audit_date.isoformat(),
        **_day("submitted", fact.submitted_on),
        "overall": fact.overall,
    }
    return [
        Put(agreement_audit, row),
        Close(agreement_domain, (audit,)),
        *(_domain(audit, judged.domain, judged.grade) for judged in fact.judgements),
    ]


def _submitted(
    audit: str, day: date, fact: audit_events.CaseAuditSubmitted | audit_events.CaseAuditResubmitted
) -> list[RowChange]:
    values = {
        "auditor": fact.auditor,
        "counted": 1,
        "state": "standing",
        "audit_date": fact.content.audit_date.isoformat(),
        **_day("submitted", day),
        "overall": fact.content.overall,
    }
    again = isinstance(fact, audit_events.CaseAuditResubmitted)
    return [
        Amend(agreement_audit, (audit,), values),
        *([Close(agreement_domain, (audit,))] if again else []),
        *(
            _domain(audit, judged.domain, judged.grade)
            for judged in fact.content.judgements
            if judged.grade is not None
        ),
    ]


def _domain(audit: str, domain: str, grade: str) -> RowChange:
    return Put(agreement_domain, {"audit": audit, "domain": domain, "grade": grade})


def _day(name: str, day: date | None) -> dict[str, Any]:
    """The two columns of a date: its ISO text and its ordinal."""
    if day is None:
        return {f"{name}_on": None, f"{name}_day": None}
    return {f"{name}_on": day.isoformat(), f"{name}_day": day.toordinal()}


def _audit_values(fact: Any) -> Mapping[str, Any] | None:
    """What a fact of the audit itself changes in its row; None for a fact of moderation."""
    match fact:
        case audit_events.CaseAuditReassigned():
            return {"auditor": fact.new}
        case audit_events.CaseAuditCorrected():
            return {"audit_date": fact.corrected_to} if fact.field == "audit_date" else {}
        case audit_events.CaseAuditReturned():
            return {"counted": 0, "state": "returned"}
        case audit_events.CaseAuditWithdrawn():
            return {"counted": 0, "state": "withdrawn"}
        case audit_events.CaseAuditVoided():
            return {"counted": 0, "state": "voided"}
        case audit_events.CaseAuditFinalised():
            return {"final_grade": fact.grade}
        case audit_events.CaseAuditReopened():
            return {"final_grade": None}
        case _:
            return None


def _moderation(audit: str, fact: Any) -> list[RowChange]:
    def amend(**values: Any) -> RowChange:
        return Amend(agreement_audit, (audit,), values)

    match fact:
        case moderation_events.ModerationAssigned():
            blind = int(fact.blind and not fact.already_seen)
            return [amend(moderation=fact.moderation, moderator=fact.moderator, blind=blind)]
        case moderation_events.ModerationUnblinded():
            return [amend(blind=0)]
        case moderation_events.ModerationRecorded():
            return _judged(audit, fact, {})
        case moderation_events.ModerationImported():
            return _judged(audit, fact, {"blind": None})
        case moderation_events.GradeDisputed():
            return [amend(dispute="open", decider=None)]
        case moderation_events.DisputeAssigned():
            return [amend(decider=fact.decider)]
        case moderation_events.DisputeDecided():
            return [amend(dispute=fact.outcome)]
        case _:
            return [
                Amend(agreement_audit, (audit,), NO_MODERATION),
                Amend(agreement_domain, (audit,), {"moderated_grade": None}, missing_ok=True),
            ]


def _judged(
    audit: str,
    fact: moderation_events.ModerationRecorded | moderation_events.ModerationImported,
    also: Mapping[str, Any],
) -> list[RowChange]:
    values = {
        "moderation": fact.moderation,
        "moderator": fact.moderator,
        **_day("moderated", fact.moderated_on),
        "moderated_overall": fact.overall,
        **also,
    }
    # A domain that the auditor did not grade has no row, and is not compared.
    return [
        Amend(agreement_audit, (audit,), values),
        *(
            Amend(
                agreement_domain,
                (audit, judged.domain),
                {"moderated_grade": judged.grade},
                missing_ok=True,
            )
            for judged in fact.judgements
            if judged.grade is not None
        ),
    ]
