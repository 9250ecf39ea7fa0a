"""Decisions on restrictions: whose records are restricted, who reads them, and breaking the glass.

A restriction only ever takes away: whoever is named reads what their roles let them read. Whoever
changes or lifts one is a reader, or made it; a QA lead who is neither breaks the glass first, which
tells the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from qa.core.clock import ENGLAND, WorkingDays, add_working_days
from qa.core.errors import Conflict, Fault, NotFound, NotNow, Refused
from qa.core.event import Event, RecordedEvent
from qa.core.reasons import of_substance
from qa.restrictions import events

LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction as its events leave it. `overridden` has the last day of each person who is not
    named and broke the glass."""

    id: str = ""
    child: str = ""
    made_by: str = ""
    readers: tuple[str, ...] = ()
    overridden: Mapping[str, date] = field(default_factory=dict)
    lifted: bool = False

    @property
    def about(self) -> str:
        return f"child:{self.child}"

    def reads(self, person: str, day: date) -> bool:
        """Whether this does not keep the person from reading on `day`."""
        if self.lifted or not self.id or person in self.readers:
            return True
        until = self.overridden.get(person)
        return until is not None and day <= until


def evolve(state: Restriction, recorded: RecordedEvent[Any]) -> Restriction:
    match recorded.event:
        case events.ChildRestricted() as event:
            return Restriction(event.restriction, event.child, recorded.meta.by, event.readers)
        case events.RestrictionReadersNamed() as event:
            return replace(state, readers=event.new)
        case events.RestrictionOverridden() as event:
            return replace(state, overridden={**state.overridden, event.reader: event.until})
        case events.RestrictionLifted():
            return replace(state, lifted=True)
        case _:
            return state


def open_to(state: Restriction, *, by: str, today: date) -> None:
    """Raises `NotFound` unless the person made the restriction or reads the child's records."""
    if not state.id or (by != state.made_by and not state.reads(by, today)):
        raise NotFound("There is no such restriction.")


def may_be_given(state: Restriction, *, name: str, person: str, field: str, today: date) -> None:
    """Raises `Refused` for somebody who would be given work that they cannot read."""
    if not state.reads(person, today):
        sentence = f"{name} is not named to read the records of this child, which are restricted."
        raise Refused(sentence, field=field, code="not-a-reader")


def may_begin(state: Restriction, *, by: str, today: date) -> None:
    """Raises `Refused` for somebody who would make a record of a child that is closed to them."""
    if not state.reads(by, today):
        sentence = "The records of this child are restricted. Ask somebody who may read them."
        raise Refused(sentence, field="child", code="child-restricted")


def _why(why: str) -> list[Fault]:
    if len(why) > LONGEST_TEXT:
        sentence = f"It must be {LONGEST_TEXT:,} characters or fewer."
        return [Fault("why", "why-long", sentence)]
    if not of_substance(why):
        return [Fault("why", "why-missing", "Say why, in words that somebody else can weigh.")]
    return []


def _named(readers: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(readers)))


def _readers(readers: Sequence[str]) -> list[Fault]:
    if not readers:
        sentence = "Name at least one person who reads these records."
        return [Fault("readers", "readers-missing", sentence)]
    return []


def restrict(
    *, restriction: str, child: str, readers: Sequence[str], why: str, already: bool
) -> list[Event]:
    """Restrict the records of a child.

    Raises:
        Conflict: they are restricted already.   Refused: every fault, by field.
    """
    faults = [*_readers(readers), *_why(why)]
    if not child:
        faults.insert(0, Fault("child", "child-missing", "Enter the child's reference."))
    elif len(child) > 60:
        faults.insert(0, Fault("child", "child-long", "Use 60 characters or fewer."))
    if faults:
        raise Refused(faults)
    if already:
        sentence = "The records of this child are restricted already."
        raise Conflict(sentence, code="restricted-already")
    return [
        events.ChildRestricted(
            restriction=restriction, child=child, readers=_named(readers), why=why.strip()
        )
    ]


def _stands(state: Restriction) -> None:
    if state.lifted:
        raise NotNow("This restriction was lifted.", code="restriction-lifted")


def name_readers(state: Restriction, *, readers: Sequence[str], why: str, by: str) -> list[Event]:
    """Name others than before.

    Raises:
        NotNow: the restriction was lifted.   Refused: every fault, by field.
    """
    _stands(state)
    faults = [*_readers(readers), *_why(why)]
    if by in readers and by not in state.readers:
        sentence = "Nobody adds themselves: ask somebody who is named."
        faults.append(Fault("readers", "own-reader", sentence))
    if faults:
        raise Refused(faults)
    if set(readers) == set(state.readers):
        return []
    new = _named(readers)
    return [events.RestrictionReadersNamed(old=state.readers, new=new, why=why.strip())]


def break_glass(
    state: Restriction,
    *,
    person: str,
    why: str,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> list[Event]:
    """Let somebody read who is not named, to the end of the next working day: an emergency at a
    weekend reaches the day on which somebody who is named can be asked.

    Raises:
        NotNow: nothing is restricted, or they read already.   Refused: no reason of substance.
    """
    if not state.id or state.lifted:
        raise NotNow("No records of this child are restricted.", code="not-restricted")
    if state.reads(person, today):
        raise NotNow("You may read these records already.", code="reads-already")
    faults = _why(why)
    if faults:
        raise Refused(faults)
    until = add_working_days(today + timedelta(days=1), 0, calendar)
    return [events.RestrictionOverridden(reader=person, until=until, why=why.strip())]


def lift(state: Restriction, *, why: str) -> list[Event]:
    """Lift a restriction.

    Raises:
        NotNow: it was lifted.   Refused: no reason of substance.
    """
    _stands(state)
    faults = _why(why)
    if faults:
        raise Refused(faults)
    return [events.RestrictionLifted(why=why.strip())]
