"""Whether a success measure is met, by what was reported of it: met, not met, ambiguous, or not
evaluable with its reason. Nothing is guessed.

- A measure without a number as its target cannot be evaluated, and neither can one of which no
  value was reported.
- Of reports on several periods, the one on the latest period decides; of two that end on the same
  day, the one on the shorter period; of two on the same period, the later report.
- A report with several figures meets the target only if each does, unless it says otherwise: its
  figures are two readings of what was asked (then they must agree), add up, or do not answer it.
- A measure that an indicator answers takes that answer where no report decides. Where both decide
  and differ, it is ambiguous.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from projections.plans.record import Measure, PlanRecord
from qa.core.clock import add_months
from qa.plans.action_events import SuccessMeasureReported

State = Literal["met", "not-met", "ambiguous", "not-evaluable"]
Answer = Literal["met", "not-met", "unknown"]

NO_TARGET = "no numeric target"
NO_VALUE = "no value published for this measure"
OTHER_UNIT = "the value is in another unit than the target"
DIFFER = "what was reported and the indicator differ"

_MEETS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gte": operator.ge,
    "gt": operator.gt,
    "lte": operator.le,
    "lt": operator.lt,
    "eq": operator.eq,
}


def meets(comparator: str, value: Fraction, target: Decimal) -> bool | None:
    """Whether a value meets a target; None where the comparator asks for no number."""
    compare = _MEETS.get(comparator)
    return None if compare is None else compare(value, Fraction(target))


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What is made of a measure; `report` is the one that decides, if any does."""

    state: State
    reason: str
    report: SuccessMeasureReported | None = None
    by_indicator: bool = False

    @property
    def values(self) -> tuple[Decimal, ...]:
        return () if self.report is None else self.report.values


def evaluate(
    measure: Measure, reports: Sequence[SuccessMeasureReported], answer: Answer = "unknown"
) -> Evaluated:
    """What the reports of a measure, in the order they were recorded, and its indicator say."""
    meets = _MEETS.get(measure.comparator or "")
    found = (
        Evaluated("not-evaluable", NO_TARGET)
        if meets is None or measure.target is None
        else _by_reports(measure, measure.target, meets, reports)
    )
    if answer == "unknown" or found.state == "ambiguous":
        return found
    if found.state == "not-evaluable":
        return Evaluated(answer, "by its indicator", found.report, by_indicator=True)
    return found if found.state == answer else Evaluated("ambiguous", DIFFER, found.report)


def _by_reports(
    measure: Measure,
    target: Decimal,
    meets: Callable[[Decimal, Decimal], bool],
    reports: Sequence[SuccessMeasureReported],
) -> Evaluated:
    valued = [(at, one) for at, one in enumerate(reports) if one.values]
    if not valued:
        return Evaluated("not-evaluable", NO_VALUE)
    _, report = max(valued, key=lambda pair: (*_recency(pair[1].period), pair[0]))
    if measure.unit and report.unit and measure.unit != report.unit:
        return Evaluated("not-evaluable", OTHER_UNIT, report)
    if report.reading == "none":
        return Evaluated("not-evaluable", report.note, report)
    values = [sum(report.values, Decimal(0))] if report.reading == "sum" else report.values
    so = [meets(value, target) for value in values]
    if report.reading == "either" and any(so) and not all(so):
        return Evaluated("ambiguous", report.note, report)
    return Evaluated("met" if all(so) else "not-met", report.note, report)


def _recency(period: str) -> tuple[date, int]:
    """The last day of a period, and how short it is; a period that names no days comes last."""
    last: date
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", period):
        year, month, day = map(int, match.groups())
        last, days = date(year, month, day), 1
    elif match := re.fullmatch(r"(\d{4})-(\d{2})", period):
        year, second = map(int, match.groups())
        if second == (year + 1) % 100 and second > 12:
            return date(year + 1, 3, 31), -365
        if not 1 <= second <= 12:
            return date.min, -366
        last, days = date.fromordinal(add_months(date(year, second, 1), 1).toordinal() - 1), 31
    else:
        return date.min, -366
    return last, -days


def measures_on(
    record: PlanRecord, action: str, day: date, answers: Mapping[str, Answer]
) -> list[tuple[Measure, Evaluated]]:
    """The measures of an action that stand on `day`, each with what was said of it by its end.

    `answers` holds, by the id of a measure, what its indicator says.
    """
    reports = [one.content for one in record.reports.get(action, ()) if one.on <= day]
    return [
        (
            measure,
            evaluate(
                measure,
                [one for one in reports if one.measure == measure.id],
                answers.get(measure.id, "unknown"),
            ),
        )
        for measure in record.measures.get(action, ())
        if measure.stands_on(day)
    ]
