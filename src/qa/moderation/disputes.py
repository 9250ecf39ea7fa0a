"""Decisions on a difference between two grades: conversation, consensus, dispute, decision.

No source settles who has the last word; here it is somebody free of both parties, and all three
grades with their reasons stay on record.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from qa.audit_tools.definition import ToolDefinition
from qa.audits.judgements import AgreedGrade, IndependenceException
from qa.audits.moderation_events import (
    DisputeAssigned,
    DisputeDecided,
    GradeDisputed,
    GradeReconciled,
    ModerationConversationHeld,
)
from qa.audits.state import CaseAudit, final_grade, moderation_of
from qa.core.clock import ENGLAND, WorkingDays, add_working_days
from qa.core.errors import Fault, NotNow, Refused
from qa.core.event import Event
from qa.core.reasons import of_substance
from qa.core.words import ModerationStatus, Role
from qa.moderation import events
from qa.moderation.events import REASON_CODES


def converse(
    audit: CaseAudit, *, moderation: str, held_on: date, note: str, today: date
) -> list[Event]:
    """Note that auditor and moderator talked their difference over."""
    found = moderation_of(audit, moderation)
    if found.status is not ModerationStatus.DIFFERS:
        raise NotNow("There is no difference to talk over.", code="no-difference")
    if held_on > today:
        raise Refused("The day must not be in the future.", field="held_on", code="date-future")
    return [ModerationConversationHeld(moderation=moderation, held_on=held_on, note=note)]


def _grade_faults(
    tool: ToolDefinition, overall: str, judgements: tuple[AgreedGrade, ...]
) -> list[Fault]:
    faults: list[Fault] = []
    if tool.overall_scale.rank(overall) is None:
        faults.append(Fault("overall", "grade-missing", "Choose the overall grade."))
    for given in judgements:
        domain = tool.domain(given.domain)
        scale = None if domain is None else tool.scale_of(domain.scale)
        if scale is None or scale.rank(given.grade) is None:
            faults.append(
                Fault(
                    f"judgements.{given.domain}.grade",
                    "grade-unknown",
                    f"{given.grade} is not a grade of this domain.",
                )
            )
    return faults


def reconcile(audit: CaseAudit, tool: ToolDefinition, agreed: GradeReconciled) -> list[Event]:
    """Record the one view that both reached; it becomes the final grade."""
    found = moderation_of(audit, agreed.moderation)
    if found.status is not ModerationStatus.DIFFERS:
        raise NotNow("There is no difference to settle.", code="no-difference")
    faults = _grade_faults(tool, agreed.overall, agreed.judgements)
    if not of_substance(agreed.rationale):
        faults.append(
            Fault("rationale", "rationale-missing", "Say how you came to the agreed grade.")
        )
    if faults:
        raise Refused(faults)
    cited = () if found.recorded_by_event is None else (found.recorded_by_event,)
    return [
        agreed,
        final_grade(agreed.overall, "consensus", "agreed-after-conversation", audit, *cited),
    ]


def dispute(
    audit: CaseAudit,
    tool: ToolDefinition,
    policy: events.ModerationPolicySet,
    *,
    moderation: str,
    dispute_id: str,
    about: tuple[str, ...],
    grounds: str,
    evidence: str,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> list[Event]:
    """Challenge the moderator's grade, naming the domains (or "overall") it is about.

    The auditor challenges it, or a moderator or QA lead refers a difference that talking did not
    settle; in each case "upheld" means that the moderator's grade does not stand.
    """
    found = moderation_of(audit, moderation)
    if found.status is not ModerationStatus.DIFFERS:
        raise NotNow("There is no difference to dispute.", code="no-difference")
    faults: list[Fault] = []
    if not about:
        faults.append(Fault("about", "about-missing", "Choose what the dispute is about."))
    for name in about:
        if name != "overall" and tool.domain(name) is None:
            faults.append(Fault("about", "domain-unknown", f"There is no domain {name}."))
    if not of_substance(grounds):
        faults.append(Fault("grounds", "grounds-missing", "Say why you challenge the grade."))
    if faults:
        raise Refused(faults)
    return [
        GradeDisputed(
            moderation=moderation,
            dispute=dispute_id,
            about=about,
            grounds=grounds,
            evidence=evidence,
            due_on=add_working_days(today, policy.decide_dispute_within_working_days, calendar),
        )
    ]


def assign_dispute(
    audit: CaseAudit,
    *,
    moderation: str,
    decider: str,
    exceptions: tuple[IndependenceException, ...],
) -> list[Event]:
    """Name who decides the dispute."""
    found = moderation_of(audit, moderation)
    if found.status is not ModerationStatus.DISPUTED or found.dispute is None:
        raise NotNow("There is no open dispute.", code="no-dispute")
    return [
        DisputeAssigned(
            moderation=moderation,
            dispute=found.dispute,
            decider=decider,
            exceptions=exceptions,
        )
    ]


def decide(
    audit: CaseAudit, tool: ToolDefinition, decision: DisputeDecided, *, by: str
) -> list[Event]:
    """Settle the dispute; the decider's grade is final and the other two stay on record."""
    found = moderation_of(audit, decision.moderation)
    if found.status is not ModerationStatus.DISPUTED:
        raise NotNow("There is no open dispute.", code="no-dispute")
    if found.decider != by:
        raise NotNow("Only the named decider settles this dispute.", code="not-decider")
    faults = _grade_faults(tool, decision.overall, decision.judgements)
    if not of_substance(decision.reasons):
        faults.append(Fault("reasons", "reasons-missing", "Give the reasons of the decision."))
    about_overall = "overall" in found.dispute_about
    if decision.outcome == "upheld" and about_overall and decision.overall == found.overall:
        faults.append(
            Fault(
                "outcome",
                "outcome-contradicts",
                "An upheld dispute cannot leave the moderator's overall grade as it was.",
            )
        )
    if decision.outcome == "not-upheld" and decision.overall not in (
        found.overall,
        audit.overall,
    ):
        faults.append(
            Fault(
                "outcome",
                "outcome-contradicts",
                "A dispute that is not upheld ends in a grade already given.",
            )
        )
    if faults:
        raise Refused(faults)
    settled = decision.model_copy(update={"dispute": found.dispute or decision.dispute})
    cited = () if found.recorded_by_event is None else (found.recorded_by_event,)
    return [
        settled,
        final_grade(decision.overall, "senior-decision", "dispute-decided", audit, *cited),
    ]


def may_decide(name: str, roles: Set[Role]) -> None:
    """Raises `Refused` for somebody who is neither moderator nor QA lead."""
    if not roles & {Role.MODERATOR, Role.QA_LEAD}:
        raise Refused(
            f"{name} is neither moderator nor QA lead.", field="decider", code="role-missing"
        )


def outcome_chosen(outcome: str, reason_code: str) -> None:
    """Raises `Refused` unless both are of the lists."""
    if outcome not in ("upheld", "partly-upheld", "not-upheld"):
        raise Refused("Choose an outcome.", field="outcome", code="outcome-missing")
    if reason_code not in REASON_CODES:
        raise Refused("Choose a reason.", field="reason_code", code="reason-missing")
