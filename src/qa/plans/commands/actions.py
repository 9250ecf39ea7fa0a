"""Commands on the actions of an improvement plan: agreeing them, their words, people, evidence and
links, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.words import Actor
from qa.plans import action_decisions, action_state
from qa.plans.action_events import Agreed, LinkKind, plan_action_stream
from qa.plans.action_state import PlanAction
from qa.plans.commands.plans import load_plan, plan_beside
from qa.plans.state import ImprovementPlan
from qa.store.unit import Receipt


def load_action(
    work: Work, action: str, seen: int | None = None, verb: str = "run-plan"
) -> PlanAction:
    """The action, for a person who may do `verb`.

    Raises:
        Forbidden: the policy says no.   NotFound: no such action.   MovedOn: stale version.
    """
    work.require(verb)
    stream = plan_action_stream(action)
    state = work.unit.load(stream, action_state.evolve, PlanAction())
    action_state.known(state)
    if seen is not None:
        work.unit.expect(stream, seen)
    return state


def _agree(
    work: Work,
    plan: ImprovementPlan,
    agreed: Agreed,
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


@command
def agree(
    desk: Desk,
    *,
    plan: str,
    part: str,
    agreed: Agreed,
    since: date | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Add an action under a part of a plan. The response holds ``action``.

    Raises:
        Refused: every fault, by field.   NotFound, NotNow: the part cannot take an action.
    """
    with desk.work(by, once=once) as work:
        state = load_plan(work, plan)
        action = _agree(work, state, agreed, part, since or work.today)
        work.unit.respond(action=action)
    return work.receipt


@command
def reword(
    desk: Desk,
    *,
    action: str,
    title: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Change the words of an action; the earlier ones stay readable."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen)
        decided = action_decisions.reword(state, title=title, reason=reason)
        work.append(plan_action_stream(action), *decided)
    return work.receipt


@command
def lead(
    desk: Desk,
    *,
    action: str,
    leads: Sequence[str],
    responsible: Sequence[str] = (),
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say who leads an action, and who is responsible, from now on."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action, seen)
        decided = action_decisions.lead(state, leads=leads, responsible=responsible)
        work.append(plan_action_stream(action), *decided)
    return work.receipt


@command
def add_evidence(
    desk: Desk,
    *,
    action: str,
    of: Literal["delivery", "impact"],
    what: str,
    where: str = "",
    on: date | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Add evidence to an action. The response holds ``evidence``."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action, seen)
        evidence = work.new_id()
        day = on or work.today
        decided = action_decisions.add_evidence(
            state, evidence=evidence, of=of, what=what, where=where, on=day, today=work.today
        )
        work.append(plan_action_stream(action), *decided, effective_on=day)
        work.unit.respond(evidence=evidence)
    return work.receipt


@command
def link(
    desk: Desk,
    *,
    action: str,
    kind: LinkKind,
    to: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Link an action to what it should move, or to the audit action it answers."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action, seen)
        work.append(plan_action_stream(action), *action_decisions.link(state, kind=kind, to=to))
    return work.receipt


@command
def unlink(
    desk: Desk,
    *,
    action: str,
    kind: LinkKind,
    to: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Take a link away."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action, seen)
        work.append(plan_action_stream(action), *action_decisions.unlink(state, kind=kind, to=to))
    return work.receipt


@command
def split(
    desk: Desk,
    *,
    action: str,
    into: Sequence[Agreed],
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Split an action into new ones under the same part. The response holds ``actions``.

    Raises:
        Refused: fewer than two, or every fault of each, at ``into.<n>.<field>``.
    """
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen)
        plan = plan_beside(work, state.plan)
        faults = action_decisions.twice_named([each.reference.strip() for each in into])
        made: list[str] = []
        for at, each in enumerate(into):
            try:
                made.append(_agree(work, plan, each, state.part, work.today, (action,)))
            except Refused as refused:
                faults += [
                    Fault(f"into.{at}.{fault.field}", fault.code, fault.sentence)
                    for fault in refused.faults
                ]
        refuse_any(faults)
        decided = action_decisions.split(state, into=made, reason=reason)
        work.append(plan_action_stream(action), *decided)
        work.unit.respond(actions=made)
    return work.receipt


@command
def merge(
    desk: Desk,
    *,
    action: str,
    into: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Let an action go on in another one of the same plan."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen)
        other = work.unit.load(plan_action_stream(into), action_state.evolve, PlanAction())
        decided = action_decisions.merge(state, into=other, reason=reason)
        work.append(plan_action_stream(action), *decided)
    return work.receipt


@command
def route(
    desk: Desk,
    *,
    action: str,
    board: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Hand an action to another board; it stays in the plan to be seen."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen)
        decided = action_decisions.route(state, board=board, reason=reason)
        work.append(plan_action_stream(action), *decided)
    return work.receipt


@command
def remove(
    desk: Desk,
    *,
    action: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Take an action out of its plan."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen)
        work.append(plan_action_stream(action), *action_decisions.remove(state, reason=reason))
    return work.receipt
