"""The event behind the working days (stream ``working-days``)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from qa.core.clock import WorkingDays
from qa.core.event import Event

WORKING_DAYS_STREAM = "working-days"


class WorkingDaysSet(Event):
    """On the days that are `closed` nobody works: the council is shut, or a holiday was proclaimed.

    `bank_holidays` are those of England from `first_year` to `last_year` as they were known then:
    a release that knows more moves no day that is over.
    """

    TYPE: ClassVar[str] = "WorkingDaysSet"
    policy_version: int
    closed: tuple[date, ...]
    bank_holidays: tuple[date, ...]
    first_year: int
    last_year: int

    @property
    def calendar(self) -> WorkingDays:
        years = range(self.first_year, self.last_year + 1)
        return WorkingDays(frozenset(self.closed), frozenset(self.bank_holidays), years)


NOTHING_SET = WorkingDaysSet(
    policy_version=0, closed=(), bank_holidays=(), first_year=0, last_year=-1
)
"""In force until a QA lead sets another: the bank holidays of England."""
