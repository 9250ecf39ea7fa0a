"""The moment a reader asks to see: one value, and the one way from what was asked to it.

Every way in (page, API, export, command line, search) goes through `as_at`, so that the same dates
mean the same everywhere and no route forgets a limit. There are two times. *Known on* is when
Caseloop was told: it becomes a position of the log. *True on* is the day a thing was so, whenever
it was told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Required, TypedDict

from sqlalchemy.engine import Connection

from api.documents.listing import Letterhead
from api.services import Services
from projections.core.true_on import shadow
from qa.core.clock import civil_day, end_of_day
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Fault, Refused
from qa.core.words import Actor
from qa.store.store import Store

EARLIEST = date(1990, 1, 1)
"""No date before this is meant: it is a slip of the hand."""

FIELDS = ("as_at", "position", "true_on")
"""The names under which every way in asks for a moment."""

WITH_DAY = (*FIELDS, "on")
"""The same with the day that reports read an entry as on."""


def present_only_fault(name: str) -> Fault:
    """What is said where one of the `FIELDS` is given and the present alone can be read."""
    return Fault(name, "present-only", f"Only the present can be read here: leave out {name}.")


OWN_DAY = "A date has its own day: give on beside a position alone."


class TakenOut(TypedDict, total=False):
    """The arguments of a listing that say which moment it shows, whose it is, and who took it out
    when."""

    as_at: Required[datetime]
    true_on: Required[date | None]
    by: str
    at: datetime
    letterhead: Letterhead


@dataclass(frozen=True, slots=True)
class AsAt:
    """The moment a page, list or report is shown at.

    `day` is the London day up to whose end things are known, and `position` the place of the log
    that means; None is now. `head` is the end of the log as far as this reader may see it.
    `true_on` narrows what is known to what was so on that day.
    """

    day: date
    position: int | None
    head: int
    true_on: date | None = None
    told_at: datetime | None = None

    @property
    def by_position(self) -> bool:
        """Whether it was asked for by position: `told_at` is then the instant of its last event."""
        return self.told_at is not None

    @property
    def is_past(self) -> bool:
        """Whether it is a picture of another moment, on which nobody can act."""
        return self.position is not None or self.true_on is not None

    @property
    def is_fixed(self) -> bool:
        """Whether asking again shows the same for ever: nothing recorded later can enter."""
        return self.position is not None

    @property
    def shown(self) -> int:
        """The position that what is shown was read at."""
        return self.head if self.position is None else self.position

    @property
    def on(self) -> date:
        """The day the picture is of: what is due or held on that day counts."""
        return self.true_on or self.day

    @property
    def known_day(self) -> date:
        """The day of the entry that was asked for, or the day that was."""
        return self.day if self.told_at is None else civil_day(self.told_at)

    @property
    def own_day(self) -> date | None:
        """The day that an entry is read as on, where it is not the day of that entry."""
        return None if self.day == self.known_day else self.day

    @property
    def query(self) -> dict[str, str]:
        """The part of an address that asks for this moment again; empty for now."""
        if self.by_position and self.position is not None:
            own = {} if self.own_day is None else {"on": self.own_day.isoformat()}
            return {**self.entry, **own}
        known = {} if self.position is None else {"as_at": self.day.isoformat()}
        return {**known, **self._true}

    @property
    def entry(self) -> dict[str, str]:
        """The part that asks for the very entry that is shown, however it was asked for."""
        return {"position": str(self.shown), **self._true}

    @property
    def _true(self) -> dict[str, str]:
        return {} if self.true_on is None else {"true_on": self.true_on.isoformat()}

    @property
    def pinned(self) -> dict[str, str]:
        """The same with the very position that now is, so that what it asks for stays."""
        return self.entry if self.position is None else self.query

    @property
    def headers(self) -> dict[str, str]:
        """What an answer of the API or a file says of its moment."""
        fields = {"Caseloop-Position": str(self.shown), "Caseloop-As-At": self.day.isoformat()}
        if self.true_on is not None:
            fields["Caseloop-True-On"] = self.true_on.isoformat()
        return fields

    @property
    def file_stamp(self) -> str:
        """The part of a file's name that says which moment it shows."""
        stamp = self.day.isoformat()
        if self.by_position:
            stamp += f"-position-{self.shown}"
        return stamp if self.true_on is None else f"{stamp}-true-on-{self.true_on}"

    def taken_out(self, by: str, now: datetime, letterhead: Letterhead) -> TakenOut:
        """What a file says of the moment it shows; of one that may change also who took it when."""
        taken = TakenOut(as_at=self.instant(now), true_on=self.true_on, letterhead=letterhead)
        return taken if self.is_fixed else {**taken, "by": by, "at": now}

    def own_position(self, pin: int | None) -> int | None:
        """The position for what is about the reader themselves: of that, one who is pinned sees
        the present."""
        return None if self.position == pin else self.position

    def until(self, pin: int | None) -> datetime | None:
        """The exclusive end of what is noted beside the log, such as accesses; None is now."""
        ends = [] if self.true_on is None else [end_of_day(self.true_on)]
        if self.own_position(pin) is not None:
            ends.append(self.told_at or end_of_day(self.day))
        return min(ends, default=None)

    def instant(self, now: datetime) -> datetime:
        """The end of what is known: of the day asked for, of the last event shown, or `now`."""
        return self.told_at or (end_of_day(self.day) if self.is_fixed else now)


def as_at(
    store: Store,
    connection: Connection,
    day: date | None = None,
    position: int | None = None,
    true_on: date | None = None,
    *,
    pin: int | None = None,
) -> AsAt:
    """Turn the dates or the position that a reader asked for into the moment to show.

    With a `pin`, the log ends there for this reader: "now" is the pin, and whatever lies behind it
    is refused in the words that the future is refused in.

    Raises:
        Refused: every date or position that cannot be shown, each at its field.
    """
    head, clock = store.head(connection), store.clock.now()
    if pin is not None:
        head = min(pin, head)
        clock = store.recorded_at(head, connection) or clock
    today = civil_day(clock)
    faults = [
        *_known_faults(store, connection, day, position, today, head),
        *_true_faults(true_on, day, today),
    ]
    if faults:
        raise Refused(faults, code=faults[0].code)
    if position is not None:
        told_at = store.recorded_at(position, connection) or clock
        known = civil_day(told_at)
        # Nothing was told between this event and the next one, so it is known until then.
        told_next = None if position == head else store.recorded_at(position + 1, connection)
        until = today if told_next is None else civil_day(told_next)
        if true_on is not None and true_on > until:
            raise Refused([_true_after(known)], code="true-after-known")
        return AsAt(known, position, head, true_on, told_at)
    if day is None or day == today:
        if pin is not None:
            return AsAt(today, head, head, true_on, clock)
        return AsAt(today, None, head, true_on)
    return AsAt(day, store.position_at(day, connection), head, true_on)


def _known_faults(
    store: Store,
    connection: Connection,
    day: date | None,
    position: int | None,
    today: date,
    head: int,
) -> list[Fault]:
    faults: list[Fault] = []
    if day is not None and position is not None:
        sentence = "Give a date or a position, not both."
        faults.append(Fault("as_at", "as-at-both", sentence))
    if position is not None and not 0 <= position <= head:
        sentence = f"The last entry is number {head}."
        faults.append(Fault("position", "position-beyond-head", sentence))
    if day is None:
        return faults
    begun = store.recorded_at(1, connection)
    first = None if begun is None else civil_day(begun)
    faults += (wrong := _range_faults("as_at", day, today))
    if not wrong and first is not None and day < first:
        sentence = f"The record begins on {in_words(first)}. Choose that day or a later one."
        faults.append(Fault("as_at", "date-before-record", sentence))
    return faults


def _true_faults(true_on: date | None, day: date | None, today: date) -> list[Fault]:
    if true_on is None:
        return []
    faults = _range_faults("true_on", true_on, today)
    return faults or ([_true_after(day)] if day is not None and true_on > day else [])


def _range_faults(name: str, day: date, today: date) -> list[Fault]:
    if day > today:
        return [Fault(name, "date-future", "Nothing is known yet of a day in the future.")]
    return [Fault(name, "date-early", "Enter a date after 1990.")] if day < EARLIEST else []


def _true_after(known: date) -> Fault:
    sentence = (
        f"What was so on a later day was not known on {in_words(known)}. "
        "Choose that day or an earlier one."
    )
    return Fault("true_on", "true-after-known", sentence)


@contextmanager
def looking(services: Services, connection: Connection, at: AsAt) -> Iterator[Connection]:
    """The connection through which the records are read as they are at this moment.

    For known times that is the connection itself, and queries are asked at `at.position`. For what
    was true on a day it is one that shows the records so; permission is still asked of the present.
    """
    if at.true_on is None:
        yield connection
        return
    day, upto = at.true_on, at.shown
    store, registry = services.store, services.registry
    with store.reading(lambda own: shadow(store, registry, own, day, upto)) as shown:
        yield shown.execution_options(present=connection)


def present(store: Store, connection: Connection, actor: Actor) -> AsAt:
    """The latest moment this reader may see: now, or the one they are pinned to."""
    return as_at(store, connection, pin=actor.pin)


def on_day(at: AsAt, day: date | None, today: date) -> AsAt:
    """The moment of an entry as on a day that the entry does not hold: what was late by then.

    Raises:
        Refused: a day after `today`, which is the latest that the reader may see, or before 1990; a
            moment that was not asked for by its entry, or is true on a day: it has its own.
    """
    if day is None:
        return at
    faults = _range_faults("on", day, today)
    if at.true_on is not None or at.position is None or at.told_at is None:
        faults = [Fault("on", "on-without-entry", OWN_DAY)]
    if faults:
        raise Refused(faults, code=faults[0].code)
    return replace(at, day=day)


def moment_typed(
    store: Store, connection: Connection, query: Mapping[str, str], *, pin: int | None = None
) -> AsAt:
    """The moment that a query asks for in text.

    Raises:
        Refused: what `as_at` refuses, and what is no date or position at all; every fault at once.
    """
    days, faults = days_typed(query, "as_at", "true_on")
    typed = query.get("position", "").strip()
    if typed and not (typed.isdecimal() and typed.isascii() and len(typed) <= 15):
        faults.append(Fault("position", "position-malformed", "A position is a whole number."))
    if faults:
        raise Refused(faults, code=faults[0].code)
    position = int(typed) if typed else None
    return as_at(store, connection, days["as_at"], position, days["true_on"], pin=pin)


def days_typed(typed: Mapping[str, str], *names: str) -> tuple[dict[str, date | None], list[Fault]]:
    """The days typed under these names, as `day_typed` reads them, and every fault in them."""
    days: dict[str, date | None] = dict.fromkeys(names)
    faults: list[Fault] = []
    for name in names:
        try:
            days[name] = day_typed(typed.get(name, ""), field=name)
        except Refused as refused:
            faults += refused.faults
    return days, faults


def day_typed(text: str, *, field: str) -> date | None:
    """A day as 2026-03-31 or 31/3/2026; None for nothing.

    Raises:
        Refused: anything else, at `field`.
    """
    typed = text.strip()
    if not typed:
        return None
    british = re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", typed)
    try:
        if british:
            of_month, month, year = map(int, british.groups())
            return date(year, month, of_month)
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused(
            "Enter a real date, like 31/3/2026.", field=field, code="date-impossible"
        ) from None
