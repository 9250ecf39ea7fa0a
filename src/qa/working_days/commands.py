"""Commands on the working days, and the calendar that every clock is counted by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.clock import WorkingDays
from qa.core.words import Actor
from qa.store.unit import Receipt
from qa.working_days import clocks
from qa.working_days.events import NOTHING_SET, WORKING_DAYS_STREAM


def load_calendar(work: Work) -> WorkingDays:
    """The working days in force now."""
    return work.unit.load(WORKING_DAYS_STREAM, clocks.evolve, NOTHING_SET).calendar


@command
def set_working_days(
    desk: Desk,
    *,
    closed: Iterable[date],
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Set the days on which nobody works, beside weekends and bank holidays. Dates that were given
    already stay."""
    with desk.work(by, once=once) as work:
        work.require("set-policy")
        current = work.unit.load(WORKING_DAYS_STREAM, clocks.evolve, NOTHING_SET)
        work.unit.expect(WORKING_DAYS_STREAM, seen)
        decided = clocks.set_working_days(current, closed, today=work.today)
        work.append(WORKING_DAYS_STREAM, *decided)
    return work.receipt
