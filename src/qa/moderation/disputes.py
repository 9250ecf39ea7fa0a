"""Decisions on a difference between two grades: conversation, consensus, dispute, decision.

No source settles who has the last word; here it is somebody free of both parties, and all three
grades with their reasons stay on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date

from qa.audit_tools.definition import ToolDefinition
from qa.audits.comparison import GradesGiven
from qa.audits.judgements import IndependenceException
from qa.audits.moderation_events import (
    DisputeAssigned,
    DisputeDecided,
    GradeDisputed,
    GradeReconciled,
    ModerationConversationHeld,
)
from qa.audits.state import CaseAudit, Moderation, final_grade, moderation_of
from qa.audits.submission import overall_faults
from qa.core.carry import carry
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
    return [carry(ModerationConversationHeld, command)]


def _grade_faults(
    audit: CaseAudit,
    found: Moderation,
    tool: ToolDefinition,
    settled: ReconcileGrade | DecideDispute,
) -> list[Fault]:
    faults = [*overall_faults(settled.overall, tool, "Choose the overall grade.")]
    faults += settled.faults()
    for given in settled.judgements:
        domain = tool.domain(given.domain)
        scale = None if domain is None else tool.scale_of(domain.scale)
        if scale is None or scale.rank(given.grade) is None:
            at, sentence = given.domain, f"{given.grade} is not a grade of this domain."
            faults.append(Fault(f"judgements.{at}.grade", "grade-unknown", sentence))
    named = {one.domain for one in settled.judgements}
    if not tool.has_overall and audit.grades is not None and found.grades is not None:
        for name in audit.grades.differing(found.grades):
            if name not in named:
                title = domain.title if (domain := tool.domain(name)) is not None else name
                sentence = f"Choose the grade of {title} that counts."
                faults.append(Fault(f"judgements.{name}.grade", "grade-missing", sentence))
    return faults


def _settled(command: ReconcileGrade | DecideDispute) -> Mapping[str, str]:
    return GradesGiven.of(command.overall, command.judgements).domains


def reconcile(audit: CaseAudit, tool: ToolDefinition, command: ReconcileGrade) -> list[Event]:
    """Record the one view that both reached; it becomes the final grade."""
    found = _differing(audit, command.moderation, "settle")
    refuse_any(_grade_faults(audit, found, tool, command))
    cited = () if found.recorded_by_event is None else (found.recorded_by_event,)
    final = final_grade(
        command.overall,
        "consensus",
        "agreed-after-conversation",
        audit,
        *cited,
        settled=_settled(command),
    )
    return [GradeReconciled(**command.model_dump(exclude={"audit"})), final]


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
        if tool.domain(name) is None and not (name == "overall" and tool.has_overall):
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
        raise NotNow(
            "Only the person who was named to decide this dispute can do so.", code="not-decider"
        )
    faults = _grade_faults(audit, found, tool, command)
    if contradiction := _contradiction(audit, found, command):
        faults.append(Fault("outcome", "outcome-contradicts", contradiction))
    refuse_any(faults)
    cited = () if found.recorded_by_event is None else (found.recorded_by_event,)
    final = final_grade(
        command.overall,
        "senior-decision",
        "dispute-decided",
        audit,
        *cited,
        settled=_settled(command),
    )
    return [
        DisputeDecided(dispute=found.dispute or "", **command.model_dump(exclude={"audit"})),
        final,
    ]


def _contradiction(audit: CaseAudit, found: Moderation, command: DecideDispute) -> str:
    """Why the grades that are settled go against the outcome; empty where they do not.

    What the dispute is about must have moved where it is upheld: the overall grade where that is
    disputed, else the domains. It stays as the moderator graded it where it is not upheld; a
    domain that the moderator left ungraded has no such grade and keeps the auditor's.
    """
    if audit.grades is None or found.grades is None:
        return ""
    settled, moderated, audited = _settled(command), found.grades.domains, audit.grades.domains
    about = [name for name in found.dispute_about if name in settled]
    overall_stays = command.overall == found.overall
    if "overall" in found.dispute_about:
        what, stays, kept = "overall grade as it was", overall_stays, overall_stays
    else:
        what, kept = "grades as they were", True
        stays = bool(about) and all(settled[name] == moderated.get(name) for name in about)
    kept = kept and all(settled[name] == moderated.get(name, settled[name]) for name in about)
    already = command.overall in ("", found.overall, audit.overall) and all(
        grade in (moderated.get(name), audited.get(name)) for name, grade in settled.items()
    )
    if command.outcome == "upheld" and stays:
        return f"An upheld dispute cannot leave the moderator's {what}."
    if command.outcome == "not-upheld" and not kept:
        return "Where the dispute is not upheld, the moderator's grade stands. Choose that grade."
    if command.outcome == "not-upheld" and not already:
        return "A dispute that is not upheld ends in a grade already given."
    return ""


def may_decide(name: str, roles: Set[Role]) -> None:
    """Raises `Refused` for somebody who is neither moderator nor QA lead."""
    if not roles & {Role.MODERATOR, Role.QA_LEAD}:
        raise Refused(
            f"{name} is neither moderator nor QA lead.", field="decider", code="role-missing"
        )
