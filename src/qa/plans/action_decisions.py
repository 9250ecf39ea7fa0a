"""Decisions on an action of a plan: its words, its people, its evidence, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.core import fields
from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, Refused, refuse_any
from qa.core.event import Event
from qa.plans import action_commands, action_events
from qa.plans.action_state import PlanAction, goes_on
from qa.plans.decisions import names, part_of
from qa.plans.state import ImprovementPlan


def agree(
    plan: ImprovementPlan,
    agreed: action_commands.Agreed,
    *,
    action: str,
    part: str,
    since: date,
    today: date,
    taken: bool,
    lineage: Sequence[str] = (),
) -> list[Event]:
    """Add an action under a part of the plan.

    `since` is the day it began to be an action; `taken` that its reference is another action's.

    Raises:
        Refused: every fault, by field.   NotFound, NotNow: the part cannot take an action.
    """
    part_of(plan, part)
    faults = fields.faults(agreed)
    if taken:
        sentence = f"There is an action {agreed.reference.strip()} in this plan already."
        faults.append(Fault("reference", "reference-taken", sentence))
    faults += begins(plan, since, today)
    if agreed.group is not None and not plan.groups.get(agreed.group):
        faults.append(Fault("group", "group-unknown", "Choose a group that still works."))
    refuse_any(faults)
    return [
        carry(
            action_events.PlanActionAgreed,
            agreed,
            action=action,
            plan=plan.id,
            part=part,
            reference=agreed.reference.strip(),
            title=agreed.title.strip(),
            since=since,
            leads=names(agreed.leads),
            responsible=names(agreed.responsible),
            lineage=tuple(lineage),
        )
    ]


def begins(plan: ImprovementPlan, since: date, today: date) -> list[Fault]:
    """What is wrong with the day from which something is an action of the plan."""
    if since < plan.since:
        return [Fault("since", "date-before-plan", "The plan began after that day.")]
    if since > today:
        return [Fault("since", "date-future", "An action begins today or earlier.")]
    return []


def reword(action: PlanAction, command: action_commands.RewordPlanAction) -> list[Event]:
    """Change the words of an action; the earlier ones stay readable."""
    goes_on(action)
    command.refuse_faults()
    new = command.title.strip()
    return (
        [] if new == action.title else [action_events.PlanActionReworded(old=action.title, new=new)]
    )


def lead(action: PlanAction, command: action_commands.LeadPlanAction) -> list[Event]:
    """Say who leads the action, and who is responsible, from now on."""
    goes_on(action)
    new_leads, new_responsible = names(command.leads), names(command.responsible)
    if (new_leads, new_responsible) == (action.leads, action.responsible):
        return []
    return [
        action_events.PlanActionLedBy(
            old_leads=action.leads,
            new_leads=new_leads,
            old_responsible=action.responsible,
            new_responsible=new_responsible,
        )
    ]


def add_evidence(
    action: PlanAction,
    command: action_commands.AddPlanEvidence,
    *,
    evidence: str,
    on: date,
    today: date,
) -> list[Event]:
    """Add evidence of a day that the action was done, or that it changed something for children.

    Raises:
        Refused: it is not said what it is, or its day is still to come.
    """
    goes_on(action)
    faults = command.faults()
    if on > today:
        faults.append(Fault("on", "date-future", "Evidence is dated today or earlier."))
    refuse_any(faults)
    return [carry(action_events.PlanActionEvidenceAdded, command, evidence=evidence, on=on)]


def link(action: PlanAction, command: action_commands.LinkPlanAction) -> list[Event]:
    """Say that the action should move an indicator or an audit question, or answers an action."""
    goes_on(action)
    command.refuse_faults()
    kind, to = command.kind, command.to.strip()
    return [] if (kind, to) in action.links else [action_events.PlanActionLinked(kind=kind, to=to)]


def unlink(action: PlanAction, command: action_commands.UnlinkPlanAction) -> list[Event]:
    """Take a link away. Raises `NotFound` where there is none."""
    goes_on(action)
    if (command.kind, command.to) not in action.links:
        raise NotFound("There is no such link.")
    return [action_events.PlanActionUnlinked(kind=command.kind, to=command.to)]


def split(
    action: PlanAction, command: action_commands.SplitPlanAction, *, into: Sequence[str]
) -> list[Event]:
    """End the action as such: it goes on as the actions `into`, at least two.

    Raises:
        Refused: fewer than two, or no reason.
    """
    goes_on(action)
    if len(into) < 2:
        raise Refused("Split it into two actions or more.", field="into", code="split-too-few")
    command.refuse_faults()
    return [action_events.PlanActionSplit(into=tuple(into))]


def merge(
    action: PlanAction, command: action_commands.MergePlanAction, *, into: PlanAction
) -> list[Event]:
    """End the action as such: it goes on in another action of the same plan.

    Raises:
        Refused: the other is itself, of another plan, or has ended; or there is no reason.
    """
    goes_on(action)
    if into.id == action.id or into.plan != action.plan or into.ended:
        sentence = "Choose another action of this plan that still goes on."
        raise Refused(sentence, field="into", code="action-unknown")
    command.refuse_faults()
    return [action_events.PlanActionMerged(into=into.id)]


def route(action: PlanAction, command: action_commands.RoutePlanAction) -> list[Event]:
    """Hand the action to another board; it stays in the plan to be seen."""
    goes_on(action)
    command.refuse_faults()
    return [action_events.PlanActionRouted(board=command.board.strip())]


def remove(action: PlanAction, command: action_commands.RemovePlanAction) -> list[Event]:
    """Take the action out of the plan."""
    goes_on(action)
    command.refuse_faults()
    return [action_events.PlanActionRemoved()]


def of_plan(action: str | None, reference: str) -> str:
    """The action that the plan has under this reference. Raises `Refused` where it has none."""
    if action is None:
        sentence = f"The plan has no action {reference}."
        raise Refused(sentence, field="reference", code="action-unknown")
    return action


def twice_named(references: Sequence[str]) -> list[Fault]:
    """A fault for each reference that an earlier one of those that an action is split into has."""
    return [
        Fault(f"into.{at}.reference", "reference-taken", "Two of them share a reference.")
        for at, reference in enumerate(references)
        if reference in references[:at]
    ]
