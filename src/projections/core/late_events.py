"""The events that are true of another day than the one they were recorded on.

Most events are told on the day they are true of, and the read rows as at the end of a day are right
for them. This journal finds the others without reading the log: what was learnt after a day that
was already so on it, and what had been told on that day of one still to come.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Column, Integer, Text, select
from sqlalchemy.engine import Connection

from projections.core.base import JournalRow, RowChange, journal_table
from qa.core.clock import civil_day
from qa.core.event import RecordedEvent
from qa.history.true_days import own_day

REACHES_BACK = ""
"""In place of a day, and before every day: true of the day of what it corrects."""

other_day = journal_table(
    "other_day",
    Column("stream", Text, nullable=False),
    Column("true_on", Text, nullable=False),
    Column("ahead", Integer, nullable=False),
    indexes=(("ahead", "true_on"),),
)


class LearntLater:
    """Notes every event whose own day is not the day of recording."""

    name = "learnt_later"
    version = 1
    tables = (other_day,)
    by_stream = True

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        day, recorded_on = own_day(recorded), civil_day(recorded.recorded_at)
        if day == recorded_on:
            return ()
        row = {
            "stream": recorded.stream,
            "true_on": REACHES_BACK if day is None else day.isoformat(),
            "ahead": int(day is not None and day > recorded_on),
        }
        return [JournalRow(other_day, row)]


def streams(connection: Connection, day: date, after: int, upto: int) -> set[str]:
    """The streams whose events may be otherwise on `day` than the rows as at its end say.

    `after` is the last position recorded by the end of `day`, and `upto` that of what is known.
    A stream may be named whose events turn out the same; none is left out.
    """
    table, on = other_day.c, day.isoformat()
    learnt = select(table.stream).where(
        table.position > after, table.position <= upto, table.true_on <= on
    )
    ahead = select(table.stream).where(
        table.ahead == 1, table.true_on > on, table.position <= after
    )
    return {*connection.execute(learnt).scalars(), *connection.execute(ahead).scalars()}
