"""Decisions on restrictions: whose records are restricted, who reads them, and breaking the glass.

A restriction only ever takes away: whoever is named reads what their roles let them read. Whoever
changes or lifts one is a reader, or made it; a QA lead who is neither breaks the glass first, which
tells the others.
"""

from __future__ import annotations

from datetime import date, timedelta

from qa.core.clock import ENGLAND, WorkingDays, add_working_days
from qa.core.errors import Conflict, Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.restrictions import events
from qa.restrictions.commands import (
    BreakGlass,
    LiftRestriction,
    NameRestrictionReaders,
    RestrictChild,
)
from qa.restrictions.state import Restriction


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


def restrict(command: RestrictChild, *, restriction: str, child: str, already: bool) -> list[Event]:
    """Restrict the records of a child, whose reference is written as its audits write it.

    Raises:
        Conflict: they are restricted already.   Refused: every fault, by field.
    """
    command.refuse_faults()
    if already:
        sentence = "The records of this child are restricted already."
        raise Conflict(sentence, code="restricted-already")
    readers = tuple(sorted(set(command.readers)))
    return [
        events.ChildRestricted(
            restriction=restriction, child=child, readers=readers, why=command.why.strip()
        )
    ]


def _stands(state: Restriction) -> None:
    if state.lifted:
        raise NotNow("This restriction was lifted.", code="restriction-lifted")


def name_readers(state: Restriction, command: NameRestrictionReaders, *, by: str) -> list[Event]:
    """Name others than before.

    Raises:
        NotNow: the restriction was lifted.   Refused: every fault, by field.
    """
    _stands(state)
    faults, new = command.faults(), tuple(sorted(set(command.readers)))
    if by in new and by not in state.readers:
        sentence = "Nobody adds themselves: ask somebody who is named."
        faults.append(Fault("readers", "own-reader", sentence))
    refuse_any(faults)
    if set(new) == set(state.readers):
        return []
    why = command.why.strip()
    return [events.RestrictionReadersNamed(old=state.readers, new=new, why=why)]


def break_glass(
    state: Restriction,
    command: BreakGlass,
    *,
    person: str,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> events.RestrictionOverridden:
    """Let somebody read who is not named, to the end of the next working day: an emergency at a
    weekend reaches the day on which somebody who is named can be asked.

    Raises:
        NotNow: nothing is restricted, or they read already.   Refused: no reason of substance.
    """
    if not state.id or state.lifted:
        raise NotNow("No records of this child are restricted.", code="not-restricted")
    if state.reads(person, today):
        raise NotNow("You may read these records already.", code="reads-already")
    command.refuse_faults()
    until = add_working_days(today + timedelta(days=1), 0, calendar)
    return events.RestrictionOverridden(reader=person, until=until, why=command.why.strip())


def lift(state: Restriction, command: LiftRestriction) -> list[Event]:
    """Lift a restriction.

    Raises:
        NotNow: it was lifted.   Refused: no reason of substance.
    """
    _stands(state)
    command.refuse_faults()
    return [events.RestrictionLifted(why=command.why.strip())]
