"""Carries out the commands on improvement plans: the plan itself, its parts and groups."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.plans import commands, decisions
from qa.plans import state as plan_state
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


@handles(commands.OpenPlan)
def open_plan(command: commands.OpenPlan, work: Work) -> commands.PlanMade:
    work.require("run-plan")
    scale_version(work, command.scale)
    plan = work.new_id()
    decided = decisions.open_plan(command, plan=plan, today=work.today)
    work.append(plan_stream(plan), *decided, effective_on=command.since)
    return commands.PlanMade(plan=plan)


@handles(commands.AdoptPlanScale)
def adopt_scale(command: commands.AdoptPlanScale, work: Work) -> None:
    state = load_plan(work, command.plan)
    scale_version(work, command.scale)
    work.append(plan_stream(state.id), *decisions.adopt_scale(state, command))


@handles(commands.AdoptPlanRules)
def adopt_rules(command: commands.AdoptPlanRules, work: Work) -> None:
    state = load_plan(work, command.plan)
    work.append(plan_stream(state.id), *decisions.adopt_rules(state, command))


@handles(commands.AddPlanPart)
def add_part(command: commands.AddPlanPart, work: Work) -> commands.PlanPartMade:
    state, part = load_plan(work, command.plan), work.new_id()
    work.append(plan_stream(state.id), *decisions.add_part(state, command, part=part))
    return commands.PlanPartMade(part=part)


@handles(commands.RewordPlanPart)
def reword_part(command: commands.RewordPlanPart, work: Work) -> None:
    state = load_plan(work, command.plan)
    decided = decisions.reword_part(state, command)
    work.append(plan_stream(state.id), *decided, reason=command.reason)


@handles(commands.LeadPlanPart)
def lead_part(command: commands.LeadPlanPart, work: Work) -> None:
    state = load_plan(work, command.plan)
    work.append(plan_stream(state.id), *decisions.lead_part(state, command))


@handles(commands.RoutePlanPart)
def route_part(command: commands.RoutePlanPart, work: Work) -> None:
    state = load_plan(work, command.plan)
    decided = decisions.route_part(state, command)
    work.append(plan_stream(state.id), *decided, reason=command.reason)


@handles(commands.RemovePlanPart)
def remove_part(command: commands.RemovePlanPart, work: Work) -> None:
    state = load_plan(work, command.plan)
    left = work.desk.lookups.plan_actions_open(work.unit.connection, state.id, command.part)
    decided = decisions.remove_part(state, command, actions_open=left)
    work.append(plan_stream(state.id), *decided, reason=command.reason)


@handles(commands.FormTaskGroup)
def form_group(command: commands.FormTaskGroup, work: Work) -> commands.TaskGroupMade:
    state, group = load_plan(work, command.plan), work.new_id()
    work.append(plan_stream(state.id), *decisions.form_group(state, command, group=group))
    return commands.TaskGroupMade(group=group)


@handles(commands.DissolveTaskGroup)
def dissolve_group(command: commands.DissolveTaskGroup, work: Work) -> None:
    state = load_plan(work, command.plan)
    work.append(plan_stream(state.id), *decisions.dissolve_group(state, command))


@handles(commands.ClosePlan)
def close(command: commands.ClosePlan, work: Work) -> None:
    state = load_plan(work, command.plan)
    work.append(plan_stream(state.id), *decisions.close(state, command), reason=command.reason)
