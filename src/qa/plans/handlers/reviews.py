"""Carries out the commands on what is said of an action over time: its reviews, its dates, its
success measures."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.plans import action_commands, assessments, decisions, rescheduling, success_measures
from qa.plans.handlers.actions import load_action, save
from qa.plans.handlers.plans import plan_beside
from qa.plans.handlers.rag_scales import scale_version


@handles(action_commands.AssessPlanAction)
def assess(
    command: action_commands.AssessPlanAction, work: Work
) -> action_commands.PlanAssessmentMade:
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
    return action_commands.PlanAssessmentMade(assessment=assessment)


@handles(action_commands.WithdrawPlanAssessment)
def withdraw(command: action_commands.WithdrawPlanAssessment, work: Work) -> None:
    state = load_action(work, command.action)
    save(work, state, assessments.withdraw(state, command), reason=command.reason)


@handles(action_commands.AcceptPlanAssessment)
def accept(command: action_commands.AcceptPlanAssessment, work: Work) -> None:
    state = load_action(work, command.action)
    plan = plan_beside(work, state.plan)
    save(work, state, assessments.accept(state, plan, command, by=work.by.person))


@handles(action_commands.ChallengePlanAssessment)
def challenge(command: action_commands.ChallengePlanAssessment, work: Work) -> None:
    state = load_action(work, command.action)
    plan = plan_beside(work, state.plan)
    decided = assessments.challenge(state, plan, command, by=work.by.person)
    save(work, state, decided, reason=command.reason)


@handles(action_commands.AskPlanDates)
def ask_for_dates(
    command: action_commands.AskPlanDates, work: Work
) -> action_commands.PlanDatesRequestMade:
    state, request = load_action(work, command.action), work.new_id()
    decided = rescheduling.ask(state, command, request=request)
    save(work, state, decided, reason=command.reason)
    return action_commands.PlanDatesRequestMade(request=request)


@handles(action_commands.ApprovePlanDates)
def approve_dates(command: action_commands.ApprovePlanDates, work: Work) -> None:
    state = load_action(work, command.action, "approve-reschedule")
    save(work, state, rescheduling.approve(state, command, by=work.by.person))


@handles(action_commands.RefusePlanDates)
def refuse_dates(command: action_commands.RefusePlanDates, work: Work) -> None:
    state = load_action(work, command.action, "approve-reschedule")
    decided = rescheduling.refuse(state, command, by=work.by.person)
    save(work, state, decided, reason=command.reason)


@handles(action_commands.SetSuccessMeasure)
def set_measure(
    command: action_commands.SetSuccessMeasure, work: Work
) -> action_commands.SuccessMeasureMade:
    state, measure = load_action(work, command.action), work.new_id()
    save(work, state, success_measures.set_measure(state, command, measure=measure))
    return action_commands.SuccessMeasureMade(measure=measure)


@handles(action_commands.WithdrawSuccessMeasure)
def withdraw_measure(command: action_commands.WithdrawSuccessMeasure, work: Work) -> None:
    state = load_action(work, command.action)
    save(work, state, success_measures.withdraw_measure(state, command), reason=command.reason)


@handles(action_commands.ReportSuccessMeasure)
def report_measure(
    command: action_commands.ReportSuccessMeasure, work: Work
) -> action_commands.SuccessMeasureReportMade:
    state, report = load_action(work, command.action), work.new_id()
    save(work, state, success_measures.report(state, command, report=report))
    return action_commands.SuccessMeasureReportMade(report=report)
