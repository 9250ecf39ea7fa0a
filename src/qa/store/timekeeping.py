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

_LAST = text("SELECT recorded_us FROM head")
_LAST_AND_DATABASE = text(
    "SELECT recorded_us, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM head"
)


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

    def doubt(self, connection: Connection) -> str | None:
        """Why the clock is not believed, in one sentence; None where it is."""
        now, counted = self._clock.now(), seconds_counted()
        if connection.dialect.name == "postgresql":
            last_us, database_us = connection.execute(_LAST_AND_DATABASE).one()
            database = from_microseconds(database_us)
        else:
            last_us, database = connection.execute(_LAST).scalar_one(), now
        last = from_microseconds(last_us) if last_us else now
        then, count = self._believed
        expected = then + timedelta(seconds=counted - count)
        for there, words in (
            (database, "the database's clock says"),
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

    def require(self, connection: Connection) -> None:
        """Raises `ClockDoubted` unless the clock can be believed."""
        doubt = self.doubt(connection)
        if doubt is not None:
            raise ClockDoubted(f"{doubt} Nothing was saved.")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _sentence(now: datetime, other: str) -> str:
    return f"This machine's clock says {_moment(now)}, but {other}."
