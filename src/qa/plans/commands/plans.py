"""Commands on improvement plans: the plan itself, its parts and groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.words import Actor
from qa.plans import decisions
from qa.plans import state as plan_state
from qa.plans.commands.rag_scales import scale_version
from qa.plans.events import PlanSource, plan_stream
from qa.plans.state import ImprovementPlan
from qa.plans.status_rules import StatusRules
from qa.store.unit import Receipt


def load_plan(work: Work, plan: str, seen: int | None = None) -> ImprovementPlan:
    """The plan, for a person who may keep it.

    Raises:
        Forbidden: the policy says no.   NotFound: no such plan.   MovedOn: stale version.
    """
    work.require("run-plan")
    return plan_beside(work, plan, seen)


def plan_beside(work: Work, plan: str, seen: int | None = None) -> ImprovementPlan:
    """The plan, which a decision on something of it needs. Raises `NotFound`, `MovedOn`."""
    state = work.unit.load(plan_stream(plan), plan_state.evolve, ImprovementPlan())
    decisions.known(state)
    if seen is not None:
        work.unit.expect(plan_stream(plan), seen)
    return state


@command
def open_plan(
    desk: Desk,
    *,
    title: str,
    board: str,
    tiers: Sequence[str],
    scale: str,
    since: date,
    rules: StatusRules | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Open a plan. `scale` is the key of a published scale. The response holds ``plan``.

    Raises:
        Refused: every fault, by field.
    """
    with desk.work(by, once=once) as work:
        work.require("run-plan")
        plan = work.new_id()
        decided = decisions.open_plan(
            plan=plan,
            title=title,
            board=board,
            tiers=tiers,
            scale=scale_version(work, scale, field="scale").key,
            since=since,
            rules=rules or StatusRules(version=1),
            today=work.today,
        )
        work.append(plan_stream(plan), *decided, effective_on=since)
        work.unit.respond(plan=plan)
    return work.receipt


@command
def adopt_scale(
    desk: Desk,
    *,
    plan: str,
    scale: str,
    since: date,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Rate actions on another scale from `since` on; ratings given stay on theirs."""
    with desk.work(by, once=once) as work:
        state = load_plan(work, plan, seen)
        key = scale_version(work, scale, field="scale").key
        decided = decisions.adopt_scale(state, scale=key, since=since)
        work.append(plan_stream(plan), *decided)
    return work.receipt


@command
def adopt_rules(
    desk: Desk,
    *,
    plan: str,
    rules: StatusRules,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Compute the status by the next version of the rules, from today on."""
    with desk.work(by, once=once) as work:
        state = load_plan(work, plan, seen)
        work.append(plan_stream(plan), *decisions.adopt_rules(state, rules=rules))
    return work.receipt


@command
def add_part(
    desk: Desk,
    *,
    plan: str,
    tier: str,
    reference: str,
    title: str,
    under: str | None = None,
    leads: Sequence[str] = (),
    sources: Sequence[PlanSource] = (),
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Add a part to a plan. The response holds ``part``."""
    with desk.work(by, once=once) as work:
        state = load_plan(work, plan, seen)
        part = work.new_id()
        decided = decisions.add_part(
            state,
            part=part,
            tier=tier,
            reference=reference,
            title=title,
            under=under,
            leads=leads,
            sources=sources,
        )
        work.append(plan_stream(plan), *decided)
        work.unit.respond(part=part)
    return work.receipt


@command
def reword_part(
    desk: Desk,
    *,
    plan: str,
    part: str,
    title: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Change the words of a part; the earlier ones stay readable."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_plan(work, plan, seen)
        decided = decisions.reword_part(state, part=part, title=title, reason=reason)
        work.append(plan_stream(plan), *decided)
    return work.receipt


@command
def lead_part(
    desk: Desk,
    *,
    plan: str,
    part: str,
    leads: Sequence[str],
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say who leads a part from now on."""
    with desk.work(by, once=once) as work:
        state = load_plan(work, plan, seen)
        work.append(plan_stream(plan), *decisions.lead_part(state, part=part, leads=leads))
    return work.receipt


@command
def route_part(
    desk: Desk,
    *,
    plan: str,
    part: str,
    board: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Hand a part to another board; it stays in the plan to be seen."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_plan(work, plan, seen)
        decided = decisions.route_part(state, part=part, board=board, reason=reason)
        work.append(plan_stream(plan), *decided)
    return work.receipt


@command
def remove_part(
    desk: Desk,
    *,
    plan: str,
    part: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Take a part without open actions out of the plan."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_plan(work, plan, seen)
        left = desk.lookups.plan_actions_open(work.unit.connection, plan, part)
        decided = decisions.remove_part(state, part=part, reason=reason, actions_open=left)
        work.append(plan_stream(plan), *decided)
    return work.receipt


@command
def form_group(
    desk: Desk,
    *,
    plan: str,
    name: str,
    lead: str,
    purpose: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Set up a task and finish group. The response holds ``group``."""
    with desk.work(by, once=once) as work:
        state = load_plan(work, plan, seen)
        group = work.new_id()
        decided = decisions.form_group(state, group=group, name=name, lead=lead, purpose=purpose)
        work.append(plan_stream(plan), *decided)
        work.unit.respond(group=group)
    return work.receipt


@command
def dissolve_group(
    desk: Desk,
    *,
    plan: str,
    group: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """End a task and finish group."""
    with desk.work(by, once=once) as work:
        state = load_plan(work, plan, seen)
        work.append(plan_stream(plan), *decisions.dissolve_group(state, group=group))
    return work.receipt


@command
def close(
    desk: Desk,
    *,
    plan: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Bring a plan to its end; everything stays readable."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_plan(work, plan, seen)
        work.append(plan_stream(plan), *decisions.close(state, reason=reason))
    return work.receipt
