"""What each event of a case audit and of its moderation changes in the rows that are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from projections.agreement.tables import (
    AGREEMENT_AUDITS,
    AGREEMENT_DOMAINS,
    JOINED_PEOPLE,
    AgreementAuditRow,
    AgreementDomainRow,
)
from projections.core.base import RowChange
from projections.figures.joined_people import JOININGS
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
from qa.people.events import PersonJoined, PersonParted

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

OF_MODERATION = (
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
"""What changes nothing but what a moderation says. No figure of the grade profile looks at that."""
OF_FINAL_GRADES = (events.CaseAuditFinalised, events.CaseAuditReopened)
"""What changes nothing but final grades. Figures on the auditor's grades do not look at those."""


class ModerationAgreement:
    """Projects case audits and their moderation onto the rows of the two reports on grades.

    Events that change nothing that is counted (extensions, selections, conversations, corrected
    texts) make no new version of a row.
    """

    name = "moderation_agreement"
    version = 7
    tables = (AGREEMENT_AUDITS.table, AGREEMENT_DOMAINS.table, JOINED_PEOPLE.table)
    by_stream = True
    handles = (
        events.CaseAuditAllocated,
        events.CaseAuditReassigned,
        events.CaseAuditTeamChanged,
        events.CaseAuditSubmitted,
        events.CaseAuditResubmitted,
        events.CaseAuditImported,
        events.CaseAuditImportCorrected,
        events.CaseAuditCorrected,
        events.CaseAuditChoiceCorrected,
        events.CaseAuditReturned,
        events.CaseAuditWithdrawn,
        events.CaseAuditVoided,
        *OF_FINAL_GRADES,
        *OF_MODERATION,
        *JOININGS,
    )

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        audit = recorded.stream.partition(":")[2]
        match recorded.event:
            case events.CaseAuditAllocated() as event:
                row = _row(audit, event, "not submitted")
                allocated = civil_day(recorded.recorded_at).isoformat()
                return [AGREEMENT_AUDITS.put(row._replace(allocated_on=allocated))]
            case events.CaseAuditImported() as event:
                return _imported(audit, event)
            case events.CaseAuditImportCorrected() as event:
                return _import_corrected(audit, event)
            case events.CaseAuditSubmitted() | events.CaseAuditResubmitted() as event:
                return _submitted(audit, civil_day(recorded.recorded_at), event)
            case events.CaseAuditChoiceCorrected() as event:
                return _regraded(audit, event)
            case events.CaseAuditFinalised() as event:
                counting = (_counts(audit, one.domain, one.grade) for one in event.judgements)
                return [_amend(audit, final_grade=event.grade), *counting]
            case events.CaseAuditReopened():
                return [_amend(audit, final_grade=None), _amend_domain(audit, final_grade=None)]
            case PersonJoined() | PersonParted():
                return [JOINED_PEOPLE.change(recorded)]
            case event:
                changed = _audit_values(event)
                if changed is not None:
                    return [_amend(audit, **changed)] if changed else []
                return _moderation(audit, event)


def _row(
    audit: str, event: events.CaseAuditAllocated | events.CaseAuditImported, state: str
) -> AgreementAuditRow:
    imported = int(isinstance(event, events.CaseAuditImported))
    return AgreementAuditRow(
        audit, event.reference, reference_key(event.child), event.team, event.team_name,
        event.service, event.service_name, event.tool, event.tool_version, event.auditor,
        imported, imported, state,
    )  # fmt: skip


def _amend(audit: str, **values: Any) -> RowChange:
    return AGREEMENT_AUDITS.amend((audit,), lambda row: row._replace(**values))


def _imported(audit: str, event: events.CaseAuditImported) -> list[RowChange]:
    # An audit whose import was undone may be brought in again, so earlier rows are closed.
    row = _row(audit, event, "standing")._replace(
        audit_date=event.audit_date.isoformat(),
        overall=event.overall,
        **_day("submitted", event.submitted_on),
    )
    return [
        AGREEMENT_AUDITS.put(row),
        AGREEMENT_DOMAINS.close(audit),
        *(_domain(audit, judged.domain, judged.grade) for judged in event.judgements),
    ]


def _import_corrected(audit: str, event: events.CaseAuditImportCorrected) -> list[RowChange]:
    new = event.new
    placed = new.model_dump(include={"auditor", "team", "team_name", "service", "service_name"})
    row = _amend(
        audit,
        **placed,
        audit_date=new.audit_date.isoformat(),
        overall=new.overall,
        **_day("submitted", new.submitted_on),
    )
    if new.judgements == event.old.judgements:
        return [row]
    graded = (_domain(audit, judged.domain, judged.grade) for judged in new.judgements)
    return [row, AGREEMENT_DOMAINS.close(audit), *graded]


def _submitted(
    audit: str,
    day: date,
    event: events.CaseAuditSubmitted | events.CaseAuditResubmitted,
) -> list[RowChange]:
    again = isinstance(event, events.CaseAuditResubmitted)
    return [
        _amend(
            audit,
            auditor=event.auditor,
            counted=1,
            state="standing",
            audit_date=event.content.audit_date.isoformat(),
            overall=event.content.overall,
            **_day("submitted", day),
        ),
        *([AGREEMENT_DOMAINS.close(audit)] if again else []),
        *(
            _domain(audit, judged.domain, judged.grade)
            for judged in event.content.judgements
            if judged.grade is not None
        ),
    ]


def _regraded(audit: str, event: events.CaseAuditChoiceCorrected) -> list[RowChange]:
    """A corrected grade; other choices are in no figure of agreement."""
    if event.field == "overall":
        return [_amend(audit, overall=event.new)]
    first, _, rest = event.field.partition(".")
    domain, _, what = rest.partition(".")
    if first != "judgements" or what != "grade":
        return []
    return [_domain(audit, domain, event.new)]


def _domain(audit: str, domain: str, grade: str) -> RowChange:
    return AGREEMENT_DOMAINS.put(AgreementDomainRow(audit, domain, grade))


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
        case _:
            return None


def _moderation(audit: str, event: Any) -> list[RowChange]:
    match event:
        case ModerationAssigned():
            blind = int(event.blind and not event.already_seen)
            named = {"moderation": event.moderation, "moderator": event.moderator}
            return [_amend(audit, **named, blind=blind)]
        case ModerationUnblinded():
            return [_amend(audit, blind=0)]
        case ModerationRecorded():
            return _judged(audit, event)
        case ModerationImported():
            return _judged(audit, event, blind=None)
        case GradeDisputed():
            about = frozenset(event.about)
            return [
                _amend(audit, dispute="open", decider=None),
                AGREEMENT_DOMAINS.amend(
                    (audit,),
                    lambda row: row._replace(disputed=1 if row.domain in about else None),
                    missing_ok=True,
                ),
            ]
        case DisputeAssigned():
            return [_amend(audit, decider=event.decider)]
        case DisputeDecided():
            return [_amend(audit, dispute=event.outcome)]
        case _:
            return [
                _amend(audit, **NO_MODERATION),
                _amend_domain(audit, moderated_grade=None, disputed=None),
            ]


def _judged(
    audit: str, event: ModerationRecorded | ModerationImported, **also: Any
) -> list[RowChange]:
    return [
        _amend(
            audit,
            moderation=event.moderation,
            moderator=event.moderator,
            moderated_overall=event.overall,
            **_day("moderated", event.moderated_on),
            **also,
        ),
        *(
            _amend_domain(audit, judged.domain, moderated_grade=judged.grade)
            for judged in event.judgements
            if judged.grade is not None
        ),
    ]


def _amend_domain(audit: str, *domain: str, **values: Any) -> RowChange:
    # A domain that the auditor did not grade has no row, and is not compared.
    return AGREEMENT_DOMAINS.amend(
        (audit, *domain), lambda row: row._replace(**values), missing_ok=True
    )


def _counts(audit: str, domain: str, grade: str) -> RowChange:
    return AGREEMENT_DOMAINS.amend(
        (audit, domain),
        lambda row: row._replace(final_grade=grade),
        otherwise=AgreementDomainRow(audit, domain, "", final_grade=grade),
    )


PROJECTORS = (ModerationAgreement,)
