"""Decisions on the raising of an action: what it says, who owns it, when it is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from qa.actions import events
from qa.actions.commands import CorrectAction
from qa.actions.state import Action
from qa.actions.states import ActionState
from qa.core import fields
from qa.core.clock import add_months
from qa.core.errors import Fault, Forbidden, NotNow, refuse_any
from qa.core.event import Event


def raise_one(raised: events.ActionRaised, *, today: date) -> list[Event]:
    """Raise an action that no submission raises.

    Raises:
        Refused: every fault, by field.
    """
    faults = [*of(raised, "text"), *due_faults(raised.due_on, today), *of(raised, "source")]
    if raised.raised_by in ("thematic-finding", "supervision-check") and not raised.source.strip():
        faults.append(Fault("source", "source-missing", "Say which finding or check it answers."))
    refuse_any(faults)
    tidy = {"text": raised.text.strip(), "source": raised.source.strip()}
    return [raised.model_copy(update=tidy)]


def correct(action: Action, command: CorrectAction, *, by: str, today: date) -> list[Event]:
    """Put right what was typed wrong when the action was raised, before anybody acted on it.

    Raises:
        Forbidden: the owner moves their own date.
        NotNow: somebody acted on it: it is moved, handed over or ended then.
        Refused: every fault, by field.
    """
    assert action.raised is not None
    if action.state is not ActionState.RAISED or action.due_on != action.raised.due_on:
        raise NotNow("Somebody acted on this action already.", code="action-acted-on")
    if by == action.owner and command.due_on != action.due_on:
        raise Forbidden("Somebody other than the owner moves the date.", rule="own-date")
    faults = list(of(command, "text"))
    faults += due_faults(command.due_on, today) if command.due_on != action.due_on else []
    faults += of(command, "reason")
    old = (action.raised.text, action.owner, action.due_on)
    if not faults and old == (command.text.strip(), command.owner, command.due_on):
        faults.append(Fault("text", "nothing-changed", "Nothing is put right by this."))
    refuse_any(faults)
    return [
        events.ActionCorrected(
            old_text=old[0],
            new_text=command.text.strip(),
            old_owner=action.owner,
            new_owner=command.owner,
            old_due_on=action.due_on,
            new_due_on=command.due_on,
        )
    ]


def due_faults(due_on: date, today: date) -> list[Fault]:
    """What is wrong with a due date."""
    if due_on < today:
        return [Fault("due_on", "date-past", "An action cannot be due in the past.")]
    if due_on > add_months(today, 24):
        sentence = "An action must be due within the next two years."
        return [Fault("due_on", "date-far", sentence)]
    return []


def of(model: BaseModel, *named: str) -> Iterator[Fault]:
    """The limits of these fields that are broken."""
    return (fault for fault in fields.faults(model) if fault.field in named)
