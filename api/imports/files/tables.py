"""What every reader of files gives: headings, numbered rows, and what was noticed on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import TypedDict

from qa.core.errors import Fault, Refused

NEXT_SHEET = 1_000_000
"""What the numbers of rows go up by from one sheet to the next, where several are read."""


@dataclass(frozen=True, slots=True)
class UnreadableCell:
    """A cell that is not taken as it stands, and why; it refuses its row where it is read."""

    text: str
    code: str
    sentence: str


Cell = str | int | float | date | datetime | time | bool | UnreadableCell | None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most; `unpacked` is the size of an Excel file once unzipped, `strings`
    the number of different texts in it."""

    bytes: int = 20_000_000
    unpacked: int = 200_000_000
    parts: int = 2_000
    rows: int = 50_000
    columns: int = 200
    strings: int = 500_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file before anything is made of it: `number` is the row that a spreadsheet shows,
    `line` the line of a text file."""

    number: int
    line: int
    cells: list[Cell]


class PlaceInFile(TypedDict):
    """Where a row stands in its file."""

    row: int
    line: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: `number` is the one that a spreadsheet shows, beyond `NEXT_SHEET` for every sheet
    read before its own; `line` is its line in a text file."""

    number: int
    line: int
    cells: tuple[Cell, ...]

    @property
    def place(self) -> PlaceInFile:
        return {"row": self.number, "line": self.line}


@dataclass(frozen=True, slots=True)
class SheetRows:
    """A table with at least one row. Every row has exactly one cell a heading.

    `faults` are the rows that could not be taken as they stand, `notes` what was noticed and
    refuses nothing. `sheet` names the Excel sheets that were read, `alike` those with the same
    headings that were not.
    """

    name: str
    file_sha256: str
    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    sheet: str | None = None
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    sheets: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()

    def column(self, heading: str) -> list[Cell]:
        place = self.headings.index(heading)
        return [row.cells[place] for row in self.rows]

    def place(self, number: int, *, begins: bool = False) -> str:
        """Where a row stands, as somebody finds it: "row 5", "row 5 of Q2"; with a capital where
        that `begins` a sentence."""
        sheet, row = divmod(number, NEXT_SHEET)
        word = f"{'Row' if begins else 'row'} {row}"
        return f"{word} of {self.sheets[sheet]}" if len(self.sheets) > 1 else word

    def places(self, numbers: Sequence[int]) -> str:
        """Where several rows stand, at the beginning of a sentence; nothing for none."""
        if len(self.sheets) > 1:
            return ", ".join(self.place(one, begins=not at) for at, one in enumerate(numbers))
        word = "Row" if len(numbers) == 1 else "Rows"
        return f"{word} {', '.join(map(str, numbers))}" if numbers else ""


def text_of(cell: Cell) -> str:
    """A cell as text: dates in ISO form, whole numbers without a point, nothing for blank."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, UnreadableCell):
        return cell.text
    return str(cell).strip()


def each_once(meant: Callable[[Cell], Cell], cells: Iterable[Cell]) -> list[Cell]:
    """What is meant by each cell of a column: few different texts stand in many cells, so each is
    looked at once."""
    known: dict[str, Cell] = {}
    found: list[Cell] = []
    for cell in cells:
        if type(cell) is not str:
            found.append(meant(cell))
            continue
        if cell not in known:
            known[cell] = meant(cell)
        found.append(known[cell])
    return found


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """A heading without case, space, punctuation and accents of style: "Audit-ID " → "audit id",
    "Moderator's grade" → "moderators grade"."""
    return with_apostrophes_apart(re.sub(r"(?<=\w)['’‘](?=\w)", "", text))


def with_apostrophes_apart(text: str) -> str:
    """The same, but "moderator s grade": so it was once for all, and references are made of it."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.findall(r"[^\W_]+", spaced.casefold()))


def letter(place: int) -> str:
    """The letters of a column, counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def file_refused(code: str, sentence: str) -> Refused:
    return Refused(sentence, field="file", code=code)
