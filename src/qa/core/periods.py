"""The stretches of time that figures are given for, each printed with its own name.

Financial years begin on 1 April, so "2021/22 Q2" is July to September 2021. A calendar year and
the financial year that shares its digits are different periods and never share a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from qa.core.clock import add_months
from qa.core.errors import Refused

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class PeriodKind(StrEnum):
    """How long a period is. The values are the words of the command line and the query string."""

    MONTH = "month"
    QUARTER = "quarter"
    CALENDAR_QUARTER = "calendar-quarter"
    FINANCIAL_YEAR = "financial-year"
    CALENDAR_YEAR = "calendar-year"

    @property
    def months(self) -> int:
        return _LENGTHS[self]

    @property
    def label(self) -> str:
        return _KIND_LABELS[self]


_LENGTHS = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.CALENDAR_QUARTER: 3,
    PeriodKind.FINANCIAL_YEAR: 12,
    PeriodKind.CALENDAR_YEAR: 12,
}
_KIND_LABELS = {
    PeriodKind.MONTH: "Month",
    PeriodKind.QUARTER: "Quarter of the financial year",
    PeriodKind.CALENDAR_QUARTER: "Quarter of the calendar year",
    PeriodKind.FINANCIAL_YEAR: "Financial year",
    PeriodKind.CALENDAR_YEAR: "Calendar year",
}


@dataclass(frozen=True, slots=True)
class Period:
    """One period: its first day, its last day (inclusive) and its name."""

    kind: PeriodKind
    start: date
    end: date
    label: str

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.label

    @property
    def following(self) -> Period:
        return period_of(self.end + timedelta(days=1), self.kind)

    @property
    def preceding(self) -> Period:
        return period_of(self.start - timedelta(days=1), self.kind)


@lru_cache(maxsize=4096)
def period_of(day: date, kind: PeriodKind) -> Period:
    """The period of that kind which holds the day."""
    start = _start(day, kind)
    end = add_months(start, kind.months) - timedelta(days=1)
    return Period(kind, start, end, _label(start, kind))


def periods_between(first: date, last: date, kind: PeriodKind) -> Iterator[Period]:
    """Every period from the one that holds `first` to the one that holds `last`, in order."""
    if last < first:
        return
    period = period_of(first, kind)
    while period.start <= last:
        yield period
        period = period.following


def parse_kind(word: str) -> PeriodKind:
    """The kind named by a word of the command line; refuses any other word."""
    try:
        return PeriodKind(word.strip().casefold())
    except ValueError:
        known = ", ".join(PeriodKind)
        raise Refused(
            f"There is no period called “{word}”. Choose one of: {known}.",
            field="by",
            code="unknown-period",
        ) from None


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Period:
    """The period with this label, as `Period.label` prints it ("2021/22 Q2", "May 2021")."""
    words = " ".join(text.split())
    if match := re.fullmatch(r"(\d{4})/(\d{2})(?: Q([1-4]))?", words):
        year = int(match[1])
        if (year + 1) % 100 == int(match[2]) and year > 0:
            if match[3] is None:
                return period_of(date(year, 4, 1), PeriodKind.FINANCIAL_YEAR)
            start = add_months(date(year, 4, 1), 3 * (int(match[3]) - 1))
            return period_of(start, PeriodKind.QUARTER)
    elif match := re.fullmatch(r"([1-9]\d{3})(?: Q([1-4]) \(calendar\))?", words):
        year = int(match[1])
        if match[2] is None:
            return period_of(date(year, 1, 1), PeriodKind.CALENDAR_YEAR)
        return period_of(date(year, 3 * int(match[2]), 1), PeriodKind.CALENDAR_QUARTER)
    elif (match := re.fullmatch(r"([A-Za-z]+) ([1-9]\d{3})", words)) and (
        match[1].capitalize() in MONTHS
    ):
        month = MONTHS.index(match[1].capitalize()) + 1
        return period_of(date(int(match[2]), month, 1), PeriodKind.MONTH)
    raise Refused(
        f"“{text}” is not a period. Write it like 2021/22 Q2, 2021/22, 2021 Q2 (calendar), 2021 "
        "or May 2021.",
        field="period",
        code="unknown-period",
    )


def _start(day: date, kind: PeriodKind) -> date:
    if kind is PeriodKind.MONTH:
        return day.replace(day=1)
    if kind in (PeriodKind.QUARTER, PeriodKind.CALENDAR_QUARTER):
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    if kind is PeriodKind.CALENDAR_YEAR:
        return date(day.year, 1, 1)
    return date(_financial_year(day), 4, 1)


def _financial_year(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def _label(start: date, kind: PeriodKind) -> str:
    year = _financial_year(start)
    financial = f"{year}/{(year + 1) % 100:02d}"
    if kind is PeriodKind.MONTH:
        return f"{MONTHS[start.month - 1]} {start.year}"
    if kind is PeriodKind.QUARTER:
        return f"{financial} Q{(start.month - 4) % 12 // 3 + 1}"
    if kind is PeriodKind.CALENDAR_QUARTER:
        return f"{start.year} Q{(start.month - 1) // 3 + 1} (calendar)"
    return financial if kind is PeriodKind.FINANCIAL_YEAR else str(start.year)
