"""What stands in one cell: a date, a grade, yes or no, a number, a reference; or a fault.

Every parser takes a cell and returns the value, None for blank (blank is never 0 or "no"), or
raises `Refused` with one sentence that quotes the cell as it was written.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import TypeVar

from api.imports.files.months import month_of
from api.imports.files.tables import Cell, SheetRow, UnreadableCell, text_of
from api.imports.mapping import NOT_IN_FILE, normal
from qa.audits.judgements import LONGEST_TEXT
from qa.core.clock import LONDON
from qa.core.errors import Fault, Refused
from qa.core.words import Scale, ScalePoint

T = TypeVar("T")

EARLIEST = date(1990, 1, 1)
_EXCEL_DAY_ZERO = date(1899, 12, 30)  # Excel counts 29 February 1900, which never was
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? (?=\d{1,2}\D*[A-Za-z])", re.I)

NOT_APPLICABLE = frozenset(
    {
        "n a",
        "na",
        "n app",
        "not app",
        "not applicable",
        "non applicable",
        "not relevant",
        "does not apply",
        "doesnt apply",
    }
)
"""Spellings of "not applicable", as `normal` gives them."""
_NOT_APPLICABLE_AND_MORE = re.compile(r"(?:n a|not app(?:lic(?:able)?)?|n app) (?!\d)")
GRADE_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "outstanding": ("exceeds good",),
    "requires-improvement": ("requires improvement", "requires improvement to be good", "ri"),
    "not-applicable": tuple(sorted(NOT_APPLICABLE)),
}
"""Other names in use for a point of a scale, by its code; compared without case or punctuation."""


def parse_date(cell: Cell) -> date | None:
    """A civil date: 2021-04-30, 30/04/2021, 30.4.21, 30 April 2021, or an Excel date."""
    if isinstance(cell, datetime):
        return _plausible(
            cell.date() if cell.tzinfo is None else cell.astimezone(LONDON).date(), cell
        )
    if isinstance(cell, date):
        return _plausible(cell, cell)
    text = text_of(cell)
    if not text:
        return None
    if isinstance(cell, bool):
        raise _not_a_date(text)
    if re.fullmatch(r"\d{5}", text):
        return _plausible(_EXCEL_DAY_ZERO + timedelta(days=int(text)), text)
    bare = re.sub(r",?[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?$", "", text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d[T ].*(?:Z| ?UTC|[+-]\d{2}(?::?\d{2})?)", text):
        return _london_day(re.sub(r" ?UTC$", "Z", text))
    if weekday := _WEEKDAY.match(bare):
        day = parse_date(bare[weekday.end() :])
        if day is not None and f"{day:%a}".casefold() != weekday[1].casefold():
            raise _not_a_date(text, f": {day:%d %B %Y} was a {day:%A}")
        return day
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare):
        return date_of(int(match[1]), int(match[2]), int(match[3]), text)
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", bare):
        return date_of(_year(match[3]), int(match[2]), int(match[1]), text)
    if match := re.fullmatch(
        r"(\d{1,2})(?: ?(?:st|nd|rd|th))?(?:[-/ ]| of )([A-Za-z]{3,9})\.?,?[-/ ](\d{4}|\d{2})",
        bare,
    ):
        month = month_of(match[2])
        if month:
            return date_of(_year(match[3]), month, int(match[1]), text)
    if match := re.fullmatch(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", bare):
        month = month_of(match[1])
        if month:
            return date_of(int(match[3]), month, int(match[2]), text)
    raise _not_a_date(text)


def _london_day(text: str) -> date:
    """The day that it was in London at an instant."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise _not_a_date(text) from None
    return _plausible(instant.astimezone(LONDON).date(), text)


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def date_of(year: int, month: int, day: int, text: str) -> date:
    if not 1 <= month <= 12:
        raise _not_a_date(text, f": there is no month {month}")
    if year < 1:
        raise _not_a_date(text)
    length = calendar.monthrange(year, month)[1]
    if not 1 <= day <= length:
        raise _not_a_date(text, f": {calendar.month_name[month]} {year} has {length} days")
    return _plausible(date(year, month, day), text)


def _plausible(day: date, written: Cell) -> date:
    if day < EARLIEST:
        raise Refused(
            f"“{text_of(written)}” is a date before {EARLIEST.year}, which cannot be meant.",
            code="date-too-early",
        )
    return day


def _not_a_date(text: str, because: str = "") -> Refused:
    return Refused(f"“{text}” is not a date{because}.", code="not-a-date")


def is_not_applicable(text: str) -> bool:
    """Whether a cell says "not applicable", alone or with its reason ("N/A - unborn")."""
    wanted = normal(text)
    return wanted in NOT_APPLICABLE or bool(_NOT_APPLICABLE_AND_MORE.match(wanted))


def parse_grade(cell: Cell, scale: Scale) -> str | None:
    """The code of the point meant, by its code, label, short form or another name in use."""
    text = text_of(cell)
    if not text:
        return None
    point = grade_meant(text, scale)
    if point is None:
        known = ", ".join(point.label for point in scale.points)
        raise Refused(f"“{text}” is not a grade of {scale.name}: {known}.", code="not-a-grade")
    return point.code


def grade_parser(scale: Scale) -> Callable[[Cell], str | None]:
    """`parse_grade` for a column, where few different texts stand in many cells."""
    meant = lru_cache(partial(parse_grade, scale=scale))
    return lambda cell: meant(text_of(cell))


_MORE_OR_LESS = re.compile(r"[\w)]\s?[-+*–]{1,2}$")


def grade_meant(text: str, scale: Scale) -> ScalePoint | None:
    """The point of the scale that the text names, if it names one."""
    wanted = normal(text)
    if _MORE_OR_LESS.search(text.strip()):  # "RI+" is not RI
        return next((p for p in scale.points if text.strip() in (p.label, p.short)), None)
    for point in scale.points:
        names = {point.code, point.label, point.short, *GRADE_SYNONYMS.get(point.code, ())}
        if wanted and wanted in {normal(name) for name in names}:
            return point
    return None


_YES = frozenset({"yes", "y", "true", "1", "agreed", "agree"})
_NO = frozenset({"no", "n", "false", "0", "not agreed", "disagreed", "disagree"})


def parse_yes_no(cell: Cell) -> bool | None:
    text = text_of(cell)
    if not text:
        return None
    if normal(text) in _YES:
        return True
    if normal(text) in _NO:
        return False
    raise Refused(f"“{text}” is neither yes nor no.", code="not-yes-or-no")


def parse_integer(cell: Cell) -> int | None:
    """A whole number; "1,200" is one, "12.5" and "51.866d" are not."""
    text = text_of(cell)
    if not text:
        return None
    if isinstance(cell, bool) or not re.fullmatch(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?", text):
        raise Refused(f"“{text}” is not a whole number.", code="not-a-number")
    return int(text.replace(",", "").partition(".")[0])


def parse_text(cell: Cell, longest: int = 200) -> str | None:
    """One line of text with its spaces tidied."""
    text = " ".join(text_of(cell).split())
    if not text:
        return None
    if len(text) > longest:
        raise Refused(f"The text is longer than {longest} characters.", code="too-long")
    return text


def parse_word(cell: Cell, known: Mapping[str, T]) -> T | None:
    """What a word stands for, of those `known` by how they are written without signs."""
    text = parse_text(cell)
    if text is not None and normal(text) not in known:
        choices = ", ".join(dict.fromkeys(map(str, known.values())))
        raise Refused(f"“{text}” is none of these: {choices}.", code="word-unknown")
    return None if text is None else known[normal(text)]


def parse_prose(cell: Cell, longest: int = LONGEST_TEXT) -> str | None:
    """Words with their line breaks, as they stand."""
    text = text_of(cell).strip()
    if len(text) > longest:
        raise Refused(f"The text is longer than {longest:,} characters.", code="too-long")
    return text or None


def parse_child(cell: Cell) -> str | None:
    """The council's own reference for a child. What may be a name is refused and not repeated."""
    text = text_of(cell)
    if not text:
        return None
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9/_.-]{0,39}", text) or not re.search(r"\d", text):
        raise Refused(
            "This is not a child's reference: it needs a number in it and no spaces. Names are "
            "never kept here.",
            code="not-a-child-reference",
        )
    return text


class RowReader:
    """Reads the fields of one row and collects what is wrong with it.

    `headings` is field → heading. A cell that cannot be read counts as blank, so that one bad cell
    yields one fault and the rest of the row is still checked.
    """

    def __init__(
        self,
        row: SheetRow,
        places: Mapping[str, int],
        headings: Mapping[str, str],
        faults: list[Fault],
    ) -> None:
        self._row, self._places, self._headings, self._faults = row, places, headings, faults

    @property
    def found(self) -> int:
        """How many faults were found so far."""
        return len(self._faults)

    def get(
        self,
        field: str,
        parse: Callable[[Cell], T | None],
        *,
        required: bool = False,
        quote: bool = True,
        unreadable: bool = False,
    ) -> T | None:
        """The field's value, or None where it is blank, unreadable or has no column. What is
        `unreadable` is left to a parser that can keep it."""
        heading = self._headings.get(field)
        if heading is None:
            return None
        cell = self._row.cells[self._places[heading]]
        if isinstance(cell, UnreadableCell) and not unreadable:
            self.fault(field, cell.code, cell.sentence, cell.text if quote else None)
            return None
        try:
            value = parse(cell)
        except Refused as refusal:
            fault = refusal.faults[0]
            self.fault(field, fault.code, fault.sentence, text_of(cell) if quote else None)
            return None
        if value is None and required:
            self.fault(field, "missing", f"{heading} is blank.", "")
        return value

    def has(self, field: str) -> bool:
        """Whether a column is read as the field."""
        return field in self._headings

    def is_made(self, field: str) -> bool:
        """Whether the field is said of every row alike, and no column of the file holds it."""
        return self._headings.get(field, "").endswith(NOT_IN_FILE)

    def fault(self, field: str, code: str, sentence: str, value: str | None = None) -> None:
        """Note a fault of this row, at the column that the field was read from."""
        column = self._headings.get(field)
        self._faults.append(
            Fault(field, code, sentence, row=self._row.number, column=column, value=value)
        )
