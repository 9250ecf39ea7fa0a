"""The days that a report is asked of, and the groups that it is cut into."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from qa.core.errors import Fault, NotFound, Refused
from qa.core.periods import Period, PeriodKind, period_of, periods_between

MOST_PERIODS = 600
WHOLE = "Whole range"
"""What the row of all periods is called."""

_PERIOD_KEYS = {kind: kind.value.replace("-", "_") for kind in PeriodKind}


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeQuestion:
    """From which day to which, both inclusive, and by which periods."""

    start: date
    end: date
    by: PeriodKind = PeriodKind.QUARTER

    def range_faults(self) -> list[Fault]:
        if self.end < self.start:
            return [Fault("to", "period-backwards", "The last day lies before the first.")]
        if (self.end - self.start).days // (28 * self.by.months) > MOST_PERIODS:
            sentence = f"That is more than {MOST_PERIODS} periods. Ask for fewer or longer ones."
            return [Fault("by", "too-many-periods", sentence)]
        return []

    @property
    def period_key(self) -> str:
        """The name of the period in a group: ``quarter``, ``financial_year`` …"""
        return _PERIOD_KEYS[self.by]

    def periods(self) -> list[Period]:
        """Every period of the range. The first and the last may reach beyond it."""
        return list(periods_between(self.start, self.end, self.by))

    def within(self, period: Period) -> tuple[date, date]:
        """The days of a period that the range covers."""
        return max(period.start, self.start), min(period.end, self.end)


def cut_faults(
    dimensions: Iterable[str], filters: Iterable[str], known: Collection[str]
) -> list[Fault]:
    """What a report is cut by or narrowed to that is not among the `known` dimensions."""
    choices = ", ".join(known)
    return [
        Fault(
            name,
            "unknown-dimension",
            f"“{word}” is not something to break down by. Choose from: {choices}.",
        )
        for name, given in (("dimension", dimensions), ("filter", filters))
        for word in given
        if word not in known
    ]


def days_of(group: Mapping[str, object]) -> tuple[date, date]:
    """The first and the last day of a group that a report gave. Raises `Refused` without them."""
    try:
        return date.fromisoformat(str(group["from"])), date.fromisoformat(str(group["to"]))
    except (KeyError, ValueError):
        raise Refused(
            "A group names its first and last day.", field="group", code="group-malformed"
        ) from None


class Ranged(Protocol):
    """A question about days, by periods."""

    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date: ...
    @property
    def by(self) -> PeriodKind: ...


def days_of_row(question: Ranged, group: Mapping[str, object]) -> tuple[date, date]:
    """The first and the last day of a row, by the group that a report gave it.

    Raises:
        Refused: it names no days.
        NotFound: they lie outside what was asked, or are not those of the period that it names.
    """
    first, last = days = days_of(group)
    start, end = question.start, question.end
    named = {key: str(group[key]) for key in _PERIOD_KEYS.values() if group.get(key) is not None}
    is_so = start <= first <= last <= end
    if named:
        period = period_of(first, question.by)
        whole = (max(period.start, start), min(period.end, end))
        is_so = named == {_PERIOD_KEYS[question.by]: period.label} and days == whole
    if group.get("total") is not None:
        is_so = is_so and (str(group["total"]), *days) == (WHOLE, start, end)
    if not is_so:
        raise NotFound("There is no such row.")
    return days
