"""Decisions on the reviews of an action: rating it, withdrawing a rating, and what the board said.

The rating, the per cent complete and whether it makes a difference are three things; a review may
speak of any of them and must speak of something.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.core.carry import carry
from qa.core.errors import Fault, Forbidden, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.core.reasons import reason_faults
from qa.plans import action_events
from qa.plans.action_commands import (
    AcceptPlanAssessment,
    AssessPlanAction,
    ChallengePlanAssessment,
    WithdrawPlanAssessment,
)
from qa.plans.action_state import Assessment, PlanAction, goes_on
from qa.plans.rag_scale import RagScale
from qa.plans.state import ImprovementPlan


def assess(
    action: PlanAction,
    command: AssessPlanAction,
    *,
    assessment: str,
    as_at: date,
    today: date,
    scale: RagScale,
    remark: str = "",
) -> list[Event]:
    """Review the action as at a day, on the `scale` that the plan is rated on at that day.

    A second review of the same day names the one it replaces, which is then withdrawn. `remark` is
    how the source of an import puts it.

    Raises:
        NotNow: the action has ended.   Refused: every fault, by field.
    """
    goes_on(action)
    faults = _day_faults(action, as_at, today)
    faults += _level_faults(action, scale, command.level, command.evidence)
    faults += command.faults()
    answered = command.level is not None or command.percent_complete is not None
    if not answered and not command.difference and not command.commentary.strip():
        sentence = "Give a rating, a per cent complete, a difference made, or a commentary."
        faults.append(Fault("level", "assessment-empty", sentence))
    faults += [
        Fault(field, f"{field}-missing", "Enter some words: there are only spaces.")
        for field, text in (
            ("commentary", command.commentary),
            ("assessed_by", command.assessed_by),
        )
        if text and not text.strip()
    ]
    faults += _replacing_faults(action, as_at, command.replaces, command.reason or "")
    refuse_any(faults)
    withdrawn = (
        []
        if command.replaces is None
        else [action_events.PlanActionAssessmentWithdrawn(assessment=command.replaces)]
    )
    return [
        *withdrawn,
        carry(
            action_events.PlanActionAssessed,
            command,
            assessment=assessment,
            as_at=as_at,
            scale=scale.key,
            evidence=tuple(dict.fromkeys(command.evidence)),
            said=remark,
        ),
    ]


def _day_faults(action: PlanAction, as_at: date, today: date) -> list[Fault]:
    if as_at < action.since:
        sentence = f"The action began on {action.since.isoformat()}, after that day."
        return [Fault("as_at", "date-before-action", sentence)]
    if as_at > today:
        return [Fault("as_at", "date-future", "A rating is as at today or an earlier day.")]
    return []


def _level_faults(
    action: PlanAction, scale: RagScale, level: str | None, evidence: Sequence[str]
) -> list[Fault]:
    faults = [
        Fault(f"evidence.{at}", "evidence-unknown", "Choose evidence of this action.")
        for at, each in enumerate(evidence)
        if each not in action.evidence
    ]
    if level is None:
        return faults
    rag_level = scale.level(level)
    if rag_level is None:
        known = ", ".join(each.code for each in scale.levels)
        sentence = f"“{level}” is no level of {scale.name}, version {scale.version}: {known}."
        return [*faults, Fault("level", "level-unknown", sentence)]
    if rag_level.evidence and not any(action.evidence.get(each) == "impact" for each in evidence):
        sentence = f"“{rag_level.label}” owes evidence of impact: add it, and name it here."
        faults.append(Fault("evidence", "evidence-owed", sentence))
    return faults


def _replacing_faults(
    action: PlanAction, as_at: date, replaces: str | None, reason: str
) -> list[Fault]:
    same_day = [
        key
        for key, review in action.assessments.items()
        if review.as_at == as_at and not review.withdrawn
    ]
    if replaces is None:
        if not same_day:
            return reason_faults(reason, "Say why.") if reason else []
        sentence = "There is a review as at that day already. Say that this one replaces it."
        return [Fault("as_at", "assessment-same-day", sentence)]
    if replaces not in same_day:
        sentence = "What is replaced is a standing review as at the same day."
        return [Fault("replaces", "assessment-unknown", sentence)]
    return reason_faults(reason, "Say why the review is replaced.")


def assessment_of(action: PlanAction, assessment: str) -> Assessment:
    """A review that stands.

    Raises:
        NotFound: no such review.   NotNow: it was withdrawn.
    """
    review = action.assessments.get(assessment)
    if review is None:
        raise NotFound("There is no such review of this action.")
    if review.withdrawn:
        raise NotNow("This review was withdrawn already.", code="assessment-withdrawn")
    return review


def withdraw(action: PlanAction, command: WithdrawPlanAssessment) -> list[Event]:
    """Withdraw a review that was recorded by mistake; it stays readable and counts no more."""
    assessment_of(action, command.review)
    command.refuse_faults()
    return [action_events.PlanActionAssessmentWithdrawn(assessment=command.review)]


def accept(
    action: PlanAction, plan: ImprovementPlan, command: AcceptPlanAssessment, *, by: str
) -> list[Event]:
    """Record that the board accepted a rating at a meeting."""
    _before_the_board(action, plan, command, by)
    return [
        action_events.PlanActionAssessmentAccepted(
            assessment=command.review, meeting=command.meeting
        )
    ]


def challenge(
    action: PlanAction, plan: ImprovementPlan, command: ChallengePlanAssessment, *, by: str
) -> list[Event]:
    """Record that the board did not accept a rating at a meeting, and why."""
    _before_the_board(action, plan, command, by)
    command.refuse_faults()
    return [
        action_events.PlanActionAssessmentChallenged(
            assessment=command.review, meeting=command.meeting
        )
    ]


def _before_the_board(
    action: PlanAction, plan: ImprovementPlan, command: AcceptPlanAssessment, by: str
) -> None:
    """
    Raises:
        NotNow: the action has ended, the board spoke already, or it met before the review.
        Refused: no such meeting.   Forbidden: whoever gave the rating speaks for the board.
    """
    goes_on(action)
    review = assessment_of(action, command.review)
    met = plan.meetings.get(command.meeting)
    if met is None or met.state == "cancelled":
        sentence = "Choose a meeting of this plan that was called or took place."
        raise Refused(sentence, field="meeting", code="meeting-unknown")
    if review.board:
        raise NotNow(f"The board {review.board} this rating already.", code="board-spoke")
    if met.on < review.as_at:
        raise NotNow("The meeting was before that review.", code="meeting-before-assessment")
    if review.by == by:
        raise Forbidden(
            "The person who gave a rating does not record the view of the board.",
            rule="board-by-another",
        )
