"""Decisions on moderation: select, assign, unblind, record, cancel.

Agreement is computed from two judgements, never typed. What follows a difference is decided in
`qa.moderation.disputes`; which audits are picked, in `qa.moderation.selection`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from qa.audit_tools.definition import Domain, ToolDefinition
from qa.audits.comparison import GradesGiven
from qa.audits.correction import supersede_completed
from qa.audits.judgements import IndependenceException
from qa.audits.moderation_events import (
    ModerationAssigned,
    ModerationCancelled,
    ModerationNotSelected,
    ModerationRecorded,
    ModerationSelected,
    ModerationUnblinded,
)
from qa.audits.state import CaseAudit, Moderation, final_grade, moderation_of, standing
from qa.audits.submission import overall_faults
from qa.core.carry import carry
from qa.core.clock import ENGLAND, WorkingDays, add_working_days
from qa.core.errors import Fault, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.core.reasons import of_substance
from qa.core.words import AuditStatus, ModerationStatus
from qa.moderation import events
from qa.moderation.commands import (
    AssignModeration,
    CancelModeration,
    RecordModeration,
    UnblindModeration,
)
from qa.moderation.selection import why_selected


def after_submission(
    audit: CaseAudit,
    policy: events.ModerationPolicySet,
    *,
    grades: GradesGiven,
    tool: ToolDefinition,
    submitted_before: int,
    moderation: str,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> list[Event]:
    """What follows a submission: picked with its reasons, or recorded as not picked.

    A resubmitted audit supersedes a completed moderation and asks for a new one; a moderation
    still waiting goes on with the new content.
    """
    superseded = supersede_completed(audit, cause="returned")
    if superseded:
        return [*superseded, _selected(moderation, policy, ("again",), None, today, calendar)]
    waiting = audit.current_moderation
    if waiting is not None:
        return _resumed(waiting, policy, today, calendar)
    reasons, place = why_selected(
        policy,
        audit=audit.id,
        inadequate=grades.inadequate(tool),
        outstanding=grades.outstanding(tool),
        submitted_before=submitted_before,
    )
    if reasons:
        return [_selected(moderation, policy, reasons, place, today, calendar)]
    return [ModerationNotSelected(policy_version=policy.policy_version, draw=place)]


def _resumed(
    waiting: Moderation, policy: events.ModerationPolicySet, today: date, calendar: WorkingDays
) -> list[Event]:
    """The moderation that waited while the audit was back with its author, due anew."""
    due_on = add_working_days(today, policy.moderate_within_working_days, calendar)
    out: list[Event] = [
        ModerationSelected(
            moderation=waiting.id,
            policy_version=policy.policy_version,
            reasons=waiting.reasons,
            due_on=due_on,
        )
    ]
    if waiting.moderator is not None:
        out.append(
            carry(
                ModerationAssigned,
                waiting,
                moderator=waiting.moderator,
                moderation=waiting.id,
                already_seen=waiting.unblinded,
                due_on=due_on,
            )
        )
    return out


def _selected(
    moderation: str,
    policy: events.ModerationPolicySet,
    reasons: tuple[str, ...],
    place: int | None,
    today: date,
    calendar: WorkingDays,
) -> ModerationSelected:
    return ModerationSelected(
        moderation=moderation,
        policy_version=policy.policy_version,
        reasons=reasons,
        draw=place,
        due_on=add_working_days(today, policy.moderate_within_working_days, calendar),
    )


def select(
    audit: CaseAudit,
    policy: events.ModerationPolicySet,
    *,
    moderation: str,
    today: date,
    again: bool = False,
    calendar: WorkingDays = ENGLAND,
) -> list[Event]:
    """Pick an audit by hand, or again after its moderation was superseded."""
    standing(audit)
    if not audit.submitted or audit.status is AuditStatus.RETURNED:
        raise NotNow("Only a submitted audit can be moderated.", code="not-submitted")
    current = audit.current_moderation
    if current is not None and not again:
        raise NotNow("This audit is already being moderated.", code="already-selected")
    if audit.status is AuditStatus.FINALISED and not again:
        raise NotNow(
            "The audit is finalised: reopen it before it is moderated.", code="already-finalised"
        )
    return [
        _selected(moderation, policy, ("again",) if again else ("by-hand",), None, today, calendar)
    ]


def _unjudged(audit: CaseAudit, moderation: str) -> None:
    if not moderation_of(audit, moderation).status.open:
        raise NotNow("This moderation already has its judgement.", code="already-moderated")


def _not_returned(audit: CaseAudit) -> None:
    if audit.status is AuditStatus.RETURNED:
        raise NotNow("The audit is back with its author.", code="audit-returned")


def assignable(audit: CaseAudit, moderation: str) -> None:
    """Raises `NotFound` or `NotNow` unless the moderation can be given to somebody."""
    _unjudged(audit, moderation)
    _not_returned(audit)


def assign(
    audit: CaseAudit,
    command: AssignModeration,
    *,
    blind: bool,
    already_seen: bool,
    exceptions: tuple[IndependenceException, ...],
    due_on: date,
    today: date,
) -> list[Event]:
    """Name the moderator (or another one, while no judgement is in)."""
    assignable(audit, command.moderation)
    faults = command.faults()
    if due_on < today:
        faults.append(Fault("due_on", "date-past", "The due date must not be in the past."))
    if command.moderator in audit.began_by:
        faults.append(Fault("moderator", "began-audit", "Nobody moderates an audit they began."))
    refuse_any(faults)
    return [
        ModerationAssigned(
            moderation=command.moderation,
            moderator=command.moderator,
            blind=blind,
            already_seen=already_seen,
            due_on=due_on,
            exceptions=exceptions,
        )
    ]


def unblind(audit: CaseAudit, command: UnblindModeration) -> list[Event]:
    """Open the auditor's judgement to the moderator; from then on the moderation is not blind."""
    if not moderation_of(audit, command.moderation).sealed:
        raise NotNow("This moderation is not blind.", code="not-blind")
    command.refuse_faults()
    return [ModerationUnblinded(moderation=command.moderation)]


def shown_by_a_concern(audit: CaseAudit, people: Collection[str]) -> list[Event]:
    """Whoever is told of a safeguarding concern learns who found what: none of their moderations
    of the audit is blind from then on. The child comes first, and the figure says so."""
    return [
        ModerationUnblinded(moderation=moderation.id)
        for moderation in audit.moderations.values()
        if moderation.sealed and moderation.moderator in people
    ]


def record(
    audit: CaseAudit,
    tool: ToolDefinition,
    policy: events.ModerationPolicySet,
    command: RecordModeration,
    *,
    by: str,
    audit_version: int,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> list[Event]:
    """Record the moderator's own judgement; where both come to the same, the grade is final.

    Raises:
        NotNow: the moderation has its judgement, or the audit is back with its author.
        Refused: it is somebody else's moderation; every fault of the judgement, by field.
    """
    found = moderation_of(audit, command.moderation)
    if found.moderator != by:
        sentence = "This moderation is assigned to somebody else."
        raise Refused(sentence, field="moderation", code="not-moderator")
    if found.status is not ModerationStatus.ASSIGNED:
        raise NotNow("This moderation is not waiting for a judgement.", code="already-moderated")
    _not_returned(audit)
    day = command.moderated_on or today
    refuse_any(_judgement_faults(audit, tool, command, day, today))
    given, final, settle_by = command.grades, None, None
    if audit.grades is not None and given.agrees(audit.grades):
        final = final_grade(given.overall, "auditor", "auditor-and-moderator-agree", audit)
    elif policy.moderator_is_final:
        final = final_grade(
            given.overall, "moderator", "moderator-is-final", audit, settled=given.domains
        )
    else:
        within = policy.settle_difference_within_working_days
        settle_by = add_working_days(today, within, calendar)
    judgement = ModerationRecorded(
        moderator=by,
        audit_version=audit_version,
        settle_by=settle_by,
        **{**command.model_dump(exclude={"audit"}), "moderated_on": day},
    )
    return [judgement] if final is None else [judgement, final]


def _judgement_faults(
    audit: CaseAudit, tool: ToolDefinition, judgement: RecordModeration, day: date, today: date
) -> list[Fault]:
    missing = "Choose the overall grade you would give."
    faults = [*overall_faults(judgement.overall, tool, missing), *judgement.faults()]
    judged = {given.domain for given in judgement.judgements}
    content = audit.content
    status = None if content is None else content.child_status
    for tool_domain in tool.domains:
        # Never by what the auditor graded: that would tell a blind moderator what they left out.
        if tool_domain.applies(status) and tool_domain.id not in judged:
            faults.append(_grade_missing(tool_domain))
    for given in judgement.judgements:
        at = f"judgements.{given.domain}"
        domain = tool.domain(given.domain)
        if domain is None:
            faults.append(
                Fault(at, "domain-unknown", f"{tool.title} has no domain {given.domain}.")
            )
            continue
        domain_scale = tool.scale_of(domain.scale)
        if not domain.applies(status):
            sentence = f"{domain.title} does not apply to a child with this status."
            faults.append(Fault(f"{at}.grade", "domain-does-not-apply", sentence))
        elif given.grade is None:
            if not of_substance(given.comment):
                faults.append(
                    Fault(
                        f"{at}.comment",
                        "reason-missing",
                        f"Say why you did not judge {domain.title}.",
                    )
                )
        elif not given.grade:
            faults.append(_grade_missing(domain))
        elif domain_scale is None or domain_scale.rank(given.grade) is None:
            faults.append(
                Fault(
                    f"{at}.grade",
                    "grade-unknown",
                    f"{given.grade} is not a grade of the scale that {domain.title} uses.",
                )
            )
    if judgement.audit_quality not in (None, "strong", "sound", "weak"):
        faults.append(Fault("audit_quality", "quality-unknown", "Choose strong, sound or weak."))
    if judgement.audit_quality == "weak" and not of_substance(judgement.audit_quality_comment):
        sentence = "Say what was weak about the audit itself."
        faults.append(Fault("audit_quality_comment", "comment-missing", sentence))
    if day > today:
        faults.append(Fault("moderated_on", "date-future", "The date must not be in the future."))
    elif content is not None and day < content.audit_date:
        faults.append(
            Fault("moderated_on", "date-early", "The audit had not been made on that day.")
        )
    return faults


def _grade_missing(domain: Domain) -> Fault:
    sentence = f"Choose a grade for {domain.title}, or say that you could not judge it."
    return Fault(f"judgements.{domain.id}.grade", "grade-missing", sentence)


def cancel(audit: CaseAudit, command: CancelModeration) -> list[Event]:
    """Call a moderation off before its judgement is in."""
    _unjudged(audit, command.moderation)
    command.refuse_faults()
    return [
        ModerationCancelled(moderation=command.moderation),
        ModerationNotSelected(policy_version=0),
    ]
