"""Decisions on the raising of an action: what it says, who owns it, when it is due."""

from __future__ import annotations

from datetime import date

from qa.actions import events
from qa.actions.state import Action
from qa.actions.states import ActionState
from qa.core.clock import add_months
from qa.core.errors import Fault, Forbidden, NotNow, Refused
from qa.core.event import Event
from qa.core.reasons import reason_faults

LONGEST = 4000
LONGEST_REFERENCE = 200


def raise_one(raised: events.ActionRaised, *, today: date) -> list[Event]:
    """Raise an action that no submission raises.

    Raises:
        Refused: every fault, by field.
    """
    faults = text_faults(raised.text, "text", "Say what must be done.")
    faults += due_faults(raised.due_on, today)
    if len(raised.source) > LONGEST_REFERENCE:
        faults.append(Fault("source", "source-long", "Name the source in 200 characters or fewer."))
    if raised.raised_by in ("thematic-finding", "supervision-check") and not raised.source.strip():
        faults.append(Fault("source", "source-missing", "Say which finding or check it answers."))
    if faults:
        raise Refused(faults)
    tidy = {"text": raised.text.strip(), "source": raised.source.strip()}
    return [raised.model_copy(update=tidy)]


def correct(
    action: Action, *, text: str, owner: str, due_on: date, reason: str, by: str, today: date
) -> list[Event]:
    """Put right what was typed wrong when the action was raised, before anybody acted on it.

    Raises:
        Forbidden: the owner moves their own date.
        NotNow: somebody acted on it: it is moved, handed over or ended then.
        Refused: every fault, by field.
    """
    assert action.raised is not None
    if action.state is not ActionState.RAISED or action.due_on != action.raised.due_on:
        raise NotNow("Somebody acted on this action already.", code="action-acted-on")
    if by == action.owner and due_on != action.due_on:
        raise Forbidden("Somebody other than the owner moves the date.", rule="own-date")
    faults = text_faults(text, "text", "Say what must be done.")
    faults += due_faults(due_on, today) if due_on != action.due_on else []
    faults += reason_faults(reason, "Say what was typed wrong.")
    old = (action.raised.text, action.owner, action.due_on)
    if not faults and old == (text.strip(), owner, due_on):
        faults.append(Fault("text", "nothing-changed", "Nothing is put right by this."))
    if faults:
        raise Refused(faults)
    return [
        events.ActionCorrected(
            old_text=old[0],
            new_text=text.strip(),
            old_owner=action.owner,
            new_owner=owner,
            old_due_on=action.due_on,
            new_due_on=due_on,
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


def text_faults(text: str, field: str, sentence: str) -> list[Fault]:
    """What is wrong with a text that is owed."""
    if not text.strip():
        return [Fault(field, f"{field.rpartition('.')[2]}-missing", sentence)]
    if len(text) > LONGEST:
        long = f"Use {LONGEST} characters or fewer."
        return [Fault(field, f"{field.rpartition('.')[2]}-long", long)]
    return []
