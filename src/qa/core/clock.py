"""The only reader of time.

Commands and the store are handed a `Clock`; nothing else calls the system clock. Instants are
UTC; days are London civil days, because a deadline of 31 March means midnight in London.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Tells the present instant, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock that is set by hand: for tests, the demonstration council and replays."""

    def __init__(self, at: datetime) -> None:
        self._at = _utc(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Move to `at`, forwards or backwards."""
        self._at = _utc(at)

    def advance(self, by: timedelta) -> None:
        self._at += by


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return at if at.tzinfo is UTC else at.astimezone(UTC)


@lru_cache(maxsize=4096)
def civil_day(at: datetime) -> date:
    """The London day on which the instant falls. Events of one unit ask for the same one."""
    return _utc(at).astimezone(LONDON).date()


def today(clock: Clock) -> date:
    return civil_day(clock.now())


def start_of_day(day: date) -> datetime:
    """The first instant of a London day, in UTC."""
    return datetime.combine(day, time(0), tzinfo=LONDON).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The instant at which a London day is over, in UTC (exclusive end)."""
    return start_of_day(day + timedelta(days=1))


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970 UTC, exact (no float on the way)."""
    delta = _utc(at) - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_microseconds(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=us)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month where it has no such day."""
    years, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    for day_of_month in range(day.day, 27, -1):
        try:
            return date(years, month0 + 1, day_of_month)
        except ValueError:
            continue
    return date(years, month0 + 1, min(day.day, 28))


@cache
def _listed_holidays() -> Mapping[int, frozenset[date]]:
    """The bank holidays that stand in the list of this release, by year: it is written from the
    library (`docs/generate.py`), which takes half a second and 18 MB to load, for it knows every
    country of the world."""
    lines = Path(__file__).with_name("bank_holidays.txt").read_text("utf-8").splitlines()
    days = [date.fromisoformat(line) for line in lines]
    return {year: frozenset(found) for year, found in groupby(days, lambda day: day.year)}


def holidays_of_library(year: int) -> frozenset[date]:
    """The bank holidays of England by the library itself."""
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England, as they are known to this release."""
    return _listed_holidays().get(year) or holidays_of_library(year)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days on which the council works: Monday to Friday without the bank holidays of England
    and the days that are `closed`. For the years that were `frozen`, `holidays` are the bank
    holidays, whatever a later release knows."""

    closed: frozenset[date] = frozenset()
    holidays: frozenset[date] = frozenset()
    frozen: range = range(0)

    def works(self, day: date) -> bool:
        if day.weekday() > 4 or day in self.closed:
            return False
        return day not in (self.holidays if day.year in self.frozen else bank_holidays(day.year))

    def after(self, day: date, working_days: int) -> date:
        """The working day that is `working_days` after `day`; 0 gives the next one or `day`."""
        while not self.works(day):
            day += timedelta(days=1)
        for _ in range(working_days):
            day += timedelta(days=1)
            while not self.works(day):
                day += timedelta(days=1)
        return day


ENGLAND = WorkingDays()
"""Where a council has said nothing of its own."""


def add_working_days(day: date, working_days: int, calendar: WorkingDays = ENGLAND) -> date:
    """The working day that is `working_days` after `day`; 0 gives the next working day or `day`."""
    return calendar.after(day, working_days)
