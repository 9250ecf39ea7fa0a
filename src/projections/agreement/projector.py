"""What each event of a case audit and of its moderation changes in the rows that are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from projections.agreement.tables import agreement_audit, agreement_domain
from projections.core.base import Amend, Close, Put, RowChange
from qa.audits import events
from qa.audits.moderation_events import (
    DisputeAssigned,
    DisputeDecided,
    GradeDisputed,
    ModerationAssigned,
    ModerationCancelled,
    ModerationImported,
    ModerationRecorded,
    ModerationSuperseded,
    ModerationUnblinded,
)
from qa.core.clock import civil_day
from qa.core.event import RecordedEvent
from qa.core.naming import reference_key

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

    Events that change nothing that is counted (extensions, selections, conversations, corrected
    texts) make no new version of a row.
    """

    name = "moderation_agreement"
    version = 3
    tables = (agreement_audit, agreement_domain)
    by_stream = True
    handles = (
        events.CaseAuditAllocated,
        events.CaseAuditReassigned,
        events.CaseAuditTeamChanged,
        events.CaseAuditSubmitted,
        events.CaseAuditResubmitted,
        events.CaseAuditImported,
        events.CaseAuditCorrected,
        events.CaseAuditChoiceCorrected,
        events.CaseAuditReturned,
        events.CaseAuditWithdrawn,
        events.CaseAuditVoided,
        events.CaseAuditFinalised,
        events.CaseAuditReopened,
        ModerationAssigned,
        ModerationUnblinded,
        ModerationRecorded,
        ModerationImported,
        GradeDisputed,
        DisputeAssigned,
        DisputeDecided,
        ModerationCancelled,
        ModerationSuperseded,
    )

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        audit = recorded.stream.partition(":")[2]
        match recorded.event:
            case events.CaseAuditAllocated() as event:
                row = {"imported": 0, "counted": 0, "state": "not submitted"}
                allocated = {"allocated_on": civil_day(recorded.recorded_at).isoformat()}
                return [Put(agreement_audit, {**_labels(audit, event), **row, **allocated})]
            case events.CaseAuditImported() as event:
                return _imported(audit, event)
            case events.CaseAuditSubmitted() | events.CaseAuditResubmitted() as event:
                return _submitted(audit, civil_day(recorded.recorded_at), event)
            case events.CaseAuditChoiceCorrected() as event:
                return _regraded(audit, event)
            case event:
                changed = _audit_values(event)
                if changed is not None:
                    return [Amend(agreement_audit, (audit,), changed)] if changed else []
                return _moderation(audit, event)


def _labels(
    audit: str, event: events.CaseAuditAllocated | events.CaseAuditImported
) -> dict[str, Any]:
    return {
        "audit": audit,
        "reference": event.reference,
        "child_key": reference_key(event.child),
        "team": event.team,
        "team_name": event.team_name,
        "service": event.service,
        "service_name": event.service_name,
        "tool": event.tool,
        "tool_version": event.tool_version,
        "auditor": event.auditor,
    }


def _imported(audit: str, event: events.CaseAuditImported) -> list[RowChange]:
    # An audit whose import was undone may be brought in again, so earlier rows are closed.
    row = {
        **_labels(audit, event),
        "imported": 1,
        "counted": 1,
        "state": "standing",
        "audit_date": event.audit_date.isoformat(),
        **_day("submitted", event.submitted_on),
        "overall": event.overall,
    }
    return [
        Put(agreement_audit, row),
        Close(agreement_domain, (audit,)),
        *(_domain(audit, judged.domain, judged.grade) for judged in event.judgements),
    ]


def _submitted(
    audit: str,
    day: date,
    event: events.CaseAuditSubmitted | events.CaseAuditResubmitted,
) -> list[RowChange]:
    values = {
        "auditor": event.auditor,
        "counted": 1,
        "state": "standing",
        "audit_date": event.content.audit_date.isoformat(),
        **_day("submitted", day),
        "overall": event.content.overall,
    }
    again = isinstance(event, events.CaseAuditResubmitted)
    return [
        Amend(agreement_audit, (audit,), values),
        *([Close(agreement_domain, (audit,))] if again else []),
        *(
            _domain(audit, judged.domain, judged.grade)
            for judged in event.content.judgements
            if judged.grade is not None
        ),
    ]


def _regraded(audit: str, event: events.CaseAuditChoiceCorrected) -> list[RowChange]:
    """A corrected grade; other choices are in no figure of agreement."""
    if event.field == "overall":
        return [Amend(agreement_audit, (audit,), {"overall": event.new})]
    first, _, rest = event.field.partition(".")
    domain, _, what = rest.partition(".")
    if first != "judgements" or what != "grade":
        return []
    return [_domain(audit, domain, event.new)]


def _domain(audit: str, domain: str, grade: str) -> RowChange:
    return Put(agreement_domain, {"audit": audit, "domain": domain, "grade": grade})


def _day(name: str, day: date | None) -> dict[str, Any]:
    """The two columns of a date: its ISO text and its ordinal."""
    if day is None:
        return {f"{name}_on": None, f"{name}_day": None}
    return {f"{name}_on": day.isoformat(), f"{name}_day": day.toordinal()}


def _audit_values(event: Any) -> Mapping[str, Any] | None:
    """What an event of the audit itself changes in its row; None for an event of moderation."""
    match event:
        case events.CaseAuditReassigned():
            return {"auditor": event.new}
        case events.CaseAuditTeamChanged():
            return {
                "team": event.new_team,
                "team_name": event.new_team_name,
                "service": event.new_service,
                "service_name": event.new_service_name,
            }
        case events.CaseAuditCorrected():
            return {"audit_date": event.corrected_to} if event.field == "audit_date" else {}
        case events.CaseAuditReturned():
            return {"counted": 0, "state": "returned"}
        case events.CaseAuditWithdrawn():
            return {"counted": 0, "state": "withdrawn"}
        case events.CaseAuditVoided():
            return {"counted": 0, "state": "voided"}
        case events.CaseAuditFinalised():
            return {"final_grade": event.grade}
        case events.CaseAuditReopened():
            return {"final_grade": None}
        case _:
            return None


def _moderation(audit: str, event: Any) -> list[RowChange]:
    def amend(**values: Any) -> RowChange:
        return Amend(agreement_audit, (audit,), values)

    match event:
        case ModerationAssigned():
            blind = int(event.blind and not event.already_seen)
            return [amend(moderation=event.moderation, moderator=event.moderator, blind=blind)]
        case ModerationUnblinded():
            return [amend(blind=0)]
        case ModerationRecorded():
            return _judged(audit, event, {})
        case ModerationImported():
            return _judged(audit, event, {"blind": None})
        case GradeDisputed():
            about = frozenset(event.about)
            return [
                amend(dispute="open", decider=None),
                Amend(
                    agreement_domain,
                    (audit,),
                    lambda row: {"disputed": 1 if row["domain"] in about else None},
                    missing_ok=True,
                ),
            ]
        case DisputeAssigned():
            return [amend(decider=event.decider)]
        case DisputeDecided():
            return [amend(dispute=event.outcome)]
        case _:
            return [
                Amend(agreement_audit, (audit,), NO_MODERATION),
                Amend(
                    agreement_domain,
                    (audit,),
                    {"moderated_grade": None, "disputed": None},
                    missing_ok=True,
                ),
            ]


def _judged(
    audit: str,
    event: ModerationRecorded | ModerationImported,
    also: Mapping[str, Any],
) -> list[RowChange]:
    values = {
        "moderation": event.moderation,
        "moderator": event.moderator,
        **_day("moderated", event.moderated_on),
        "moderated_overall": event.overall,
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
            for judged in event.judgements
            if judged.grade is not None
        ),
    ]


PROJECTORS = (ModerationAgreement,)
