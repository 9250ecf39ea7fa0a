"""Decisions on a difference between two grades: conversation, consensus, dispute, decision.

No source settles who has the last word; here it is somebody free of both parties, and all three
grades with their reasons stay on record.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from qa.audit_tools.definition import ToolDefinition
from qa.audits.judgements import IndependenceException
from qa.audits.moderation_events import (
    DisputeAssigned,
    DisputeDecided,
    GradeDisputed,
    GradeReconciled,
    ModerationConversationHeld,
)
from qa.audits.state import CaseAudit, Moderation, final_grade, moderation_of
from qa.core.clock import ENGLAND, WorkingDays, add_working_days
from qa.core.errors import Fault, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.core.words import ModerationStatus, Role
from qa.moderation.commands import (
    AssignDispute,
    DecideDispute,
    DisputeGrade,
    ReconcileGrade,
    RecordConversation,
)
from qa.moderation.events import ModerationPolicySet


def _differing(audit: CaseAudit, moderation: str, what: str) -> Moderation:
    found = moderation_of(audit, moderation)
    if found.status is not ModerationStatus.DIFFERS:
        raise NotNow(f"There is no difference to {what}.", code="no-difference")
    return found


def converse(audit: CaseAudit, command: RecordConversation, *, today: date) -> list[Event]:
    """Note that auditor and moderator talked their difference over."""
    _differing(audit, command.moderation, "talk over")
    command.refuse_faults()
    if command.held_on > today:
        raise Refused("The day must not be in the future.", field="held_on", code="date-future")
    return [
        ModerationConversationHeld(
            moderation=command.moderation, held_on=command.held_on, note=command.note
        )
    ]


def _grade_faults(tool: ToolDefinition, settled: ReconcileGrade | DecideDispute) -> list[Fault]:
    faults = settled.faults()
    if tool.overall_scale.rank(settled.overall) is None:
        faults.append(Fault("overall", "grade-missing", "Choose the overall grade."))
    for given in settled.judgements:
        domain = tool.domain(given.domain)
        scale = None if domain is None else tool.scale_of(domain.scale)
        if scale is None or scale.rank(given.grade) is None:
            at, sentence = given.domain, f"{given.grade} is not a grade of this domain."
            faults.append(Fault(f"judgements.{at}.grade", "grade-unknown", sentence))
    return faults


def reconcile(audit: CaseAudit, tool: ToolDefinition, command: ReconcileGrade) -> list[Event]:
    """Record the one view that both reached; it becomes the final grade."""
    found = _differing(audit, command.moderation, "settle")
    refuse_any(_grade_faults(tool, command))
    cited = () if found.recorded_by_event is None else (found.recorded_by_event,)
    return [
        GradeReconciled(**command.model_dump(exclude={"audit"})),
        final_grade(command.overall, "consensus", "agreed-after-conversation", audit, *cited),
    ]


def dispute(
    audit: CaseAudit,
    tool: ToolDefinition,
    policy: ModerationPolicySet,
    command: DisputeGrade,
    *,
    dispute_id: str,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> list[Event]:
    """Challenge the moderator's grade, naming the domains (or "overall") it is about.

    The auditor challenges it, or a moderator or QA lead refers a difference that talking did not
    settle; in each case "upheld" means that the moderator's grade does not stand.
    """
    _differing(audit, command.moderation, "dispute")
    faults = command.faults()
    for name in command.about:
        if name != "overall" and tool.domain(name) is None:
            faults.append(Fault("about", "domain-unknown", f"There is no domain {name}."))
    refuse_any(faults)
    return [
        GradeDisputed(
            **command.model_dump(exclude={"audit"}),
            dispute=dispute_id,
            due_on=add_working_days(today, policy.decide_dispute_within_working_days, calendar),
        )
    ]


def disputed(audit: CaseAudit, moderation: str) -> Moderation:
    """The moderation whose dispute is open. Raises `NotFound` or `NotNow`."""
    found = moderation_of(audit, moderation)
    if found.status is not ModerationStatus.DISPUTED or found.dispute is None:
        raise NotNow("There is no open dispute.", code="no-dispute")
    return found


def assign_dispute(
    audit: CaseAudit, command: AssignDispute, *, exceptions: tuple[IndependenceException, ...]
) -> list[Event]:
    """Name who decides the dispute."""
    found = disputed(audit, command.moderation)
    return [
        DisputeAssigned(
            moderation=found.id,
            dispute=found.dispute or "",
            decider=command.decider,
            exceptions=exceptions,
        )
    ]


def decide(
    audit: CaseAudit, tool: ToolDefinition, command: DecideDispute, *, by: str
) -> list[Event]:
    """Settle the dispute; the decider's grade is final and the other two stay on record."""
    found = disputed(audit, command.moderation)
    if found.decider != by:
        raise NotNow("Only the named decider settles this dispute.", code="not-decider")
    faults = _grade_faults(tool, command)
    overall, about_overall = command.overall, "overall" in found.dispute_about
    if command.outcome == "upheld" and about_overall and overall == found.overall:
        sentence = "An upheld dispute cannot leave the moderator's overall grade as it was."
        faults.append(Fault("outcome", "outcome-contradicts", sentence))
    if command.outcome == "not-upheld" and overall not in (found.overall, audit.overall):
        sentence = "A dispute that is not upheld ends in a grade already given."
        faults.append(Fault("outcome", "outcome-contradicts", sentence))
    refuse_any(faults)
    cited = () if found.recorded_by_event is None else (found.recorded_by_event,)
    return [
        DisputeDecided(dispute=found.dispute or "", **command.model_dump(exclude={"audit"})),
        final_grade(overall, "senior-decision", "dispute-decided", audit, *cited),
    ]


def may_decide(name: str, roles: Set[Role]) -> None:
    """Raises `Refused` for somebody who is neither moderator nor QA lead."""
    if not roles & {Role.MODERATOR, Role.QA_LEAD}:
        raise Refused(
            f"{name} is neither moderator nor QA lead.", field="decider", code="role-missing"
        )
