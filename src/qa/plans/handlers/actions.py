"""Carries out the commands on the actions of an improvement plan: agreeing them, their words,
people, evidence and links, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.event import Event
from qa.plans import action_commands, action_decisions, action_state
from qa.plans.action_events import plan_action_stream
from qa.plans.action_state import PlanAction
from qa.plans.handlers.plans import load_plan, plan_beside
from qa.plans.state import ImprovementPlan


def load_action(work: Work, action: str, verb: str = "run-plan") -> PlanAction:
    """The action, for a person who may do `verb`.

    Raises:
        Forbidden: the policy says no.   NotFound: no such action.   MovedOn: stale version.
    """
    work.require(verb)
    state = work.unit.load(plan_action_stream(action), action_state.evolve, PlanAction())
    action_state.known(state)
    work.expect_seen()
    return state


def save(
    work: Work,
    action: PlanAction,
    decided: Sequence[Event],
    *,
    reason: str | None = None,
    effective_on: date | None = None,
) -> None:
    stream = plan_action_stream(action.id)
    work.append(stream, *decided, reason=reason, effective_on=effective_on)


def _agree(
    work: Work,
    plan: ImprovementPlan,
    agreed: action_commands.Agreed,
    part: str,
    since: date,
    lineage: Sequence[str] = (),
) -> str:
    """Append a new action; its id."""
    taken = work.desk.lookups.plan_action_with_reference(
        work.unit.connection, plan.id, agreed.reference.strip()
    )
    action = work.new_id()
    decided = action_decisions.agree(
        plan,
        agreed,
        action=action,
        part=part,
        since=since,
        today=work.today,
        taken=taken is not None and taken not in lineage,
        lineage=lineage,
    )
    work.append(plan_action_stream(action), *decided, effective_on=since)
    return action


@handles(action_commands.AgreePlanAction)
def agree(command: action_commands.AgreePlanAction, work: Work) -> action_commands.PlanActionMade:
    plan = load_plan(work, command.plan)
    action = _agree(work, plan, command, command.part, command.since or work.today)
    return action_commands.PlanActionMade(action=action)


@handles(action_commands.RewordPlanAction)
def reword(command: action_commands.RewordPlanAction, work: Work) -> None:
    state = load_action(work, command.action)
    save(work, state, action_decisions.reword(state, command), reason=command.reason)


@handles(action_commands.LeadPlanAction)
def lead(command: action_commands.LeadPlanAction, work: Work) -> None:
    state = load_action(work, command.action)
    save(work, state, action_decisions.lead(state, command))


@handles(action_commands.AddPlanEvidence)
def add_evidence(
    command: action_commands.AddPlanEvidence, work: Work
) -> action_commands.PlanEvidenceMade:
    state = load_action(work, command.action)
    evidence, on = work.new_id(), command.on or work.today
    decided = action_decisions.add_evidence(
        state, command, evidence=evidence, on=on, today=work.today
    )
    save(work, state, decided, effective_on=on)
    return action_commands.PlanEvidenceMade(evidence=evidence)


@handles(action_commands.LinkPlanAction)
def link(command: action_commands.LinkPlanAction, work: Work) -> None:
    state = load_action(work, command.action)
    save(work, state, action_decisions.link(state, command))


@handles(action_commands.UnlinkPlanAction)
def unlink(command: action_commands.UnlinkPlanAction, work: Work) -> None:
    state = load_action(work, command.action)
    save(work, state, action_decisions.unlink(state, command))


@handles(action_commands.SplitPlanAction)
def split(command: action_commands.SplitPlanAction, work: Work) -> action_commands.PlanActionsMade:
    state = load_action(work, command.action)
    action_state.goes_on(state)
    plan = plan_beside(work, state.plan)
    faults = action_decisions.twice_named([each.reference.strip() for each in command.into])
    made: list[str] = []
    for at, each in enumerate(command.into):
        try:
            made.append(_agree(work, plan, each, state.part, work.today, (state.id,)))
        except Refused as refused:
            faults += [
                Fault(f"into.{at}.{fault.field}", fault.code, fault.sentence)
                for fault in refused.faults
            ]
    refuse_any(faults)
    decided = action_decisions.split(state, command, into=made)
    save(work, state, decided, reason=command.reason)
    return action_commands.PlanActionsMade(actions=tuple(made))


@handles(action_commands.MergePlanAction)
def merge(command: action_commands.MergePlanAction, work: Work) -> None:
    state = load_action(work, command.action)
    other = work.unit.load(plan_action_stream(command.into), action_state.evolve, PlanAction())
    decided = action_decisions.merge(state, command, into=other)
    save(work, state, decided, reason=command.reason)


@handles(action_commands.RoutePlanAction)
def route(command: action_commands.RoutePlanAction, work: Work) -> None:
    state = load_action(work, command.action)
    save(work, state, action_decisions.route(state, command), reason=command.reason)


@handles(action_commands.RemovePlanAction)
def remove(command: action_commands.RemovePlanAction, work: Work) -> None:
    state = load_action(work, command.action)
    save(work, state, action_decisions.remove(state, command), reason=command.reason)
