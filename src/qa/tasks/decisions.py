"""Decisions on the work that waits for somebody."""

from __future__ import annotations

from qa.core.errors import CaseloopError, Fault, NotFound, Refused, refuse_any
from qa.tasks.commands import MOST, HandOverWork, WorkPart


def oversees(allowed: bool) -> None:
    """Raises `NotFound` for somebody whose work is not overseen by whoever asks."""
    if not allowed:
        raise NotFound("There is no such person.")


def may_hand_over(command: HandOverWork) -> None:
    """Raises `Refused` where nothing is named, too much, a thing twice, or whoever has it."""
    faults = command.faults()
    if len(command.parts) > MOST:
        sentence = f"Hand over {MOST} tasks or fewer at once."
        faults.append(Fault("parts", "parts-many", sentence))
    named = [part.thing for part in command.parts]
    for place, part in enumerate(command.parts):
        if part.thing in named[:place]:
            sentence = "This is named twice."
            faults.append(Fault(f"parts.{place}.thing", "thing-twice", sentence))
        if part.to == command.person:
            sentence = "They answer for it already: choose somebody else."
            faults.append(Fault(f"parts.{place}.to", "same-person", sentence))
    refuse_any(faults)


def kind_of(part: WorkPart, known: bool) -> None:
    """Raises `Refused` for what is handed over on its own page only."""
    if not known:
        sentence = "This is handed over on its own page."
        raise Refused(sentence, field="thing", code="thing-alone")


def theirs(held_by: str, person: str) -> None:
    """Raises `Refused` for what somebody else answers for by now."""
    if held_by != person:
        sentence = "They do not answer for this any more."
        raise Refused(sentence, field="thing", code="not-theirs")


def faults_of(place: int, refused: CaseloopError) -> list[Fault]:
    """What kept one part from being handed over, at its place in the command."""
    found = refused.faults if isinstance(refused, Refused) else ()
    faults = found or (Fault("", refused.code, refused.sentence),)
    return [
        Fault(f"parts.{place}.{'thing' if one.field == 'thing' else 'to'}", one.code, one.sentence)
        for one in faults
    ]
