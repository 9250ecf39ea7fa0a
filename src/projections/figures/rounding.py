"""How numbers are shown, by their unit: the one place where a figure is rounded."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from qa.core.words import rounded

Unit = Literal[
    "percent", "coefficient", "grade steps", "count", "days", "percentage points",
    "per 10,000", "score", "pounds", "probability",
]  # fmt: skip
Exact = Fraction | Decimal

UNKNOWN = "–"

PLACES: dict[str, int] = {
    "percent": 1,
    "percentage points": 1,
    "coefficient": 4,
    "grade steps": 2,
    "days": 1,
    "count": 0,
    "per 10,000": 1,
    "score": 2,
    "pounds": 2,
    "probability": 4,
}
DISPLAY_PLACES = PLACES | {"percent": 0, "coefficient": 2, "score": 1, "probability": 2}
_BOUNDS: dict[str, tuple[int, int]] = {
    "percent": (0, 100),
    "coefficient": (-1, 1),
    "probability": (0, 1),
}
"""What is only said of a value that reaches it: 254 of 255 is not 100%."""


def shown(
    value: Exact | None, unit: Unit, places: int | None = None, ends: Sequence[int] = ()
) -> str:
    """A value as a page, a chart and a document show it; an en dash where it is unknown.

    Halves are rounded away from zero, and never to a bound that is not reached: 254 of 255 is
    "above 99%", and a probability of 0.001 "below 0.01". `ends` are bounds that the figure has of
    itself, as those of a scale of ratings.
    """
    if value is None:
        return UNKNOWN
    places = DISPLAY_PLACES[unit] if places is None else places
    number = rounded_off(value, places)
    if number not in (*_BOUNDS.get(unit, ()), *ends) or number == value:
        return shown_rounded(value, unit, places)
    step = Decimal(1).scaleb(-places)
    if value < number:
        return f"above {shown_rounded(number - step, unit, places)}"
    return f"below {shown_rounded(number + step, unit, places)}"


def shown_rounded(value: Exact | None, unit: Unit, places: int | None = None) -> str:
    if value is None:
        return UNKNOWN
    number = rounded_off(value, DISPLAY_PLACES[unit] if places is None else places)
    if unit in ("grade steps", "percentage points"):
        return signed(number)
    text = str(number).replace("-", "−")
    if unit == "percent":
        return f"{text}%"
    if unit == "pounds":
        return f"£{number:,}".replace("£-", "−£")
    if unit == "days":
        days = number.to_integral_value() if number == int(number) else number
        return f"{days} day" if days == 1 else f"{days} days"
    return text


def signed(number: Decimal) -> str:
    return f"+{number}" if number > 0 else str(number).replace("-", "−")


def told_apart(value: Exact, unit: Unit, places: int, ends: Sequence[int] = ()) -> Decimal:
    """Rounded to so many places, or to as many as tell it from a bound that it does not reach."""
    number = rounded_off(value, places)
    while number in (*_BOUNDS.get(unit, ()), *ends) and number != value:
        places += 1
        number = rounded_off(value, places)
    return number


def rounded_off(value: Exact, places: int) -> Decimal:
    """`qa.core.words.rounded`, without a negative nought."""
    number = rounded(value, places)
    return abs(number) if number == 0 else number
