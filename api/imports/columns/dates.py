"""A column of dates: one cell can prove in which order all of them are written."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from api.imports.answers import DateOrder, ImportOption, ImportQuestion
from api.imports.files.months import month_meant
from api.imports.files.tables import Cell, SheetRow, UnreadableCell, text_of
from api.imports.values import date_of, parse_date
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Fault, Refused

NUMERIC = re.compile(
    r"(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})"
    r"(?:,?[T ]\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?)?"
)
_TURNED = 3
"""Real dates at least, all of them possible either way round, that show a column was turned."""


@dataclass(frozen=True, slots=True)
class SettledColumn:
    """The cells of a column after all of them were looked at, what is still to be asked of it, and
    what is to be known of it."""

    cells: list[Cell]
    questions: list[ImportQuestion] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def settle_dates(
    heading: str,
    rows: Sequence[SheetRow],
    cells: Sequence[Cell],
    answer: DateOrder | None,
    *,
    by_day: bool = True,
    beside: Callable[[], str] = str,
) -> SettledColumn:
    """Of a column with months, such as "Apr-25", it is asked which day stands for each, where its
    dates are days (`by_day`).

    Where a cell proves that months come first, those that could be either are not read before
    somebody says which; nothing but days first is taken for granted. So it is where one `beside`
    it, of another column of the file, does, and no cell of its own tells. Real dates that the
    spreadsheet may have turned round wait until it is said of them too whether they stand."""
    months_in = [_month(cell) for cell in cells] if by_day else []
    if any(months_in):
        return _settle_months(heading, rows, cells, months_in, answer)
    parts = [_parts(cell) for cell in cells]
    days = [text_of(c) for c, p in zip(cells, parts, strict=True) if p and _only(p, "day-first")]
    months = [
        text_of(c) for c, p in zip(cells, parts, strict=True) if p and _only(p, "month-first")
    ]
    either = [text_of(c) for c, p in zip(cells, parts, strict=True) if p and _either(p)]
    real = [c for c in cells if isinstance(c, date)]
    turned = len(real) >= _TURNED and all(c.day <= 12 for c in real) and bool(days) and not either
    proof = next(iter((*months, *days)), "") if months or turned else ""
    where = "stands in the same column"
    if answer is None and either and not days and not proof and (other := beside()):
        proof, where = other, "stands in another column"
    if answer is None and not proof:
        notes = []
        if either and not days:
            sentence = (
                "Every date of this column could have its month first. They are read with the day "
                f"first: “{either[0]}” is {_words(either[0], 'day-first')}."
            )
            notes.append(Fault("", "dates-day-first", sentence, column=heading))
        return SettledColumn(list(cells), notes=notes)
    order, real_dates = _ANSWERS[answer]
    found: list[Cell] = []
    waiting: list[int] = []
    doubted: list[date] = []
    for row, cell, part in zip(rows, cells, parts, strict=True):
        doubt = ""
        if isinstance(cell, date):
            if proof and _swappable(cell):
                if real_dates == "turned":
                    cell = cell.replace(month=cell.day, day=cell.month)
                elif real_dates is None:
                    doubted.append(cell)
                    doubt = (
                        f"{text_of(cell)} may have been turned round by the spreadsheet: “{proof}” "
                        f"{where} as text."
                    )
        elif order is not None:
            cell = _ordered(cell, part, order)
        elif part is not None:
            doubt = _doubt(text_of(cell), part, f"“{proof}” {where}.")
        if doubt:
            waiting.append(row.number)
        found.append(UnreadableCell(text_of(cell), "date-doubtful", doubt) if doubt else cell)
    if not waiting:
        return SettledColumn(found)
    likely: list[_Order] = (
        ["month-first", "day-first"] if len(months) >= len(days) else ["day-first", "month-first"]
    )
    options = _options(likely, next(iter(either), proof), doubted)
    example = proof if months or turned else next(iter(either), proof)
    sentence = f"How are the dates of “{heading}” written? One of them is “{example}”."
    question = ImportQuestion(
        "date_orders", heading, sentence, options, rows=tuple(waiting), needed=False
    )
    return SettledColumn(found, [question])


def _month(cell: Cell) -> date | None:
    """The month that a text means which is no day."""
    found = month_meant(cell) if isinstance(cell, str) else None
    if found is None:
        return None
    try:
        parse_date(cell)
    except Refused:
        return found
    return None


def _settle_months(
    heading: str,
    rows: Sequence[SheetRow],
    cells: Sequence[Cell],
    months_in: Sequence[date | None],
    answer: DateOrder | None,
) -> SettledColumn:
    """The column with the first or the last day of each month, or each that waits for it. Other
    cells are read by themselves."""
    if answer in ("month-begins", "month-ends"):
        last = answer == "month-ends"
        return SettledColumn(
            [
                c if m is None else m.replace(day=monthrange(m.year, m.month)[1] if last else 1)
                for c, m in zip(cells, months_in, strict=True)
            ]
        )
    found: list[Cell] = []
    waiting = []
    for row, cell, month in zip(rows, cells, months_in, strict=True):
        if month is not None:
            waiting.append(row.number)
            sentence = f"“{text_of(cell)}” is a month. Say which of its days stands for it."
            cell = UnreadableCell(text_of(cell), "month-for-day", sentence)
        found.append(cell)
    question = ImportQuestion(
        "date_orders",
        heading,
        f"“{heading}” holds months. Which day stands for each?",
        (
            ImportOption("month-ends", "The last day of the month"),
            ImportOption("month-begins", "The first day of the month"),
        ),
        rows=tuple(waiting),
        needed=False,
    )
    return SettledColumn(found, [question])


_Order = Literal["day-first", "month-first"]
_ANSWERS: Mapping[DateOrder | None, tuple[_Order | None, Literal["turned", "stand"] | None]] = {
    None: (None, None),
    "day-first": ("day-first", None),
    "month-first": ("month-first", None),
    "day-first-dates-turned": ("day-first", "turned"),
    "month-first-dates-turned": ("month-first", "turned"),
    "day-first-dates-stand": ("day-first", "stand"),
    "month-first-dates-stand": ("month-first", "stand"),
    "month-begins": (None, None),
    "month-ends": (None, None),
}
"""What an answer says of the texts of a column, and of its real dates that are in doubt."""


def month_first(columns: Mapping[str, Sequence[Cell]], besides: str) -> str:
    """A date of another column that can only have its month first, where none of that column can
    only have its day first."""
    for heading, cells in columns.items():
        parts = [(cell, found) for cell in cells if (found := _parts(cell)) is not None]
        if heading == besides or any(_only(found, "day-first") for _, found in parts):
            continue
        proof = next((text_of(cell) for cell, one in parts if _only(one, "month-first")), "")
        if proof:
            return proof
    return ""


def _doubt(text: str, parts: tuple[int, int, int], proof: str) -> str:
    """Why a text is not read before the order is known; nothing where it is read."""
    if _either(parts):
        return (
            f"“{text}” could be {_words(text, 'day-first')} or {_words(text, 'month-first')}: "
            f"{proof}"
        )
    if _only(parts, "month-first"):
        return (
            f"“{text}” can only be {_words(text, 'month-first')}. Say how the dates of this "
            "column are written."
        )
    return ""


def _options(
    likely: Sequence[_Order], example: str, doubted: Sequence[date]
) -> tuple[ImportOption, ...]:
    """The orders with the likeliest first; where real dates are in doubt, each with what becomes
    of them: a spreadsheet that left a text turned the others."""
    words = {
        one: f"{'Month' if one == 'month-first' else 'Day'} first{_example(example, one)}"
        for one in likely
    }
    if not doubted:
        return tuple(ImportOption(one, words[one]) for one in likely)
    first = doubted[0]
    back = first.replace(month=first.day, day=first.month)
    ends = {
        "turned": f"the real dates turned back ({in_words(first)} is {in_words(back)})",
        "stand": f"the real dates stand ({in_words(first)})",
    }
    return tuple(
        ImportOption(f"{one}-dates-{end}", f"{words[one]}; {clause}")
        for end, clause in ends.items()
        for one in likely
    )


def _example(text: str, order: _Order) -> str:
    words = _words(text, order)
    return f": “{text}” is {words}" if words else ""


def _parts(cell: Cell) -> tuple[int, int, int] | None:
    match = NUMERIC.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if match is None:
        return None
    year = int(match[3])
    return int(match[1]), int(match[2]), year if len(match[3]) == 4 else 2000 + year


def _only(parts: tuple[int, int, int], order: _Order) -> bool:
    day, month = parts[:2] if order == "day-first" else (parts[1], parts[0])
    return 12 < day <= 31 and 1 <= month <= 12


def _either(parts: tuple[int, int, int]) -> bool:
    return 1 <= parts[0] <= 12 and 1 <= parts[1] <= 12 and parts[0] != parts[1]


def _swappable(day: date) -> bool:
    return day.day <= 12 and day.day != day.month


def _ordered(cell: Cell, parts: tuple[int, int, int] | None, order: _Order) -> Cell:
    if parts is None or order == "day-first":
        return cell
    month, day, year = parts
    if not 1 <= month <= 12:
        sentence = (
            f"“{text_of(cell)}” is not a date: there is no month {month} with the month first."
        )
        return UnreadableCell(text_of(cell), "not-a-date", sentence)
    try:
        return date_of(year, month, day, text_of(cell))
    except Refused as refused:
        return UnreadableCell(text_of(cell), refused.faults[0].code, refused.faults[0].sentence)


def _words(text: str, order: _Order) -> str:
    parts = _parts(text)
    if parts is None:
        return ""
    day, month = parts[:2] if order == "day-first" else (parts[1], parts[0])
    try:
        found = date_of(parts[2], month, day, text)
    except Refused:
        return ""
    return in_words(found)
