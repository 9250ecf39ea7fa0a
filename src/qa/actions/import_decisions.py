"""Decisions on actions that a file states: how far they came, what is on record, what is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from qa.actions import clocks, events, state
from qa.actions.events import ActionPolicySet, ActionRaised, Evidence
from qa.actions.rows import STATED, STEPS, ImportedAction, StatedStep
from qa.actions.state import Action
from qa.actions.states import ActionState
from qa.core.clock import WorkingDays
from qa.core.errors import Fault, Refused
from qa.core.event import Event, RecordedEvent
from qa.imports.changes import meet
from qa.people.decisions import Person

Dated = tuple[date, Event]
_STEP_OF: Mapping[type[Event], StatedStep] = {
    events.ActionAccepted: "accepted",
    events.ActionClaimedDone: "claimed",
    events.EvidenceAccepted: "verification-due",
    events.ImpactConfirmed: "effective",
}
GIVES = (ActionRaised, events.ActionCorrected)
"""The events that say whose an action is."""


@dataclass(frozen=True, slots=True)
class StatedAction:
    """An action, and what files stated of it that no correction changes: the last days of its
    steps, its evidence, and the day from which it no longer applied. `ended_in` is the unit of work
    that ended it."""

    action: Action = field(default_factory=Action)
    steps: Mapping[StatedStep, date] = field(default_factory=dict)
    evidence: str = ""
    dropped_on: date | None = None
    ended_in: str = ""


def evolve_stated(stated: StatedAction, recorded: RecordedEvent[Any]) -> StatedAction:
    event, on = recorded.event, recorded.meta.effective_on
    stated = replace(stated, action=state.evolve(stated.action, recorded))
    by_file = recorded.meta.source is not None
    if (step := _STEP_OF.get(type(event))) is not None:
        days = {one: day for one, day in stated.steps.items() if one != step}
        stated = replace(stated, steps={**days, step: on} if by_file else days)
    match event:
        case ActionRaised():
            return StatedAction(stated.action)
        case events.ActionClaimedDone():
            return replace(stated, evidence=event.evidence[0].what if by_file else "")
        case events.ActionNoLongerApplicable():
            ended_in = recorded.meta.correlation_id
            return replace(stated, dropped_on=on if by_file else None, ended_in=ended_in)
        case _:
            return stated


def owner_works_here(row: ImportedAction, owner: Person, inspects: bool) -> None:
    """Raises `Refused` where an action that goes on is given to an inspector."""
    if inspects:
        sentence = f"{owner.name} is an inspector. Name somebody who works for the council."
        raise Refused([Fault("owner", "person-inspects", sentence, row.row, value=owner.name)])


def bring_action(
    stated: StatedAction,
    row: ImportedAction,
    raised: ActionRaised,
    *,
    policy: ActionPolicySet,
    calendar: WorkingDays,
    corrects: bool,
) -> list[Dated]:
    """What a row brings, each event with its day: an action, the steps that it took since an
    earlier file, or a correction of what was stated of it.

    Raises:
        Refused: it is on record with other values, unless the row `corrects` them; further than
            the row states; or with others that no correction changes.
    """
    action = stated.action
    brought: list[Dated] = []
    before = None
    if action.raised is not None:
        before = {"text": action.raised.text, "owner": action.owner, "due_on": action.due_on}
    wanted = {"text": row.text, "owner": row.owner, "due_on": row.due_on}
    value = row.reference
    other = [] if action.raised is None else _other(stated, action.raised, row, raised)
    if other:
        sentence = f"{value} is on record with another {' and '.join(other)}. Undo its batch first."
        raise Refused([Fault("reference", "other-action", sentence, row.row, value=value)])
    met = meet(before, wanted, row=row.row, column="reference", value=value, corrects=corrects)
    if met == "new":
        brought.append((row.raised_on, raised))
    elif met == "changed":
        assert action.raised is not None
        corrected = events.ActionCorrected(
            old_text=action.raised.text,
            new_text=row.text,
            old_owner=action.owner,
            new_owner=row.owner,
            old_due_on=action.due_on,
            new_due_on=row.due_on,
        )
        brought.append((row.raised_on, corrected))
    if action.state is ActionState.NO_LONGER_APPLICABLE:
        return brought
    taken = _taken(action)
    if taken > len(row.steps) and row.dropped_on is None:
        sentence = f"{value} is further on record than the file states."
        raise Refused([Fault("state", "action-went-back", sentence, row.row, value=value)])
    for step in STEPS[taken : len(row.steps)]:
        brought.append((row.steps[step], _step(step, row, policy, calendar)))
    if row.dropped_on is not None:
        brought.append((row.dropped_on, events.ActionNoLongerApplicable(action=raised.action)))
    return brought


def _other(
    stated: StatedAction, was: ActionRaised, row: ImportedAction, raised: ActionRaised
) -> list[str]:
    """What a row states otherwise that no correction changes."""
    action = stated.action
    taken = STEPS[: _taken(action)]
    days = [step for step in taken if step in row.dated and step in stated.steps]
    shown = "claimed" in taken and bool(row.evidence and stated.evidence)
    dropped = stated.dropped_on
    differs = {
        "kind": was.kind != raised.kind,
        "audit": was.audit != raised.audit,
        "team": not raised.audit and raised.team not in (was.team, action.team),
        "day on which it was raised": action.raised_on != row.raised_on,
        **{f"day of “{step}”": stated.steps[step] != row.steps[step] for step in days},
        "evidence": shown and row.evidence != stated.evidence,
        "day on which it ended": dropped is not None and dropped != row.dropped_on,
    }
    return [words for words, one in differs.items() if one]


def _taken(action: Action) -> int:
    """How many of the steps an action has taken."""
    reached = {
        ActionState.ACCEPTED: 1,
        ActionState.IN_PROGRESS: 1,
        ActionState.CLAIMED: 2,
        ActionState.RETURNED: 1,
        ActionState.VERIFICATION_DUE: 3,
        ActionState.EFFECTIVE: 4,
        ActionState.NOT_EFFECTIVE: 4,
        ActionState.REOPENED: 4,
    }
    return reached.get(action.state, 0)


def _step(
    step: StatedStep, row: ImportedAction, policy: ActionPolicySet, calendar: WorkingDays
) -> Event:
    on = row.steps[step]
    match step:
        case "accepted":
            return events.ActionAccepted()
        case "claimed":
            shown = Evidence(kind="other", what=row.evidence or STATED)
            return events.ActionClaimedDone(
                evidence=(shown,), check_by=clocks.check_by(policy, on, calendar)
            )
        case "verification-due":
            begins, ends = clocks.impact_window(policy, on)
            return events.EvidenceAccepted(verify_from=begins, verify_by=ends)
        case "effective":
            return events.ImpactConfirmed(proof="other", reference="", note=STATED)


@dataclass(frozen=True, slots=True)
class BroughtAction:
    """An action, and what one batch brought to it."""

    batch: str
    action: Action = field(default_factory=Action)
    corrected: events.ActionCorrected | None = None


def evolve_brought(brought: BroughtAction, recorded: RecordedEvent[Any]) -> BroughtAction:
    source, event = recorded.meta.source, recorded.event
    action = state.evolve(brought.action, recorded)
    if isinstance(event, ActionRaised):
        return BroughtAction(brought.batch, action)
    ours = source is not None and source.batch == brought.batch
    corrected = event if ours and isinstance(event, events.ActionCorrected) else brought.corrected
    return BroughtAction(brought.batch, action, corrected)


def take_back_action(brought: BroughtAction) -> Sequence[Event]:
    """What undoes what a batch brought to an action: one that it raised no longer applies, one
    that it corrected is as before unless it changed since. Steps that it took stay."""
    action, was = brought.action, brought.corrected
    if action.batch == brought.batch:
        gone = action.state is ActionState.NO_LONGER_APPLICABLE
        return [] if gone else [events.ActionNoLongerApplicable(action=action.id)]
    if was is None or action.raised is None:
        return []
    now = (action.raised.text, action.owner, action.due_on)
    if now != (was.new_text, was.new_owner, was.new_due_on):
        return []
    return [
        events.ActionCorrected(
            old_text=was.new_text,
            new_text=was.old_text,
            old_owner=was.new_owner,
            new_owner=was.old_owner,
            old_due_on=was.new_due_on,
            new_due_on=was.old_due_on,
        )
    ]
