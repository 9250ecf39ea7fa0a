"""Decisions on an action of a plan: its words, its people, its evidence, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from qa.core.errors import Fault, NotFound, Refused
from qa.core.event import Event
from qa.core.reasons import owe_reason, reason_faults
from qa.plans import action_events
from qa.plans.action_events import Agreed, LinkKind
from qa.plans.action_state import PlanAction, goes_on
from qa.plans.decisions import LONGEST_NAME, long_faults, names, part_of, text_faults
from qa.plans.state import ImprovementPlan


def agree(
    plan: ImprovementPlan,
    agreed: Agreed,
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
    faults = text_faults(agreed.title, "title", "Say what is to be done.")
    faults += text_faults(agreed.reference, "reference", "Give the action its number.", 60)
    if taken:
        sentence = f"There is an action {agreed.reference.strip()} in this plan already."
        faults.append(Fault("reference", "reference-taken", sentence))
    if since < plan.since:
        faults.append(Fault("since", "date-before-plan", "The plan began after that day."))
    if since > today:
        faults.append(Fault("since", "date-future", "An action begins today or earlier."))
    if agreed.group is not None and not plan.groups.get(agreed.group):
        faults.append(Fault("group", "group-unknown", "Choose a group that still works."))
    if faults:
        raise Refused(faults)
    return [
        action_events.PlanActionAgreed(
            action=action,
            plan=plan.id,
            part=part,
            reference=agreed.reference.strip(),
            title=agreed.title.strip(),
            since=since,
            leads=names(agreed.leads),
            responsible=names(agreed.responsible),
            group=agreed.group,
            stages=tuple(agreed.stages),
            sources=tuple(agreed.sources),
            lineage=tuple(lineage),
        )
    ]


def reword(action: PlanAction, *, title: str, reason: str) -> list[Event]:
    """Change the words of an action; the earlier ones stay readable."""
    goes_on(action)
    faults = text_faults(title, "title", "Say what is to be done.")
    faults += reason_faults(reason, "Say why the words change.")
    if faults:
        raise Refused(faults)
    if title.strip() == action.title:
        return []
    return [action_events.PlanActionReworded(old=action.title, new=title.strip())]


def lead(action: PlanAction, *, leads: Sequence[str], responsible: Sequence[str]) -> list[Event]:
    """Say who leads the action, and who is responsible, from now on."""
    goes_on(action)
    new_leads, new_responsible = names(leads), names(responsible)
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
    *,
    evidence: str,
    of: Literal["delivery", "impact"],
    what: str,
    where: str,
    on: date,
    today: date,
) -> list[Event]:
    """Add evidence that the action was done, or that it changed something for children.

    Raises:
        Refused: it is not said what it is, or its day is still to come.
    """
    goes_on(action)
    faults = text_faults(what, "what", "Say what the evidence is.")
    faults += long_faults(where, "where", LONGEST_NAME)
    if on > today:
        faults.append(Fault("on", "date-future", "Evidence is of today or earlier."))
    if faults:
        raise Refused(faults)
    return [
        action_events.PlanActionEvidenceAdded(
            evidence=evidence, of=of, what=what.strip(), where=where.strip(), on=on
        )
    ]


def link(action: PlanAction, *, kind: LinkKind, to: str) -> list[Event]:
    """Say that the action should move an indicator or an audit question, or answers an action."""
    goes_on(action)
    faults = text_faults(to, "to", "Say what it is linked to.", LONGEST_NAME)
    if faults:
        raise Refused(faults)
    if (kind, to.strip()) in action.links:
        return []
    return [action_events.PlanActionLinked(kind=kind, to=to.strip())]


def unlink(action: PlanAction, *, kind: LinkKind, to: str) -> list[Event]:
    """Take a link away. Raises `NotFound` where there is none."""
    goes_on(action)
    if (kind, to) not in action.links:
        raise NotFound("There is no such link.")
    return [action_events.PlanActionUnlinked(kind=kind, to=to)]


def split(action: PlanAction, *, into: Sequence[str], reason: str) -> list[Event]:
    """End the action as such: it goes on as the actions `into`, at least two.

    Raises:
        Refused: fewer than two, or no reason.
    """
    goes_on(action)
    if len(into) < 2:
        raise Refused("Split it into two actions or more.", field="into", code="split-too-few")
    owe_reason(reason, "Say why the action is split.")
    return [action_events.PlanActionSplit(into=tuple(into))]


def merge(action: PlanAction, *, into: PlanAction, reason: str) -> list[Event]:
    """End the action as such: it goes on in another action of the same plan.

    Raises:
        Refused: the other is itself, of another plan, or has ended; or there is no reason.
    """
    goes_on(action)
    if into.id == action.id or into.plan != action.plan or into.ended:
        sentence = "Choose another action of this plan that still goes on."
        raise Refused(sentence, field="into", code="action-unknown")
    owe_reason(reason, "Say why the actions are merged.")
    return [action_events.PlanActionMerged(into=into.id)]


def route(action: PlanAction, *, board: str, reason: str) -> list[Event]:
    """Hand the action to another board; it stays in the plan to be seen."""
    goes_on(action)
    faults = text_faults(board, "board", "Say which board answers for it now.", LONGEST_NAME)
    if faults:
        raise Refused(faults)
    owe_reason(reason, "Say why it goes to another board.")
    return [action_events.PlanActionRouted(board=board.strip())]


def remove(action: PlanAction, *, reason: str) -> list[Event]:
    """Take the action out of the plan."""
    goes_on(action)
    owe_reason(reason, "Say why the action leaves the plan.")
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
