"""Numbers as charts print them: by the one way in which figures are rounded."""

from __future__ import annotations

from fractions import Fraction

from projections.figures.rounding import Exact, shown

Share = Exact | float
"""A share of 1, exact where it is known exactly."""


def exact(value: Share) -> Fraction:
    """A binary number as it is written, so that its halves round as halves."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def number(value: Share | None) -> float | None:
    return None if value is None else float(value)


def percentage(value: Share | None) -> str:
    return "no data" if value is None else shown(100 * exact(value), "percent")


def between(low: Share | None, high: Share | None) -> str:
    return "no data" if low is None or high is None else f"{percentage(low)} to {percentage(high)}"


def steps(shift: Share) -> str:
    return shown(exact(shift), "grade steps") if shift else "0"
