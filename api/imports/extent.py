"""How far the values of a worksheet reach, read as a stream before anything is made of them.

A workbook is small however far its cells lie apart, and a reader that fills the gaps is not. Cells
without a value (a column that was coloured to its end) do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

CHUNK = 1 << 16
CELLS = 5_000_000
"""Cells of a sheet, with a value or without."""


class TooWide(Exception):
    """A value lies beyond the columns that are read."""


class TooLong(Exception):
    """There are more rows with values than are read, a value far below them, or too many cells."""


@dataclass(slots=True)
class Extent:
    """The last row and column with a value (0: there is none), and whether there is a formula."""

    rows: int = 0
    columns: int = 0
    formulas: bool = False


class _Scan:
    def __init__(self, rows: int, columns: int) -> None:
        self.extent = Extent()
        self._most_rows = rows
        self._most_columns = columns
        self._row = self._column = self._cells = self._filled = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = 0
        elif name == "c":
            self._cells += 1
            if self._cells > CELLS:
                raise TooLong
            self._column = _column(attributes.get("r", "")) or self._column + 1
        elif name in ("v", "is", "f"):
            self._value(name)

    def _value(self, name: str) -> None:
        extent = self.extent
        extent.formulas = extent.formulas or name == "f"
        if self._column > self._most_columns:
            raise TooWide
        if self._row != extent.rows:
            self._filled += 1
        extent.rows = max(extent.rows, self._row)
        extent.columns = max(extent.columns, self._column)
        if self._filled > self._most_rows or self._row > 2 * self._most_rows:
            raise TooLong


def _column(reference: str) -> int:
    """The number of the column of ``AB12``; 0 where it names none."""
    number = 0
    for letter in re.match("[A-Z]{0,3}", reference)[0]:  # type: ignore[index]
        number = 26 * number + ord(letter) - 64
    return number


def extent_of(part: IO[bytes], *, rows: int, columns: int) -> Extent:
    """How far a worksheet's values reach.

    Raises:
        TooWide, TooLong: at the first value beyond what is read.   ExpatError, ValueError: it is no
            worksheet.
    """
    scan = _Scan(rows, columns)
    parser = expat.ParserCreate()
    parser.StartElementHandler = scan.start
    while chunk := part.read(CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return scan.extent
