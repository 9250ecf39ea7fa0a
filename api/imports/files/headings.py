"""From the lines of a file to a table: which line the headings are, and the rows under them.

Titles may stand above a table, in one cell or in several, and a heading may take two lines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest

from api.imports.files.months import month_meant
from api.imports.files.tables import (
    Cell,
    Limits,
    Line,
    SheetRow,
    UnreadableCell,
    file_refused,
    letter,
    normal,
    text_of,
)
from qa.core.errors import Fault, refuse_any
from qa.core.texts import fault_of

LOOKED_AT = 60
"""Lines among which the headings are looked for, and under them for how many cells are filled."""
WIDE_ENOUGH = 0.66
"""The share of what most rows fill that a line of headings names at least."""
UNSEEN = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]")
"""Characters that are not seen and yet make one text another."""
_DATA = re.compile(r"[-+]?\d[\d\s.,]*%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[/-]\s?\d{2,4})?")
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")

Merged = tuple[int, int, int, int]
"""First and last line, first and last column of merged cells, each counted from 0."""


@dataclass(frozen=True, slots=True)
class SheetLines:
    """A sheet before its headings are known."""

    title: str | None
    lines: list[Line]
    merged: Sequence[Merged] = ()
    notes: list[Fault] = field(default_factory=list)
    coloured: Sequence[tuple[int, int]] = ()
    """Cells, by number of row and place, that hold a colour and no word."""


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet as a table, with how many of its headings are known names."""

    title: str | None
    headings: tuple[str, ...]
    rows: list[SheetRow]
    faults: list[Fault]
    notes: list[Fault]
    known: int


def heading_text(cell: Cell) -> str:
    """A heading in one line; a month that Excel made a date of is a month again."""
    if isinstance(cell, date | datetime) and cell.day == 1:
        return f"{cell:%b-%y}"
    return " ".join(UNSEEN.sub("", text_of(cell)).split())


def table_of(sheet: SheetLines, known: Collection[str], limits: Limits) -> SheetTable:
    """The table in a sheet. `known` are headings that such a file may have, as `normal` gives them.

    Raises:
        Refused: there is none, or its headings are missing, doubled or data.
    """
    lines = [line for line in sheet.lines if any(map(text_of, line.cells))]
    if not lines:
        raise file_refused("empty-file", "The file is empty.")
    at = _headings_at(lines, known)
    headings, first, last = _headings(lines, at, sheet, known)
    body = lines[last + 1 :]
    while headings and not headings[-1]:
        headings.pop()
    _check_headings(headings, lines[last].cells, body, limits)
    notes = list(sheet.notes)
    filled = _fill_merged(sheet, headings, body, notes)
    rows, faults = _rows(headings, filled, notes, limits)
    if not rows:
        raise file_refused("no-rows", "There are headings but no rows under them.")
    notes += _colours(sheet, headings, rows)
    for line in lines[:first][:3]:
        words = " ".join(filter(None, map(heading_text, line.cells)))[:120]
        sentence = f"Row {line.number} stands above the headings and is not read: {words}"
        notes.append(Fault("file", "title-line", sentence))
    kept = [place for place, heading in enumerate(headings) if heading]
    return SheetTable(
        title=sheet.title,
        headings=tuple(headings[place] for place in kept),
        rows=[
            SheetRow(row.number, row.line, tuple(row.cells[place] for place in kept))
            for row in rows
        ],
        faults=faults,
        notes=notes,
        known=sum(normal(heading) in known for heading in headings),
    )


# -- the line of the headings


def _headings_at(lines: Sequence[Line], known: Collection[str]) -> int:
    """The first line with half of the known names that any has; else the first as wide as what is
    under it."""
    begin = lines[:LOOKED_AT]
    matches = [sum(normal(heading_text(cell)) in known for cell in line.cells) for line in begin]
    if max(matches) > 1:
        # Not the one with most: two lines of headings share them, and they may stand there again.
        return next(
            at for at, found in enumerate(matches) if 2 * found >= max(matches) and found > 1
        )
    several = [at for at, line in enumerate(begin) if len(_filled(line)) > 1]
    for at in several:
        under = sorted(len(_filled(line)) for line in lines[at + 1 : at + 1 + LOOKED_AT])
        width = under[3 * (len(under) - 1) // 4] if under else 0
        named = [heading_text(begin[at].cells[place]) for place in _filled(begin[at])]
        data = [name for name in named if _DATA.fullmatch(name) and not month_meant(name)]
        if len(named) >= WIDE_ENOUGH * width and not data:
            return at
    return several[0] if several else 0


def _filled(line: Line) -> set[int]:
    return {place for place, cell in enumerate(line.cells) if text_of(cell)}


def _headings(
    lines: Sequence[Line], at: int, sheet: SheetLines, known: Collection[str]
) -> tuple[list[str], int, int]:
    """The headings, and the first and last of the lines that they take."""
    if at + 1 < len(lines) and (
        _two_lines(lines[at], lines[at + 1], sheet, known)
        or _groups_alone(lines[at], lines[at + 1], known)
    ):
        return _joined(lines[at], lines[at + 1], known), at, at + 1
    if at and (
        _two_lines(lines[at - 1], lines[at], sheet, known)
        or (
            len(_filled(lines[at - 1])) > 1  # one is the title of the sheet
            and lines[at].number == lines[at - 1].number + 1
            and _groups_alone(lines[at - 1], lines[at], known)
        )
    ):
        return _joined(lines[at - 1], lines[at], known), at - 1, at
    return [heading_text(cell) for cell in lines[at].cells], at, at


def _two_lines(upper: Line, lower: Line, sheet: SheetLines, known: Collection[str]) -> bool:
    """Whether a line of headings goes on in the next: some stand above, some below, and what has
    something below it is the title of a group."""
    above, below = _filled(upper), _filled(lower)
    under = [heading_text(lower.cells[place]) for place in below]
    if lower.number != upper.number + 1 or len(below) < 2 or not above - below:
        return False
    if any(map(_DATA.fullmatch, under)):
        return False
    groups = {
        place
        for place in above & below
        if (place + 1 not in above and place + 1 in below)
        or _year_over(*(heading_text(line.cells[place]) for line in (upper, lower)))
    }
    if above & below - groups or not (below - above):
        return False
    merged = any(top == upper.number - 1 < bottom for top, bottom, _, _ in sheet.merged)
    named = any(normal(text) in known for text in under)
    return merged or named or not any(re.search(r"\d", text) for text in under)


def _year_over(upper: str, lower: str) -> bool:
    """Whether the upper text is the year that a month or a quarter below it is of."""
    of_year = _YEARS.fullmatch(upper) and re.fullmatch(r"[A-Za-z]{3,9}\.?|[Qq][1-4]", lower)
    return bool(of_year)


def _groups_alone(upper: Line, lower: Line, known: Collection[str]) -> bool:
    """Whether a line holds titles of groups alone, and every heading stands in the next."""
    above, below = _filled(upper), _filled(lower)
    ends = below | {max(below, default=0) + 1}
    titles = {place for place in above & below if place + 1 in ends - above}
    under = [heading_text(lower.cells[place]) for place in below]
    named = sum(normal(text) in known for text in under)
    # Months are known headings below their year.
    named += sum(
        _year_over(*(heading_text(line.cells[place]) for line in (upper, lower)))
        for place in titles
    )
    return above == titles and named > 1 and not any(map(_DATA.fullmatch, under))


_OF_ANYTHING = frozenset(
    {"no", "number", "num", "ref", "reference", "id", "code", "title", "name", "date"}
)
"""Headings that say nothing of whose number, title or date stands under them."""


def _joined(upper: Line, lower: Line, known: Collection[str]) -> list[str]:
    """Two lines of headings as one; the title of a group stands before what would be doubled, or
    would not say whose it is."""
    width = max(len(upper.cells), len(lower.cells))
    tops, names, groups = [], list[str](), list[str]()
    for place in range(width):
        top, name = (
            heading_text(line.cells[place]) if place < len(line.cells) else ""
            for line in (upper, lower)
        )
        tops.append(top)
        names.append(name)
        groups.append(top or (groups[-1] if groups and name else ""))
    doubled = {normal(name) for name in names if name and names.count(name) > 1}

    def owed(group: str, name: str) -> bool:
        if _year_over(group, name):
            return True
        bare, whole = normal(name), normal(f"{group} {name}")
        if bare in doubled or whole in known:
            return True
        if bare not in _OF_ANYTHING or bare not in known:
            return bare in _OF_ANYTHING
        # "Audit details" over "Date" leaves a date that is known; "Moderation" over it does not.
        return any(f"{one} ".startswith(f"{normal(group)} ") for one in known)

    return [
        (f"{group} {name}" if group and owed(group, name) else name) if name else top
        for top, name, group in zip(tops, names, groups, strict=True)
    ]


def _check_headings(
    headings: list[str], cells: Sequence[Cell], body: Sequence[Line], limits: Limits
) -> None:
    """Refuse headings that are missing, doubled, nameless over values, or plainly data."""
    if len(headings) > limits.columns:
        raise file_refused("too-many-columns", f"There are more than {limits.columns} columns.")
    data = [place for place, heading in enumerate(headings) if _DATA.fullmatch(heading)]
    if (data and not _are_periods(headings, data, body)) or _over_days(cells, body):
        sentence = "The first row holds dates or numbers, so the columns have no headings."
        days = [headings[place] for place in data if not month_meant(headings[place])]
        if len(data) > 1 and days and all(map(_DAY.fullmatch, days)):
            sentence += f" Where “{days[0]}” is to be a month, write it like Jan-24."
        raise file_refused("no-headings", sentence)
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, heading in enumerate(headings):
        if unkept := fault_of(heading, ""):
            faults.append(Fault("", unkept.code, unkept.sentence, column=letter(place)))
        if not heading:
            if any(place < len(line.cells) and text_of(line.cells[place]) for line in body):
                sentence = f"Column {letter(place)} holds values but has no heading."
                faults.append(Fault("", "no-heading", sentence, column=letter(place)))
            continue
        key = normal(heading) or heading
        if key in seen:
            sentence = f"Two columns are called “{heading}”; one of them has to be renamed."
            faults.append(Fault("", "duplicate-heading", sentence, column=heading))
        seen.add(key)
    refuse_any(faults)


def _are_periods(headings: Sequence[str], places: Sequence[int], body: Sequence[Line]) -> bool:
    """Whether headings that are numbers are years, side by side, with no year under them; or
    months by their first or last day, with no day under them."""
    years = [headings[place] for place in places]
    under = [text_of(line.cells[p]) for line in body for p in places if p < len(line.cells)]
    if len(years) < len(headings) and all(map(month_meant, years)):
        return not any(map(_DAY.fullmatch, under))
    return (
        len(years) > 1
        and all(map(_YEAR.fullmatch, years))
        and len(years) < len(headings)
        and not any(map(_YEAR.fullmatch, under))
    )


def _over_days(cells: Sequence[Cell], body: Sequence[Line]) -> bool:
    """Whether a date in the headings stands over dates, so that the headings are a row of data."""
    places = [place for place, cell in enumerate(cells) if isinstance(cell, date)]
    return any(
        isinstance(line.cells[place], date)
        for line in body
        for place in places
        if place < len(line.cells)
    )


# -- the rows


def _fill_merged(
    sheet: SheetLines, headings: Sequence[str], body: Sequence[Line], notes: list[Fault]
) -> list[Line]:
    """The body with what stands in cells merged downwards given to every row of theirs."""
    at = {line.number: line for line in body}
    first = body[0].number if body else 0
    found: dict[str, list[str]] = {}
    for top, bottom, left, right in sheet.merged:
        if top + 1 < first or left >= len(headings):
            continue
        name = headings[left] or letter(left)
        if bottom == top:
            sentence = (
                f"Cells {letter(left)}{top + 1} to {letter(right)}{top + 1} are merged. What they "
                f"hold is read as {name}."
            )
            notes.append(Fault("", "merged-across", sentence, row=top + 1, column=name))
            continue
        top_line = at.get(top + 1)
        value = (
            top_line.cells[left] if top_line is not None and left < len(top_line.cells) else None
        )
        for number in range(top + 2, bottom + 2):
            line = at.get(number)
            if line is not None and value is not None:
                line.cells.extend([None] * (left + 1 - len(line.cells)))
                line.cells[left] = value
        found.setdefault(name, []).append(f"{top + 1} to {bottom + 1}")
    for name, spans in found.items():
        sentence = (
            f"Cells of “{name}” are merged. What each holds is taken for all its rows: "
            f"{', '.join(spans[:10])}{' and more' if len(spans) > 10 else ''}."
        )
        notes.append(Fault("", "merged-cells", sentence, column=name))
    return list(body)


def _rows(
    headings: Sequence[str], body: Sequence[Line], notes: list[Fault], limits: Limits
) -> tuple[list[SheetRow], list[Fault]]:
    width, rows, faults = len(headings), list[SheetRow](), list[Fault]()
    again = [heading for heading in headings if heading]
    unseen: dict[str, int] = {}
    for line in body:
        cells = line.cells
        texts = (text for text in map(heading_text, cells) if text)
        if all(text == heading for text, heading in zip_longest(texts, again)):
            sentence = f"Row {line.number} repeats the headings and is not read."
            notes.append(Fault("", "headings-again", sentence, row=line.number))
            continue
        fitted = list(_fitted(cells, headings, unseen))
        for place, cell in enumerate(fitted):
            found = fault_of(cell, "") if isinstance(cell, str) else None
            if found is not None:
                name = headings[place] or letter(place)
                faults.append(Fault("", found.code, found.sentence, row=line.number, column=name))
        extra = [text_of(cell) for cell in cells[width:] if text_of(cell)]
        if extra:
            sentence = (
                f"Row {line.number} has more cells than there are headings; its values may have "
                f"slid sideways. Left over: {' | '.join(extra)}."
            )
            faults.append(Fault("", "shifted-row", sentence, row=line.number))
        rows.append(SheetRow(line.number, line.line, tuple(fitted)))
        if len(rows) > limits.rows:
            raise file_refused("too-many-rows", f"The file has more than {limits.rows:,} rows.")
    for name, count in unseen.items():
        sentence = (
            f"{count} {'cell holds a character' if count == 1 else 'cells hold characters'} that "
            f"cannot be seen. {'It was' if count == 1 else 'They were'} removed."
        )
        notes.append(Fault("", "unseen-character", sentence, column=name))
    return rows, faults


def _fitted(
    cells: Sequence[Cell], headings: Sequence[str], unseen: dict[str, int]
) -> Iterator[Cell]:
    for place, heading in enumerate(headings):
        cell = cells[place] if place < len(cells) else None
        if isinstance(cell, str):
            if not cell.isascii() and (plain := UNSEEN.sub("", cell)) != cell:
                unseen[heading] = unseen.get(heading, 0) + 1
                cell = plain
            cell = cell.strip() or None
        elif isinstance(cell, UnreadableCell) and not heading:
            cell = None
        yield cell


def _colours(
    sheet: SheetLines, headings: Sequence[str], rows: Sequence[SheetRow]
) -> Iterator[Fault]:
    numbers = {row.number for row in rows}
    counted: dict[int, int] = {}
    for number, place in sheet.coloured:
        if number in numbers and place < len(headings) and headings[place]:
            counted[place] = counted.get(place, 0) + 1
    for place, count in counted.items():
        cells = "coloured cell holds" if count == 1 else "coloured cells hold"
        sentence = f"{count} {cells} no word. A colour alone is not read."
        yield Fault("", "colour-only", sentence, column=headings[place])
