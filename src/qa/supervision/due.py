"""When sessions of supervision are owed, and which of them were held in time.

A session is owed as many days after the one before it (or after the supervision began) as the
standard of that day says. One held by then meets it, and the next is counted from that session.
Where none was held, the owed date is missed, and the next is counted from the missed date: a long
gap is as many misses as it holds, and the session that ends it makes good none of them. An owed
date is excused where the practitioner was away on a planned day between it and the one before; the
next one is counted from it.
Source: supervisions held within the standard ÷ those due, absence leaving the denominator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from qa.supervision.states import Standard

Outcome = Literal["held", "missed", "excused"]
Days = Callable[[Standard, date], int]
"""The days that a standard gives a session that is counted from a day."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One date by which a session was owed. `held_on` is the session that met it."""

    due_on: date
    standard: Standard
    outcome: Outcome
    held_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sessions:
    """What is known of one pair: days of sessions held, and planned days on which the practitioner
    was away, both in order; `standards` are (from, standard), the first from the beginning."""

    began_on: date
    ended_on: date | None
    standards: Sequence[tuple[date, Standard]]
    held: Sequence[date]
    away: Sequence[date]

    def standard_on(self, day: date) -> Standard:
        found = self.standards[0][1]
        for since, standard in self.standards:
            if since <= day:
                found = standard
        return found


def owed(known: Sessions, days: Days, until: date) -> Iterator[Owed]:
    """Every date up to `until` by which a session was owed, in order."""
    last = until if known.ended_on is None else min(until, known.ended_on)
    counted_from, missed = known.began_on, False
    coming = iter([*(day for day in known.held if day >= known.began_on), None])
    session_on = next(coming)
    while True:
        standard = known.standard_on(counted_from)
        due = counted_from + timedelta(days=days(standard, counted_from))
        if session_on is not None and session_on <= due:
            if not missed and due <= last:
                yield Owed(due, standard, "held", session_on)
            counted_from, missed, session_on = session_on, False, next(coming)
            continue
        if due > last:
            return
        away = any(counted_from < day <= due for day in known.away)
        yield Owed(due, standard, "excused" if away else "missed")
        counted_from, missed = due, not away


def next_due(known: Sessions, days: Days) -> date | None:
    """The date by which the next session is, or was, owed; None where the supervision has ended.

    It stays the first date that was missed until a session is held.
    """
    if known.ended_on is not None:
        return None
    counted_from = known.held[-1] if known.held else known.began_on
    while True:
        due = counted_from + timedelta(days=days(known.standard_on(counted_from), counted_from))
        if not any(counted_from < day <= due for day in known.away):
            return due
        counted_from = due
