"""The event behind the working days (stream ``working-days``)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.clock import WorkingDays
from qa.core.event import Event
from qa.core.fields import FieldWords, lines

WORKING_DAYS_STREAM = "working-days"

ClosedDays = Annotated[
    tuple[date, ...],
    lines(
        "Days on which nobody works, beside weekends and bank holidays",
        "One day a line, like 24/12/2026. Days that are over stay as they are.",
    ),
]


class WorkingDaysSet(Event):
    """On the days that are `closed` nobody works: the council is shut, or a holiday was proclaimed.

    `bank_holidays` are those of England from `first_year` to `last_year` as they were known then:
    a release that knows more moves no day that is over.
    """

    policy_version: int
    closed: ClosedDays
    bank_holidays: Annotated[tuple[date, ...], FieldWords(label="Bank holidays that stand")]
    first_year: Annotated[int, FieldWords(label="First year whose bank holidays stand")]
    last_year: Annotated[int, FieldWords(label="Last year whose bank holidays stand")]

    @property
    def calendar(self) -> WorkingDays:
        years = range(self.first_year, self.last_year + 1)
        return WorkingDays(frozenset(self.closed), frozenset(self.bank_holidays), years)


NOTHING_SET = WorkingDaysSet(
    policy_version=0, closed=(), bank_holidays=(), first_year=0, last_year=-1
)
"""In force until a QA lead sets another: the bank holidays of England."""
