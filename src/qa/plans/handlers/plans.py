"""Carries out the commands on improvement plans: the plan itself, its parts and groups."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.plans import decisions
from qa.plans import state as plan_state
from qa.plans.commands import (
    AddPlanPart,
    AdoptPlanRules,
    AdoptPlanScale,
    ClosePlan,
    DissolveTaskGroup,
    FormTaskGroup,
    LeadPlanPart,
    OpenPlan,
    PlanMade,
    PlanPartMade,
    RemovePlanPart,
    RewordPlanPart,
    RoutePlanPart,
    TaskGroupMade,
)
from qa.plans.events import plan_stream
from qa.plans.handlers.rag_scales import scale_version
from qa.plans.state import ImprovementPlan


def load_plan(work: Work, plan: str) -> ImprovementPlan:
    """The plan, for a person who may keep it.

    Raises:
        Forbidden: the policy says no.   NotFound: no such plan.   MovedOn: stale version.
    """
    work.require("run-plan")
    state = plan_beside(work, plan)
    work.expect_seen()
    return state


def plan_beside(work: Work, plan: str) -> ImprovementPlan:
    """The plan, which a decision on something of it needs. Raises `NotFound`."""
    state = work.unit.load(plan_stream(plan), plan_state.evolve, ImprovementPlan())
    decisions.known(state)
    return state


@handles(OpenPlan)
def open_plan(command: OpenPlan, work: Work) -> PlanMade:
    work.require("run-plan")
    scale_version(work, command.scale)
    plan = work.new_id()
    decided = decisions.open_plan(command, plan=plan, today=work.today)
    work.append(plan_stream(plan), *decided, effective_on=command.since)
    return PlanMade(plan=plan)


@handles(AdoptPlanScale)
def adopt_scale(command: AdoptPlanScale, work: Work) -> None:
    state = load_plan(work, command.plan)
    scale_version(work, command.scale)
    work.append(plan_stream(state.id), *decisions.adopt_scale(state, command))


@handles(AdoptPlanRules)
def adopt_rules(command: AdoptPlanRules, work: Work) -> None:
    state = load_plan(work, command.plan)
    work.append(plan_stream(state.id), *decisions.adopt_rules(state, command))


@handles(AddPlanPart)
def add_part(command: AddPlanPart, work: Work) -> PlanPartMade:
    state, part = load_plan(work, command.plan), work.new_id()
    work.append(plan_stream(state.id), *decisions.add_part(state, command, part=part))
    return PlanPartMade(part=part)


@handles(RewordPlanPart)
def reword_part(command: RewordPlanPart, work: Work) -> None:
    state = load_plan(work, command.plan)
    decided = decisions.reword_part(state, command)
    work.append(plan_stream(state.id), *decided, reason=command.reason)


@handles(LeadPlanPart)
def lead_part(command: LeadPlanPart, work: Work) -> None:
    state = load_plan(work, command.plan)
    work.append(plan_stream(state.id), *decisions.lead_part(state, command))


@handles(RoutePlanPart)
def route_part(command: RoutePlanPart, work: Work) -> None:
    state = load_plan(work, command.plan)
    decided = decisions.route_part(state, command)
    work.append(plan_stream(state.id), *decided, reason=command.reason)


@handles(RemovePlanPart)
def remove_part(command: RemovePlanPart, work: Work) -> None:
    state = load_plan(work, command.plan)
    left = work.desk.lookups.plan_actions_open(work.unit.connection, state.id, command.part)
    decided = decisions.remove_part(state, command, actions_open=left)
    work.append(plan_stream(state.id), *decided, reason=command.reason)


@handles(FormTaskGroup)
def form_group(command: FormTaskGroup, work: Work) -> TaskGroupMade:
    state, group = load_plan(work, command.plan), work.new_id()
    work.append(plan_stream(state.id), *decisions.form_group(state, command, group=group))
    return TaskGroupMade(group=group)


@handles(DissolveTaskGroup)
def dissolve_group(command: DissolveTaskGroup, work: Work) -> None:
    state = load_plan(work, command.plan)
    work.append(plan_stream(state.id), *decisions.dissolve_group(state, command))


@handles(ClosePlan)
def close(command: ClosePlan, work: Work) -> None:
    state = load_plan(work, command.plan)
    work.append(plan_stream(state.id), *decisions.close(state, command), reason=command.reason)
