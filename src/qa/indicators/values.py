"""Checks of values and periods as they are entered, as text.

Every fault is named at its field. Nothing is guessed: a number is a number or it is refused, and a
value that does not agree with its own parts is refused with both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, get_args

from qa.core import fields
from qa.core.errors import Fault, Refused
from qa.core.fields import FieldWords, choice
from qa.core.frozen import Frozen
from qa.core.periods import Period, parse_period
from qa.core.words import rounded
from qa.indicators.definition import Unit, entered

State = Literal["value", "not-applicable", "no-value"]
PeriodTyped = Annotated[
    str, FieldWords(label="Period", hint="For example, 2026/27 Q1, or May 2026.")
]
_NUMBER = re.compile(r"[-−+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")


class ValueDraft(Frozen):
    """A value for a period as it was entered, as text so that its precision is kept: "17.70".
    `said` is what a cell held, where one did."""

    period: PeriodTyped
    state: Annotated[
        State,
        choice("What there is", missing="Choose a value, not applicable, or no value."),
    ] = "value"
    value: Annotated[
        str, FieldWords(label="Value", hint="Exactly as it is given: 17.70 stays 17.70.")
    ] = ""
    numerator: Annotated[str, FieldWords(label="Numerator (optional)")] = ""
    denominator: Annotated[str, FieldWords(label="Denominator (optional)")] = ""
    source: Annotated[
        str,
        entered(
            "Source (optional)",
            "Leave empty for the council’s own value. Another source’s value stands beside it.",
            longest=500,
        ),
    ] = ""
    said: Annotated[str, entered("What the cell held", longest=500)] = ""
    note: Annotated[
        str, entered("Note (optional)", "For example, excludes December.", longest=500)
    ] = ""
    excluded: Annotated[str, entered("What both parts leave out (optional)", longest=500)] = ""


@dataclass(frozen=True, slots=True)
class CheckedValue:
    """A value that fits its indicator. `value` is None where the state is not "value"."""

    state: State
    value: Decimal | None
    numerator: int | None
    denominator: int | None


def number(text: str, field: str, faults: list[Fault], *, sign: str = "") -> Decimal | None:
    """The exact number a text holds, with its precision; None for blank or a fault.

    `sign` is the sign of the unit that may stand with it ("%" or "£").
    """
    entry = text.strip()
    bare = entry.removeprefix("£" if sign == "£" else "\0").strip()
    bare = bare.removesuffix("%" if sign == "%" else "\0").strip()
    bare = _THOUSANDS.sub(lambda found: found[0].replace(" ", ""), bare)
    if not bare:
        if entry:
            faults.append(Fault(field, "not-a-number", f"“{entry}” is not a number.", value=entry))
        return None
    if not _NUMBER.fullmatch(bare):
        faults.append(Fault(field, "not-a-number", f"“{entry}” is not a number.", value=entry))
        return None
    if len(bare) > 30:
        faults.append(Fault(field, "number-too-long", "The number has too many digits."))
        return None
    return Decimal(bare.replace(",", "").replace("−", "-"))


def whole(text: str, field: str, faults: list[Fault]) -> int | None:
    """The whole number, not negative, that a text holds; None for blank or a fault."""
    found = number(text, field, faults)
    if found is None:
        return None
    if found < 0 or found != found.to_integral_value():
        sentence = f"“{text.strip()}” is not a whole number from 0 upwards."
        faults.append(Fault(field, "not-a-count", sentence, value=text.strip()))
        return None
    return int(found)


def value(draft: ValueDraft, unit: Unit, faults: list[Fault]) -> CheckedValue | None:
    """The value that was entered, fitting its unit and its own parts; None where faults were found.

    A value given only by its two parts is worked out from them: per cent, rates and means to one
    place.
    """
    faults += fields.faults(draft)
    before = len(faults)
    if draft.state not in get_args(State):
        return None
    if draft.state != "value":
        for field in ("value", "numerator", "denominator"):
            if str(getattr(draft, field)).strip():
                sentence = "Leave this blank where there is no value."
                faults.append(Fault(field, "value-not-asked", sentence))
        if len(faults) > before:
            return None
        return CheckedValue(draft.state, None, None, None)
    given = number(draft.value, "value", faults, sign=sign_of(unit))
    above = whole(draft.numerator, "numerator", faults)
    below = whole(draft.denominator, "denominator", faults)
    if len(faults) > before:
        return None
    _parts(above, below, unit, faults)
    if given is None and (above is None or (below is None and unit != "count")):
        faults.append(Fault("value", "value-missing", "Give the value, or both of its parts."))
    in_range(given, "value", unit, faults)
    if len(faults) > before:
        return None
    exact = of_parts(above, below, unit)
    if given is None:
        assert exact is not None
        given = rounded(exact, 0 if unit == "count" else 1)
    elif exact is not None and rounded(exact, places(given)) != given:
        parts = f"{above}" if below is None or unit == "count" else f"{above} of {below}"
        shown = rounded(exact, max(1, places(given)))
        sentence = f"{parts} gives {shown.normalize():f}, not {given}. Check all of them."
        faults.append(Fault("value", "value-and-parts-differ", sentence, value=draft.value))
        return None
    return CheckedValue("value", given, above, below)


_SCALES: dict[Unit, int] = {"percent": 100, "rate-per-10000": 10_000}


def of_parts(above: int | None, below: int | None, unit: Unit) -> Fraction | None:
    """The exact value that the parts give in that unit; None where they give none."""
    if above is None:
        return None
    if unit == "count":
        return Fraction(above)
    if not below:
        return None
    return Fraction(_SCALES.get(unit, 1) * above, below)


def places(value: Decimal) -> int:
    """How many decimal places a number was given with."""
    text = str(value)
    # Nearly every number is written out, and its text is quicker had than its tuple of digits.
    if "E" not in text:
        return len(text.partition(".")[2])
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _parts(above: int | None, below: int | None, unit: Unit, faults: list[Fault]) -> None:
    if below == 0:
        sentence = "Nothing can be divided by 0. Say that there is no value instead."
        faults.append(Fault("denominator", "denominator-zero", sentence, value="0"))
    elif unit == "percent" and above is not None and below is not None and above > below:
        sentence = f"{above} cannot be part of {below}."
        faults.append(Fault("numerator", "numerator-over-denominator", sentence, value=str(above)))


def in_range(value: Decimal | None, field: str, unit: Unit, faults: list[Fault]) -> None:
    if value is None:
        return
    if unit == "percent" and not 0 <= value <= 100:
        sentence = f"{value}% is outside 0% to 100%."
        faults.append(Fault(field, "percent-out-of-range", sentence, value=str(value)))
    elif unit in ("count", "days", "rate-per-10000") and value < 0:
        faults.append(Fault(field, "negative", f"{value} is below 0.", value=str(value)))
    elif unit == "count" and value != value.to_integral_value():
        sentence = f"{value} is not a whole number."
        faults.append(Fault(field, "not-a-count", sentence, value=str(value)))


def period(
    text: str, kind: str, today: date, faults: list[Fault], *, field: str = "period"
) -> Period | None:
    """The period of that kind with this label, over by `today`; None where a fault was found."""
    found = any_period(text, today, faults, field=field, over=False)
    if found is None:
        return None
    if found.kind != kind:
        sentence = f"{found.label} is not a {kind}, and this indicator is given by {kind}."
        faults.append(Fault(field, "period-of-the-wrong-kind", sentence, value=text))
        return None
    if found.end > today:
        future = found.start > today
        code = "period-in-the-future" if future else "period-not-over"
        sentence = f"{found.label} {'is in the future' if future else 'is not over yet'}."
        faults.append(Fault(field, code, sentence, value=text))
        return None
    return found


EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)
"""A day outside these is a slip of the hand."""


def plausible(day: date | None, field: str, faults: list[Fault]) -> None:
    if day is not None and not EARLIEST <= day < LATEST:
        sentence = f"Give a day from {EARLIEST.year} on and before {LATEST.year}."
        faults.append(Fault(field, "day-implausible", sentence, value=day.isoformat()))


def any_period(
    text: str, today: date, faults: list[Fault], *, field: str = "period", over: bool = True
) -> Period | None:
    """The period of any kind with this label, begun by `today` where `over` asks for it."""
    try:
        found = parse_period(text)
    except Refused as refusal:
        faults.append(Fault(field, "unknown-period", refusal.sentence, value=text))
        return None
    except ValueError:
        faults.append(Fault(field, "unknown-period", f"“{text}” lies beyond all calendars."))
        return None
    if over and found.start > today:
        sentence = f"{found.label} is in the future."
        faults.append(Fault(field, "period-in-the-future", sentence, value=text))
        return None
    return found


def one_of(text: str, known: Sequence[str], field: str, sentence: str, faults: list[Fault]) -> None:
    if text not in known:
        faults.append(Fault(field, f"{field}-unknown", sentence, value=text))


def sign_of(unit: Unit) -> str:
    return {"percent": "%", "money": "£"}.get(unit, "")
