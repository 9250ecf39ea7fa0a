"""Carries out the commands on what is said of an action over time: its reviews, its dates, its
success measures."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.plans import assessments, decisions, rescheduling, success_measures
from qa.plans.action_commands import (
    AcceptPlanAssessment,
    ApprovePlanDates,
    AskPlanDates,
    AssessPlanAction,
    ChallengePlanAssessment,
    PlanAssessmentMade,
    PlanDatesRequestMade,
    RefusePlanDates,
    ReportSuccessMeasure,
    SetSuccessMeasure,
    SuccessMeasureMade,
    SuccessMeasureReportMade,
    WithdrawPlanAssessment,
    WithdrawSuccessMeasure,
)
from qa.plans.handlers.actions import load_action, save
from qa.plans.handlers.plans import plan_beside
from qa.plans.handlers.rag_scales import scale_version


@handles(AssessPlanAction)
def assess(command: AssessPlanAction, work: Work) -> PlanAssessmentMade:
    state = load_action(work, command.action)
    plan, day = plan_beside(work, state.plan), command.as_at or work.today
    assessment = work.new_id()
    decided = assessments.assess(
        state,
        command,
        assessment=assessment,
        as_at=day,
        today=work.today,
        scale=scale_version(work, decisions.scale_on(plan, day)),
    )
    save(work, state, decided, reason=command.reason, effective_on=day)
    return PlanAssessmentMade(assessment=assessment)


@handles(WithdrawPlanAssessment)
def withdraw(command: WithdrawPlanAssessment, work: Work) -> None:
    state = load_action(work, command.action)
    save(work, state, assessments.withdraw(state, command), reason=command.reason)


@handles(AcceptPlanAssessment)
def accept(command: AcceptPlanAssessment, work: Work) -> None:
    state = load_action(work, command.action)
    plan = plan_beside(work, state.plan)
    save(work, state, assessments.accept(state, plan, command, by=work.by.person))


@handles(ChallengePlanAssessment)
def challenge(command: ChallengePlanAssessment, work: Work) -> None:
    state = load_action(work, command.action)
    plan = plan_beside(work, state.plan)
    decided = assessments.challenge(state, plan, command, by=work.by.person)
    save(work, state, decided, reason=command.reason)


@handles(AskPlanDates)
def ask_for_dates(command: AskPlanDates, work: Work) -> PlanDatesRequestMade:
    state, request = load_action(work, command.action), work.new_id()
    decided = rescheduling.ask(state, command, request=request)
    save(work, state, decided, reason=command.reason)
    return PlanDatesRequestMade(request=request)


@handles(ApprovePlanDates)
def approve_dates(command: ApprovePlanDates, work: Work) -> None:
    state = load_action(work, command.action, "approve-reschedule")
    save(work, state, rescheduling.approve(state, command, by=work.by.person))


@handles(RefusePlanDates)
def refuse_dates(command: RefusePlanDates, work: Work) -> None:
    state = load_action(work, command.action, "approve-reschedule")
    decided = rescheduling.refuse(state, command, by=work.by.person)
    save(work, state, decided, reason=command.reason)


@handles(SetSuccessMeasure)
def set_measure(command: SetSuccessMeasure, work: Work) -> SuccessMeasureMade:
    state, measure = load_action(work, command.action), work.new_id()
    save(work, state, success_measures.set_measure(state, command, measure=measure))
    return SuccessMeasureMade(measure=measure)


@handles(WithdrawSuccessMeasure)
def withdraw_measure(command: WithdrawSuccessMeasure, work: Work) -> None:
    state = load_action(work, command.action)
    save(work, state, success_measures.withdraw_measure(state, command), reason=command.reason)


@handles(ReportSuccessMeasure)
def report_measure(command: ReportSuccessMeasure, work: Work) -> SuccessMeasureReportMade:
    state, report = load_action(work, command.action), work.new_id()
    save(work, state, success_measures.report(state, command, report=report))
    return SuccessMeasureReportMade(report=report)
