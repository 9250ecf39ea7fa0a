"""A case audit as its facts leave it: the state every decision on the stream starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from qa.audits import events as audit_events
from qa.audits.judgements import AuditContent, IndependenceException
from qa.core.errors import NotFound, NotNow
from qa.core.fact import Recorded
from qa.core.words import AuditStatus, ModerationStatus
from qa.moderation import events as moderation_events


def case_audit_stream(audit: str) -> str:
    return f"case-audit:{audit}"


@dataclass(frozen=True, slots=True)
class Moderation:
    """One moderation of the audit, as the facts leave it."""

    id: str
    status: ModerationStatus
    due_on: date | None = None
    reasons: tuple[str, ...] = ()
    moderator: str | None = None
    blind: bool = False
    unblinded: bool = False
    exceptions: tuple[IndependenceException, ...] = ()
    overall: str | None = None
    recorded_by_fact: str | None = None
    dispute: str | None = None
    dispute_about: tuple[str, ...] = ()
    dispute_due_on: date | None = None
    decider: str | None = None

    @property
    def sealed(self) -> bool:
        """Whether the auditor's judgement is closed to the moderator just now."""
        return self.status is ModerationStatus.ASSIGNED and self.blind and not self.unblinded


@dataclass(frozen=True, slots=True)
class CaseAudit:
    """A case audit as its facts leave it."""

    id: str = ""
    reference: str = ""
    child: str = ""
    tool: str = ""
    tool_version: int = 0
    auditor: str = ""
    team: str = ""
    service: str = ""
    case_holder: str | None = None
    case_manager: str | None = None
    due_on: date | None = None
    re_audit_of: str | None = None
    status: AuditStatus | None = None
    began_by: frozenset[str] = frozenset()
    content: AuditContent | None = None
    imported: audit_events.CaseAuditImported | None = None
    judged_by_fact: str = ""
    moderations: Mapping[str, Moderation] = field(default_factory=dict)
    final_grade: str | None = None
    final_source: str | None = None

    @property
    def exists(self) -> bool:
        return self.status is not None

    @property
    def overall(self) -> str | None:
        """The auditor's own overall grade."""
        if self.content is not None:
            return self.content.overall
        return None if self.imported is None else self.imported.overall

    @property
    def submitted(self) -> bool:
        return self.overall is not None

    @property
    def current_moderation(self) -> Moderation | None:
        """The moderation under way or standing: the latest neither cancelled nor superseded."""
        for moderation in reversed(list(self.moderations.values())):
            if moderation.status not in (ModerationStatus.CANCELLED, ModerationStatus.SUPERSEDED):
                return moderation
        return None

    @property
    def about(self) -> str:
        """Whose key seals this audit's free text."""
        return f"child:{self.child}"


def evolve(state: CaseAudit, recorded: Recorded[Any]) -> CaseAudit:
    match recorded.fact:
        case audit_events.CaseAuditAllocated() as fact:
            return CaseAudit(
                id=recorded.stream.partition(":")[2],
                reference=fact.reference,
                child=fact.child,
                tool=fact.tool,
                tool_version=fact.tool_version,
                auditor=fact.auditor,
                team=fact.team,
                service=fact.service,
                case_holder=fact.case_holder,
                case_manager=fact.case_manager,
                due_on=fact.due_on,
                re_audit_of=fact.re_audit_of,
                status=AuditStatus.ALLOCATED,
            )
        case audit_events.CaseAuditImported() as fact:
            return CaseAudit(
                id=recorded.stream.partition(":")[2],
                reference=fact.reference,
                child=fact.child,
                tool=fact.tool,
                tool_version=fact.tool_version,
                auditor=fact.auditor,
                team=fact.team,
                service=fact.service,
                status=AuditStatus.SUBMITTED,
                began_by=frozenset({fact.auditor}),
                imported=fact,
                judged_by_fact=recorded.meta.fact_id,
            )
        case audit_events.CaseAuditReassigned() as fact:
            return replace(state, auditor=fact.new, status=AuditStatus.ALLOCATED)
        case audit_events.CaseAuditExtended() as fact:
            return replace(state, due_on=fact.new)
        case audit_events.CaseAuditStarted() as fact:
            began = state.began_by | {fact.auditor}
            return replace(state, status=AuditStatus.IN_PROGRESS, began_by=began)
        case audit_events.CaseAuditSubmitted() | audit_events.CaseAuditResubmitted() as fact:
            return replace(
                state,
                status=AuditStatus.SUBMITTED,
                content=fact.content,
                began_by=state.began_by | {fact.auditor},
                judged_by_fact=recorded.meta.fact_id,
            )
        case audit_events.CaseAuditCorrected() as fact:
            if state.content is None:
                return state
            return replace(state, content=state.content.corrected(fact.field, fact.corrected_to))
        case audit_events.CaseAuditReturned():
            return replace(state, status=AuditStatus.RETURNED)
        case audit_events.CaseAuditWithdrawn():
            return replace(state, status=AuditStatus.WITHDRAWN)
        case audit_events.CaseAuditVoided():
            return replace(state, status=AuditStatus.VOIDED)
        case audit_events.CaseAuditFinalised() as fact:
            return replace(
                state,
                status=AuditStatus.FINALISED,
                final_grade=fact.grade,
                final_source=fact.source,
            )
        case audit_events.CaseAuditReopened():
            return replace(state, status=AuditStatus.SUBMITTED, final_grade=None, final_source=None)
        case _:
            return _evolve_moderation(state, recorded)


def _evolve_moderation(state: CaseAudit, recorded: Recorded[Any]) -> CaseAudit:
    def put(moderation: Moderation, status: AuditStatus | None = None) -> CaseAudit:
        moderations = {**state.moderations, moderation.id: moderation}
        return replace(state, moderations=moderations, status=status or state.status)

    match recorded.fact:
        case moderation_events.ModerationSelected() as fact:
            return put(
                Moderation(
                    fact.moderation,
                    ModerationStatus.SELECTED,
                    due_on=fact.due_on,
                    reasons=fact.reasons,
                ),
                AuditStatus.MODERATION_DUE,
            )
        case moderation_events.ModerationNotSelected():
            return replace(state, status=AuditStatus.NOT_SELECTED)
        case moderation_events.ModerationAssigned() as fact:
            return put(
                replace(
                    state.moderations[fact.moderation],
                    status=ModerationStatus.ASSIGNED,
                    moderator=fact.moderator,
                    blind=fact.blind and not fact.already_seen,
                    unblinded=False,
                    due_on=fact.due_on,
                    exceptions=fact.exceptions,
                )
            )
        case moderation_events.ModerationUnblinded() as fact:
            return put(replace(state.moderations[fact.moderation], unblinded=True))
        case (
            moderation_events.ModerationRecorded() | moderation_events.ModerationImported() as fact
        ):
            agrees = fact.overall == state.overall
            known = state.moderations.get(fact.moderation)
            base = known or Moderation(fact.moderation, ModerationStatus.ASSIGNED)
            return put(
                replace(
                    base,
                    status=ModerationStatus.AGREED if agrees else ModerationStatus.DIFFERS,
                    moderator=fact.moderator,
                    overall=fact.overall,
                    recorded_by_fact=recorded.meta.fact_id,
                ),
                state.status if agrees else AuditStatus.DIFFERS,
            )
        case moderation_events.GradeReconciled() as fact:
            return put(
                replace(state.moderations[fact.moderation], status=ModerationStatus.CONSENSUS)
            )
        case moderation_events.GradeDisputed() as fact:
            return put(
                replace(
                    state.moderations[fact.moderation],
                    status=ModerationStatus.DISPUTED,
                    dispute=fact.dispute,
                    dispute_about=fact.about,
                    dispute_due_on=fact.due_on,
                    decider=None,
                ),
                AuditStatus.DISPUTED,
            )
        case moderation_events.DisputeAssigned() as fact:
            return put(replace(state.moderations[fact.moderation], decider=fact.decider))
        case moderation_events.DisputeDecided() as fact:
            return put(replace(state.moderations[fact.moderation], status=ModerationStatus.DECIDED))
        case moderation_events.ModerationCancelled() as fact:
            return put(
                replace(state.moderations[fact.moderation], status=ModerationStatus.CANCELLED)
            )
        case moderation_events.ModerationSuperseded() as fact:
            return put(
                replace(state.moderations[fact.moderation], status=ModerationStatus.SUPERSEDED)
            )
        case _:
            return state


def known(audit: CaseAudit) -> None:
    """Raise `NotFound` unless the audit exists."""
    if not audit.exists:
        raise NotFound("There is no such audit.")


def standing(audit: CaseAudit) -> None:
    """Raise `NotFound` unless it exists, `NotNow` where it was withdrawn or voided."""
    known(audit)
    if audit.status in (AuditStatus.WITHDRAWN, AuditStatus.VOIDED):
        raise NotNow(f"This audit was {audit.status.label.lower()}.", code="audit-ended")


def moderation_of(audit: CaseAudit, moderation: str) -> Moderation:
    """The named moderation of a standing audit, or `NotFound`."""
    standing(audit)
    found = audit.moderations.get(moderation)
    if found is None:
        raise NotFound("There is no such moderation of this audit.")
    return found


def final_grade(
    grade: str,
    source: Literal["auditor", "moderator", "consensus", "senior-decision"],
    rule: str,
    audit: CaseAudit,
    *cites: str,
) -> audit_events.CaseAuditFinalised:
    """The fact that lets `grade` count, citing the auditor's judgement and any other."""
    return audit_events.CaseAuditFinalised(
        grade=grade, source=source, rule=rule, cites=(audit.judged_by_fact, *cites)
    )
