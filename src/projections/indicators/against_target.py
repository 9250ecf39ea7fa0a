"""A value against the target in force: met, near, not met, or why that cannot be said.

A target of direction is read against the period before; one of change by per cent a year against
the same period a year before. Where there is no such period on record, the first value of the same
financial year is the base, and the sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from projections.figures.figure import Figure, relative_change
from projections.figures.rounding import Exact
from qa.core.clock import add_months
from qa.core.periods import Period, PeriodKind, period_of
from qa.indicators.definition import Target

Code = Literal["met", "near", "not-met", "not-evaluable", "none"]
LABELS: dict[Code, str] = {
    "met": "Met",
    "near": "Near the target",
    "not-met": "Not met",
    "not-evaluable": "Cannot be evaluated",
    "none": "No target",
}


class TargetStatus(NamedTuple):
    """How a value stands against its target, with the sentence that says why."""

    code: Code
    say: str | Callable[[], str]
    target: Target | None = None

    @property
    def sentence(self) -> str:
        return self.say if isinstance(self.say, str) else self.say()

    @property
    def label(self) -> str:
        return LABELS[self.code]


class Shown(NamedTuple):
    """A period of the series: its value where it has one, and whether the series breaks there."""

    period: Period
    figure: Figure | None
    breaks: bool
    comparators: tuple[tuple[str, Period, Figure], ...]


def status(points: Sequence[Shown], at: int, target: Target | None) -> TargetStatus:
    """The status of the point at that place; `points` are neighbouring periods in order."""
    if target is None:
        return TargetStatus("none", "No target is set for this period.")
    if target.comparator == "monitor":
        return TargetStatus("none", "Only monitored: there is nothing to reach.", target)
    point = points[at]
    if point.figure is None or point.figure.exact is None:
        return _cannot(target, f"{point.period.label} has no value.")
    value = _fraction(point.figure.exact)
    if target.comparator in ("gte", "lte", "between"):
        return _numeric(target, point.figure, value)
    if target.comparator == "aligned":
        return _aligned(target, point, value)
    if target.comparator == "change-by-percent-a-year":
        return _by_the_year(target, points, at)
    return _direction(target, points, at, value)


def wanted(target: Target | None, unit_sign: str = "") -> str:
    """The target in words: "at least 70%"."""
    if target is None:
        return "No target"
    of = "" if target.of is None else f"{target.of}{unit_sign}".replace("-", "−")
    by = "" if target.of is None else f"{abs(target.of)}%"
    way = "reduction" if target.of is not None and target.of < 0 else "increase"
    return {
        "gte": f"at least {of}",
        "lte": f"at most {of}",
        "between": f"{of} to {target.upto}{unit_sign}",
        "increase": "an increase",
        "decrease": "a reduction",
        "change-by-percent-a-year": f"a {way} of {by} a year".replace("a increase", "an increase"),
        "aligned": f"aligned with {target.against or 'the comparator'}",
        "monitor": "monitored only",
    }[target.comparator]


def compared(one: Exact, other: Exact) -> int:
    """Above, below or 0 as the one number is above, below or equal to the other; not by how much.

    Exact, and several times faster than to subtract fractions, which brings them to lowest terms.
    """
    above, below = one.as_integer_ratio()
    other_above, other_below = other.as_integer_ratio()
    return above * other_below - other_above * below


@lru_cache(maxsize=1024)
def _of(number: Decimal) -> Fraction:
    return Fraction(number)


def _fraction(number: Fraction | Decimal) -> Fraction:
    return number if isinstance(number, Fraction) else _of(number)


def _cannot(target: Target, why: str) -> TargetStatus:
    return TargetStatus("not-evaluable", why, target)


def _reached(
    target: Target, low: Exact, high: Exact, sentence: str | Callable[[], str]
) -> TargetStatus:
    """Met where `high` reaches `low`, near where it falls short by the tolerance at most, else not
    met."""
    if compared(high, low) >= 0:
        return TargetStatus("met", sentence, target)
    near = target.tolerance and _fraction(low) - _fraction(high) <= _of(target.tolerance)
    return TargetStatus("near" if near else "not-met", sentence, target)


def _numeric(target: Target, figure: Figure, value: Fraction) -> TargetStatus:
    assert target.of is not None
    low, sign = _of(target.of), "%" if figure.unit == "percent" else ""

    def sentence() -> str:
        return f"{figure.display} against {wanted(target, sign)}."

    if target.comparator == "gte" or (target.comparator == "between" and value < low):
        return _reached(target, low, value, sentence)
    high = low if target.upto is None else _of(target.upto)
    return _reached(target, value, high, sentence)


def _aligned(target: Target, point: Shown, value: Fraction) -> TargetStatus:
    named = [each for each in point.comparators if not target.against or each[0] == target.against]
    if not named:
        whose = target.against or "a comparator"
        return _cannot(target, f"There is no value of {whose} for {point.period.label}.")
    if len(named) > 1:
        return _cannot(target, "The target does not say which comparator is meant.")
    name, _, figure = named[0]
    assert figure.exact is not None
    assert point.figure is not None
    apart = abs(value - Fraction(figure.exact))
    sentence = f"{point.figure.display} against {figure.display} of {name}."
    if apart == 0:
        return TargetStatus("met", sentence, target)
    if not target.tolerance:
        return _cannot(target, f"{sentence} No tolerance says how near counts as aligned.")
    code: Code = "met" if apart <= Fraction(target.tolerance) else "not-met"
    return TargetStatus(code, sentence, target)


def _direction(target: Target, points: Sequence[Shown], at: int, value: Fraction) -> TargetStatus:
    figure = points[at].figure
    assert figure is not None
    if points[at].breaks:
        return _cannot(target, "The series breaks here, so there is nothing to compare with.")
    before = points[at - 1] if at else None
    if before is None or before.figure is None or before.figure.exact is None:
        label = points[at].period.preceding.label
        return _cannot(target, f"{label}, the period before, has no value.")
    change = value - Fraction(before.figure.exact)
    risen = change if target.comparator == "increase" else -change
    sentence = (
        f"{before.figure.display} to {figure.display}, against {wanted(target)} on the period "
        "before."
    )
    if risen > 0:
        return TargetStatus("met", sentence, target)
    near = bool(target.tolerance) and -risen <= Fraction(target.tolerance)
    return TargetStatus("near" if near else "not-met", sentence, target)


def _by_the_year(target: Target, points: Sequence[Shown], at: int) -> TargetStatus:
    assert target.of is not None
    point = points[at]
    base = _base(points, at)
    if base is None:
        return _cannot(target, "There is no earlier value of the year to compare with.")
    since, whole_year = base
    earlier = points[since]
    if any(each.breaks for each in points[since + 1 : at + 1]):
        return _cannot(target, f"The series breaks after {earlier.period.label}.")
    assert earlier.figure is not None
    assert point.figure is not None
    change = relative_change(earlier.figure, point.figure)
    if change.exact is None:
        return _cannot(target, f"{earlier.period.label} was 0; nothing is a per cent of it.")
    sentence = (
        f"{earlier.figure.display} to {point.figure.display} is {change.display} since "
        f"{earlier.period.label}, against {wanted(target)}."
    )
    if not whole_year:
        sentence += " A year before there is no value; this is the change within the year so far."
    of, risen = Fraction(target.of), Fraction(change.exact)
    low, high = (risen, of) if of < 0 else (of, risen)
    return _reached(target, low, high, sentence)


def _base(points: Sequence[Shown], at: int) -> tuple[int, bool] | None:
    """The place of the value to compare with, and whether it lies a whole year back."""
    start = points[at].period.start
    year_before, year = add_months(start, -12), period_of(start, PeriodKind.FINANCIAL_YEAR)
    known = [n for n in range(at) if _exact(points[n]) is not None]
    for n in known:
        if points[n].period.start == year_before:
            return n, True
    for n in known:
        if points[n].period.start in year:
            return n, False
    return None


def _exact(point: Shown) -> object:
    return None if point.figure is None else point.figure.exact
