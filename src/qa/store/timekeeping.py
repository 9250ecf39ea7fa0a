"""Whether the clock can be believed before a moment is written that nobody can take back.

A clock that jumped would date every later event wrongly for ever, because the log only goes on. Who
serves a council therefore holds it against the last event, a clock that only counts and, on
PostgreSQL, the database's own.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from qa.core.clock import Clock, from_microseconds
from qa.core.errors import ClockDoubted

_DATABASE_SAYS = "the database's clock says"
DATABASE_NOW_US = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_LAST = text("SELECT recorded_us FROM head")
_LAST_AND_DATABASE = text(f"SELECT recorded_us, {DATABASE_NOW_US} FROM head")


def seconds_counted() -> float:
    """Seconds on a clock that nobody sets; sleep counts wherever the machine can say so."""
    try:
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
    except AttributeError:  # Windows
        return time.monotonic()


class Timekeeper:
    """Doubts `clock` where it is further than `tolerance` from what other clocks say.

    `silence` is how long a council may write nothing before the next event is doubted; None asks
    nothing. A start with a clock that is wrong by less is noticed on PostgreSQL alone.
    """

    def __init__(self, clock: Clock, *, tolerance: timedelta, silence: timedelta | None) -> None:
        self._clock, self.tolerance, self._silence = clock, tolerance, silence
        self._believed = (clock.now(), seconds_counted())
        self._recorded: datetime | None = None

    def doubt(self, connection: Connection) -> str | None:
        """Why the clock is not believed, in one sentence; None where it is."""
        if connection.dialect.name == "postgresql":
            last_us, database_us = connection.execute(_LAST_AND_DATABASE).one()
        else:
            last_us, database_us = connection.execute(_LAST).scalar_one(), None
        return self._weigh(last_us, database_us)

    def require(self, connection: Connection) -> None:
        """Raises `ClockDoubted` unless the clock can be believed. While this process has recorded
        something within the silence, `confirm` sees all that the database could tell."""
        since = self._recorded
        if since is None or (
            self._silence is not None and self._clock.now() - since > self._silence
        ):
            self._refuse(self.doubt(connection))

    def confirm(self, recorded_us: int, database_us: int | None) -> None:
        """Raises `ClockDoubted` where what was just added may not stand: its moment is the later
        of the last event's and this clock's, and `database_us` what the database's clock said."""
        self._refuse(self._weigh(recorded_us, database_us))
        self._recorded = from_microseconds(recorded_us)

    def _weigh(self, last_us: int, database_us: int | None) -> str | None:
        now, counted = self._clock.now(), seconds_counted()
        last = from_microseconds(last_us) if last_us else now
        then, count = self._believed
        expected = then + timedelta(seconds=counted - count)
        for there, words in (
            (now if database_us is None else from_microseconds(database_us), _DATABASE_SAYS),
            (expected, "by the time since Caseloop last looked, it should say"),
        ):
            if abs(now - there) > self.tolerance:
                return _sentence(now, f"{words} {_moment(there)}")
        if last - now > self.tolerance:
            return _sentence(now, f"the last fact was recorded at {_moment(last)}")
        if self._silence is not None and now - last > self._silence:
            return _sentence(now, f"nothing was recorded since {_moment(last)}")
        self._believed = (now, counted)
        return None

    @staticmethod
    def _refuse(doubt: str | None) -> None:
        if doubt is not None:
            raise ClockDoubted(f"{doubt} Nothing was saved.")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _sentence(now: datetime, other: str) -> str:
    return f"This machine's clock says {_moment(now)}, but {other}."
