"""What one cell of a table of indicators or success measures says: "27% exc Dec", "10% (22/214)".

A value keeps the precision it was written in. Blank, "N/A" and words without a value are three
different states, and none of them is zero. What could mean two things is refused, with both named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from api.imports.columns.numbers import ungrouped
from api.imports.files.tables import Cell, text_of
from qa.core.errors import Refused
from qa.core.words import rounded

State = Literal["value", "not-applicable", "no-value"]
Sign = Literal["percent", "money"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A cell's content. `sign` is the unit that stood beside the number, if one did.

    `note` is what the cell says beside its value, or all of it where there is none; `said` is the
    whole cell as it stood.
    """

    state: State
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    sign: Sign | None
    note: str
    said: str


_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_LEADING = re.compile(
    rf"(?P<money>£\s?)?(?P<number>[-+−]?(?:{_NUMBER}))(?P<percent>\s?(?:%|per ?cent\b))?"
)
_PARTS = re.compile(r"(\d+)\s*(?:/|\bout of\b|\bof\b)\s*(\d+)(?!\d|\s*/)")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_BASE = re.compile(r"n\s*=\s*(\d+)", re.IGNORECASE)
_NOT_APPLICABLE = re.compile(r"n\s*[/.]?\s*a\.?|not applicable", re.IGNORECASE)
_BOUND = re.compile(r"[<>≤≥~≈]|c\.|about|around|approx|over |under |up to ", re.IGNORECASE)
_OR_MORE = re.compile(r"\+|or (?:more|fewer|less|over|above|under)\b|ish\b", re.IGNORECASE)
_TIMES = re.compile(r"(?:k|m|thousand|million|hundred|dozen)s?\b", re.IGNORECASE)
_NO_DAYS = re.compile(r"(?:hour|hr|week|wk|month|year|yr)s?\b", re.IGNORECASE)


def parse_measured(cell: Cell, *, unit: str | None = None) -> Measured | None:
    """The content of a cell; None for blank. `unit` is the indicator's, where it is known.

    A single count in brackets is taken as numerator, or as denominator, only where whole numbers
    allow no other reading; else it stays in the note.

    Raises:
        Refused: no exact number but something like one: two values, a bound, a date, or (where
            `unit` is percent) a number that may be a fraction.
    """
    text = " ".join(text_of(cell).split())
    if not text:
        return None
    if isinstance(cell, date | datetime | time):
        raise Refused(f"“{text}” is a date, not a value.", code="date-for-value")
    if isinstance(cell, bool):
        raise Refused(f"“{text}” is not a value.", code="not-a-number")
    if _NOT_APPLICABLE.fullmatch(text):
        return Measured("not-applicable", None, None, None, None, "", text)
    if whole := _PARTS.match(text):
        return _from_parts(text, whole)
    plain = text_of(ungrouped(text))
    match = _LEADING.match(plain)
    if match is None:
        return _without_value(text)
    rest = plain[match.end() :].strip()
    if _OR_MORE.match(rest):
        raise _not_exact(text)
    if (
        (rest and (plain[match.end()].isalnum() or plain[match.end()] == "_"))
        or re.match(r"[-–/,.'’]\s?\d", rest)
        or _TIMES.match(rest)
        or (unit == "days" and _NO_DAYS.match(rest))
    ):
        raise _unclear(text)
    if rest[:1].isdigit():
        raise Refused(f"“{text}” holds more than one value.", code="several-values")
    if rest[:1].isnumeric():  # "1½"
        raise _unclear(text)
    value = Decimal(match["number"].replace(",", "").replace("−", "-"))
    percent = match["percent"] is not None
    if (percent and unit not in (None, "percent")) or (
        match["money"] and unit not in (None, "money")
    ):
        shown = "%" if percent else "£"
        sentence = f"“{text}” has the sign {shown}, but the value is given in another unit."
        raise Refused(sentence, code="other-unit")
    if unit == "percent" and not percent and 0 < abs(value) < 1:
        raise Refused(
            f"“{text}” may be a fraction or a per cent. Write {(100 * value).normalize():f}% or "
            f"{value}%.",
            code="percent-or-fraction",
        )
    numerator, denominator, note = _beside(value, rest, percent or unit == "percent")
    if re.search(rf"(?:{_NUMBER})\s?%", note):
        raise Refused(f"“{text}” holds more than one value.", code="several-values")
    sign: Sign | None = "percent" if percent else "money" if match["money"] else None
    return Measured("value", value, numerator, denominator, sign, note, text)


def _from_parts(text: str, match: re.Match[str]) -> Measured:
    """A cell that begins with its parts: "22/214", "22/214 (10%)", "41 of 50"."""
    numerator, denominator = int(match[1]), int(match[2])
    rest = text[match.end() :].strip()
    value: Decimal | None = None
    sign: Sign | None = None
    stated = re.match(rf"\(?\s?=?\s?({_NUMBER})\s?%\)?", rest)
    if stated:
        value, sign = Decimal(stated[1].replace(",", "")), "percent"
        rest = rest[stated.end() :].strip()
    if rest[:1].isdigit() or re.search(rf"(?:{_NUMBER})\s?%", rest):
        raise Refused(f"“{text}” holds more than one value.", code="several-values")
    return Measured("value", value, numerator, denominator, sign, _note(rest), text)


def _without_value(text: str) -> Measured:
    """Words. Words around a number are refused rather than read: nobody knows which they mean."""
    if _BOUND.match(text) and re.search(r"\d", text):
        raise _not_exact(text)
    wordless = any(map(str.isnumeric, text)) and not any(map(str.isalpha, text))
    if wordless or re.search(r"%|per ?cent", text, re.IGNORECASE):
        raise _unclear(text)
    return Measured("no-value", None, None, None, None, text, text)


def _not_exact(text: str) -> Refused:
    return Refused(f"“{text}” is a bound or an estimate, not an exact value.", code="not-exact")


def _unclear(text: str) -> Refused:
    return Refused(f"“{text}” is not a number.", code="not-a-number")


def _beside(value: Decimal, rest: str, percent: bool) -> tuple[int | None, int | None, str]:
    """Numerator, denominator and note of what follows the value."""
    bracketed = _BRACKETED.match(rest)
    inside = bracketed[1].strip() if bracketed else ""
    after = rest[bracketed.end() :] if bracketed else rest
    if bracketed and (parts := _PARTS.match(inside)):
        return int(parts[1]), int(parts[2]), _note(inside[parts.end() :], after)
    if bracketed and (base := _BASE.fullmatch(inside)):
        return None, int(base[1]), _note(after)
    if bracketed and percent and inside.isdigit():
        count = int(inside)
        above, below = _can_be_numerator(value, count), _can_be_denominator(value, count)
        if above != below:
            return (count, None, _note(after)) if above else (None, count, _note(after))
    if bracketed and not after.strip() and not inside.isdigit():
        return None, None, _note(inside)
    return None, None, _note(rest)


def _note(*texts: str) -> str:
    return " ".join(" ".join(texts).strip(" ,;:").split())


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _can_be_denominator(value: Decimal, base: int) -> bool:
    """Whether some whole number out of `base` is this per cent, as precisely as it is given."""
    if base == 0:
        return False
    about = int(value * base / 100)
    places = _places(value)
    return any(
        rounded(Fraction(100 * part, base), places) == value
        for part in range(max(0, about - 1), about + 3)
    )


def _can_be_numerator(value: Decimal, part: int) -> bool:
    """Whether `part` out of some whole number is this per cent, as precisely as it is given."""
    if value == 0 or part == 0:
        return value == part
    places = _places(value)
    about = int(100 * part / value)
    # The bases that give this value lie within half a unit of its last place.
    reach = int(Decimal(part) * 100 / (value * value) * Decimal(1).scaleb(-places)) + 2
    return any(
        rounded(Fraction(100 * part, base), places) == value
        for base in range(max(1, part, about - reach), about + reach)
    )
