"""A case audit as its events leave it: the state every decision on the stream starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from qa.audits import events as audit_events
from qa.audits import moderation_events
from qa.audits.comparison import GradesGiven
from qa.audits.judgements import AgreedGrade, AuditContent, IndependenceException
from qa.core.carry import carry
from qa.core.errors import NotFound, NotNow
from qa.core.event import RecordedEvent
from qa.core.words import AuditStatus, ModerationStatus


@dataclass(frozen=True, slots=True)
class Moderation:
    """One moderation of the audit, as the events leave it."""

    id: str
    status: ModerationStatus
    due_on: date | None = None
    reasons: tuple[str, ...] = ()
    moderator: str | None = None
    blind: bool = False
    unblinded: bool = False
    exceptions: tuple[IndependenceException, ...] = ()
    grades: GradesGiven | None = None
    recorded_by_event: str | None = None
    imported: moderation_events.ModerationImported | None = None
    dispute: str | None = None
    dispute_about: tuple[str, ...] = ()
    dispute_due_on: date | None = None
    decider: str | None = None

    @property
    def overall(self) -> str | None:
        """The moderator's own overall grade; None before they judged."""
        return None if self.grades is None else self.grades.overall

    @property
    def sealed(self) -> bool:
        """Whether the auditor's judgement is closed to the moderator just now."""
        return self.status is ModerationStatus.ASSIGNED and self.blind and not self.unblinded


@dataclass(frozen=True, slots=True)
class Typing:
    """A change said to be typing, which waits for somebody else than `by` to confirm it."""

    old: str
    new: str
    by: str


@dataclass(frozen=True, slots=True)
class CaseAudit:
    """A case audit as its events leave it. `moderated` is the content that its last moderator
    judged, or that became final, which corrections since may have changed; `typing` are changes
    that wait for confirmation, by field. `batch` is the import that brought it, `ended_in` the
    units of work that withdrew or voided it."""

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
    moderated: AuditContent | None = None
    typing: Mapping[str, Typing] = field(default_factory=dict)
    imported: audit_events.CaseAuditImported | None = None
    judged_by_event: str = ""
    moderations: Mapping[str, Moderation] = field(default_factory=dict)
    final_grade: str | None = None
    final_source: str | None = None
    final_domains: Mapping[str, str] = field(default_factory=dict)
    batch: str = ""
    ended_in: frozenset[str] = frozenset()

    @property
    def exists(self) -> bool:
        return self.status is not None

    @property
    def stands(self) -> bool:
        """Whether there is one that was neither withdrawn nor voided."""
        return self.exists and self.status not in (AuditStatus.WITHDRAWN, AuditStatus.VOIDED)

    @property
    def grades(self) -> GradesGiven | None:
        """The auditor's own grades; None before they submitted any."""
        judged = self.content or self.imported
        return None if judged is None else GradesGiven.of(judged.overall, judged.judgements)

    @property
    def overall(self) -> str | None:
        """The auditor's own overall grade, empty where the tool has none."""
        judged = self.content or self.imported
        return None if judged is None else judged.overall

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
        return sealed_under(self.id, self.child)


def sealed_under(audit: str, child: str) -> str:
    """Whose key seals an audit's free text; its own where its file names no child."""
    return f"child:{child}" if child else f"case-audit:{audit}"


def evolve(state: CaseAudit, recorded: RecordedEvent[Any]) -> CaseAudit:
    match recorded.event:
        case audit_events.CaseAuditAllocated() as event:
            return carry(
                CaseAudit, event, id=recorded.stream.partition(":")[2], status=AuditStatus.ALLOCATED
            )
        case audit_events.CaseAuditImported() as event:
            return carry(
                CaseAudit,
                event,
                id=recorded.stream.partition(":")[2],
                status=AuditStatus.SUBMITTED,
                began_by=frozenset({event.auditor}),
                imported=event,
                judged_by_event=recorded.meta.fact_id,
                batch=recorded.meta.source.batch if recorded.meta.source else state.batch,
                ended_in=state.ended_in,
            )
        case audit_events.CaseAuditImportCorrected() as event:
            assert state.imported is not None
            return replace(
                state,
                auditor=event.new.auditor,
                team=event.new.team,
                service=event.new.service,
                began_by=state.began_by | {event.new.auditor},
                imported=state.imported.model_copy(update=dict(event.new)),
            )
        case audit_events.CaseAuditReassigned() as event:
            return replace(state, auditor=event.new, status=AuditStatus.ALLOCATED)
        case audit_events.CaseAuditTeamChanged() as event:
            return replace(state, team=event.new_team, service=event.new_service)
        case audit_events.CaseAuditExtended() as event:
            return replace(state, due_on=event.new)
        case audit_events.CaseAuditStarted() as event:
            began = state.began_by | {event.auditor}
            return replace(state, status=AuditStatus.IN_PROGRESS, began_by=began)
        case audit_events.CaseAuditSubmitted() | audit_events.CaseAuditResubmitted() as event:
            return replace(
                state,
                status=AuditStatus.SUBMITTED,
                content=event.content,
                moderated=None,
                typing={},
                began_by=state.began_by | {event.auditor},
                judged_by_event=recorded.meta.fact_id,
            )
        case audit_events.CaseAuditCorrected() as event:
            if state.content is None:
                return state
            content = state.content.corrected(event.field, event.corrected_to)
            return replace(state, content=content, typing=_without(state, event.field))
        case audit_events.CaseAuditTypingAsked() as event:
            typing = Typing(event.old, event.new, recorded.meta.by)
            return replace(state, typing={**state.typing, event.field: typing})
        case audit_events.CaseAuditTypingRefused() as event:
            return replace(state, typing=_without(state, event.field))
        case audit_events.CaseAuditChoiceCorrected() as event:
            assert state.content is not None
            return replace(state, content=state.content.corrected(event.field, event.new))
        case audit_events.CaseAuditReturned():
            return replace(state, status=AuditStatus.RETURNED)
        case audit_events.CaseAuditWithdrawn() | audit_events.CaseAuditVoided() as event:
            voided = isinstance(event, audit_events.CaseAuditVoided)
            return replace(
                state,
                status=AuditStatus.VOIDED if voided else AuditStatus.WITHDRAWN,
                ended_in=state.ended_in | {recorded.meta.correlation_id},
            )
        case audit_events.CaseAuditFinalised() as event:
            return replace(
                state,
                status=AuditStatus.FINALISED,
                final_grade=event.grade,
                final_source=event.source,
                final_domains=GradesGiven.of("", event.judgements).domains,
                moderated=state.moderated or state.content,
            )
        case audit_events.CaseAuditReopened():
            return replace(
                state,
                status=AuditStatus.SUBMITTED,
                final_grade=None,
                final_source=None,
                final_domains={},
                moderated=None,
            )
        case _:
            return _evolve_moderation(state, recorded)


def _without(state: CaseAudit, field: str) -> Mapping[str, Typing]:
    return {path: typing for path, typing in state.typing.items() if path != field}


def _evolve_moderation(state: CaseAudit, recorded: RecordedEvent[Any]) -> CaseAudit:
    def put(moderation: Moderation, status: AuditStatus | None = None) -> CaseAudit:
        moderations = {**state.moderations, moderation.id: moderation}
        return replace(state, moderations=moderations, status=status or state.status)

    match recorded.event:
        case moderation_events.ModerationSelected() as event:
            return put(
                Moderation(
                    event.moderation,
                    ModerationStatus.SELECTED,
                    due_on=event.due_on,
                    reasons=event.reasons,
                ),
                AuditStatus.MODERATION_DUE,
            )
        case moderation_events.ModerationNotSelected():
            return replace(state, status=AuditStatus.NOT_SELECTED)
        case moderation_events.ModerationAssigned() as event:
            return put(
                replace(
                    state.moderations[event.moderation],
                    status=ModerationStatus.ASSIGNED,
                    moderator=event.moderator,
                    blind=event.blind and not event.already_seen,
                    unblinded=False,
                    due_on=event.due_on,
                    exceptions=event.exceptions,
                )
            )
        case moderation_events.ModerationUnblinded() as event:
            return put(replace(state.moderations[event.moderation], unblinded=True))
        case (
            moderation_events.ModerationRecorded() | moderation_events.ModerationImported() as event
        ):
            given = GradesGiven.of(event.overall, event.judgements)
            agrees = state.grades is not None and given.agrees(state.grades)
            known = state.moderations.get(event.moderation)
            base = known or Moderation(event.moderation, ModerationStatus.ASSIGNED)
            state = replace(state, moderated=state.content)
            differed = state.status is AuditStatus.DIFFERS
            return put(
                replace(
                    base,
                    status=ModerationStatus.AGREED if agrees else ModerationStatus.DIFFERS,
                    moderator=event.moderator,
                    grades=given,
                    recorded_by_event=recorded.meta.fact_id,
                    imported=event
                    if isinstance(event, moderation_events.ModerationImported)
                    else None,
                ),
                AuditStatus.DIFFERS
                if not agrees
                else AuditStatus.SUBMITTED
                if differed
                else state.status,
            )
        case moderation_events.GradeReconciled() as event:
            return put(
                replace(state.moderations[event.moderation], status=ModerationStatus.CONSENSUS)
            )
        case moderation_events.GradeDisputed() as event:
            return put(
                replace(
                    state.moderations[event.moderation],
                    status=ModerationStatus.DISPUTED,
                    dispute=event.dispute,
                    dispute_about=event.about,
                    dispute_due_on=event.due_on,
                    decider=None,
                ),
                AuditStatus.DISPUTED,
            )
        case moderation_events.DisputeAssigned() as event:
            return put(replace(state.moderations[event.moderation], decider=event.decider))
        case moderation_events.DisputeDecided() as event:
            return put(
                replace(state.moderations[event.moderation], status=ModerationStatus.DECIDED)
            )
        case moderation_events.ModerationCancelled() as event:
            return put(
                replace(state.moderations[event.moderation], status=ModerationStatus.CANCELLED)
            )
        case moderation_events.ModerationSuperseded() as event:
            return put(
                replace(state.moderations[event.moderation], status=ModerationStatus.SUPERSEDED)
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
    if audit.status is not None and not audit.stands:
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
    settled: Mapping[str, str] | None = None,
) -> audit_events.CaseAuditFinalised:
    """The event that lets `grade` count, citing the auditor's judgement and any other. Without an
    overall grade the domain grades count: the auditor's, with those that were `settled`."""
    given = {} if audit.grades is None or grade else {**audit.grades.domains, **(settled or {})}
    return audit_events.CaseAuditFinalised(
        grade=grade,
        source=source,
        rule=rule,
        cites=(audit.judged_by_event, *cites),
        judgements=tuple(AgreedGrade(domain=name, grade=one) for name, one in given.items()),
    )
