"""A column of dates: one cell can prove in which order all of them are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from api.imports.answers import DateOrder, ImportOption, ImportQuestion
from api.imports.files.tables import Cell, SheetRow, UnreadableCell, text_of
from api.imports.values import date_of
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
    heading: str, rows: Sequence[SheetRow], cells: Sequence[Cell], order: DateOrder | None
) -> SettledColumn:
    """Where a cell proves that months come first, those that could be either are not read before
    somebody says which; nothing but days first is taken for granted."""
    parts = [_parts(cell) for cell in cells]
    if order is not None:
        return SettledColumn([_ordered(c, p, order) for c, p in zip(cells, parts, strict=True)])
    days = [text_of(c) for c, p in zip(cells, parts, strict=True) if p and _only(p, "day-first")]
    months = [
        text_of(c) for c, p in zip(cells, parts, strict=True) if p and _only(p, "month-first")
    ]
    either = [bool(p and _either(p)) for p in parts]
    swapped = [isinstance(c, date | datetime) and _swappable(c) for c in cells]
    real = [c for c in cells if isinstance(c, date | datetime)]
    turned = (
        len(real) >= _TURNED and all(c.day <= 12 for c in real) and bool(days) and not any(either)
    )
    if not months and not turned:
        notes = []
        if any(either) and not days:
            first = text_of(next(c for c, doubt in zip(cells, either, strict=True) if doubt))
            sentence = (
                "Every date of this column could have its month first. They are read with the day "
                f"first: “{first}” is {_words(first, 'day-first')}."
            )
            notes.append(Fault("", "dates-day-first", sentence, column=heading))
        return SettledColumn(list(cells), notes=notes)
    proof = months[0] if months else days[0]
    found: list[Cell] = []
    waiting: list[int] = []
    for row, cell, doubt, real_doubt in zip(rows, cells, either, swapped, strict=True):
        if doubt or real_doubt:
            text = text_of(cell)
            sentence = (
                f"“{text}” could be {_words(text, 'day-first')} or {_words(text, 'month-first')}: "
                f"“{proof}” stands in the same column."
                if doubt
                else f"{text} may have been turned round by the spreadsheet: “{proof}” stands in "
                "the same column as text."
            )
            found.append(UnreadableCell(text, "date-doubtful", sentence))
            waiting.append(row.number)
        elif text_of(cell) in months:
            text = text_of(cell)
            sentence = (
                f"“{text}” can only be {_words(text, 'month-first')}. Say how the dates of this "
                "column are written."
            )
            found.append(UnreadableCell(text, "date-doubtful", sentence))
            waiting.append(row.number)
        else:
            found.append(cell)
    likely: list[DateOrder] = (
        ["month-first", "day-first"] if len(months) >= len(days) else ["day-first", "month-first"]
    )
    example = text_of(next((c for c, d in zip(cells, either, strict=True) if d), proof))
    options = tuple(
        ImportOption(
            one, f"{'Month' if one == 'month-first' else 'Day'} first{_example(example, one)}"
        )
        for one in likely
    )
    sentence = f"How are the dates of “{heading}” written? One of them is “{proof}”."
    question = ImportQuestion(
        "date_orders", heading, sentence, options, rows=tuple(waiting), needed=False
    )
    return SettledColumn(found, [question])


def _example(text: str, order: DateOrder) -> str:
    words = _words(text, order)
    return f": “{text}” is {words}" if words else ""


def _parts(cell: Cell) -> tuple[int, int, int] | None:
    match = NUMERIC.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if match is None:
        return None
    year = int(match[3])
    return int(match[1]), int(match[2]), year if len(match[3]) == 4 else 2000 + year


def _only(parts: tuple[int, int, int], order: DateOrder) -> bool:
    day, month = parts[:2] if order == "day-first" else (parts[1], parts[0])
    return 12 < day <= 31 and 1 <= month <= 12


def _either(parts: tuple[int, int, int]) -> bool:
    return 1 <= parts[0] <= 12 and 1 <= parts[1] <= 12 and parts[0] != parts[1]


def _swappable(day: date) -> bool:
    return day.day <= 12 and day.day != day.month


def _ordered(cell: Cell, parts: tuple[int, int, int] | None, order: DateOrder) -> Cell:
    if parts is None or order == "day-first":
        return cell
    month, day, year = parts
    try:
        return date_of(year, month, day, text_of(cell))
    except Refused as refused:
        return UnreadableCell(text_of(cell), refused.faults[0].code, refused.faults[0].sentence)


def _words(text: str, order: DateOrder) -> str:
    parts = _parts(text)
    if parts is None:
        return ""
    day, month = parts[:2] if order == "day-first" else (parts[1], parts[0])
    try:
        found = date_of(parts[2], month, day, text)
    except Refused:
        return ""
    return f"{found.day} {found:%B %Y}"
