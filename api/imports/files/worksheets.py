"""What an Excel worksheet shows beside its values, read as a stream: how far they reach, what is
hidden, struck through, merged or only coloured, and where a formula or an error stands.

A workbook is small however far its cells lie apart, and a reader that fills the gaps is not. Cells
without a value (a column that was coloured to its end) do not count.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO
from xml.parsers import expat

CHUNK = 1 << 16
CELLS = 5_000_000
"""Cells of a sheet, with a value or without."""
MOST_MARKS = 200_000
"""Marks of one kind that are kept of a sheet."""


class TooWide(Exception):
    """A value lies beyond the columns that are read."""


class TooLong(Exception):
    """There are more rows with values than are read, a value far below them, or too many cells."""


@dataclass(frozen=True, slots=True)
class CellStyle:
    """What matters of the style of a cell: the decimals of its per cent, how a whole number is
    shown with more than its digits, whether it is struck through, and the fill that colours it."""

    percent: int | None = None
    dressed: tuple[str, int, str] | None = None
    """What stands before the number, how many digits it has at least, and what stands behind."""
    struck: bool = False
    fill: int = 0


_PLAIN = CellStyle()


@dataclass(slots=True)
class Worksheet:
    """Rows and columns are counted from 1. `rows` and `columns` are the last with a value; the
    cells of `errors`, `uncalculated`, `percents` and `dressed` are (row, column)."""

    rows: int = 0
    columns: int = 0
    hidden: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    coloured: list[tuple[int, int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)
    percents: dict[tuple[int, int], int] = field(default_factory=dict)
    dressed: dict[tuple[int, int], tuple[str, int, str]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class SheetScan:
    """Gathers what a worksheet shows, from its parts or cell by cell."""

    def __init__(self, rows: int, columns: int, styles: list[CellStyle]) -> None:
        self.sheet = Worksheet()
        self._most_rows, self._most_columns, self._styles = rows, columns, styles
        self._row = self._column = self._cells = self._filled = 0
        self._style, self._kind = _PLAIN, ""
        self._valued = self._formula = self._is_hidden = False
        self._texts: list[str] | None = None
        self._fills: set[int] = set()
        self._bare: list[tuple[int, int]] = []
        self._values = self._struck = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self._cells += 1
            if self._cells > CELLS:
                raise TooLong
            self._column = _column(attributes.get("r", "")) or self._column + 1
            at = int(attributes.get("s") or 0)
            self._style = self._styles[at] if at < len(self._styles) else _PLAIN
            self._kind = attributes.get("t", "")
            self._valued = self._formula = False
        elif name == "v" or name == "is":
            self._valued = True
            self._value()
            if self._kind == "e" or self._formula:
                self._texts = []
        elif name == "f":
            self._formula = True
            self._value()
        elif name == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = 0
            self._is_hidden = attributes.get("hidden") in ("1", "true")
        elif name == "mergeCell" and len(self.sheet.merged) < MOST_MARKS:
            first, _, last = attributes.get("ref", "").partition(":")
            spans = (_row(first), _row(last or first), _column(first), _column(last or first))
            self.sheet.merged.append(spans)

    def text(self, data: str) -> None:
        if self._texts is not None:
            self._texts.append(data)

    def plain_row(self, number: int, cells: Sequence[tuple[bytes, bytes]]) -> bool:
        """Take a row that shows nothing but the values of its cells, each a column and its style;
        whether it does so."""
        columns, styles = {column for column, _ in cells}, {int(style or 0) for _, style in cells}
        if any(style < len(self._styles) and self._styles[style] != _PLAIN for style in styles):
            return False
        self._row = number
        self._cells += len(cells)
        if self._cells > CELLS:
            raise TooLong
        if cells:
            self._column = max(_number(column.decode()) for column in columns)
            self._value()
        return True

    def cell(
        self,
        at: tuple[int, int],
        style: CellStyle,
        *,
        valued: bool,
        formula: bool = False,
        error: str = "",
    ) -> None:
        """Take a cell, at a row and a column, of a number where its style shows one otherwise."""
        self._cells += 1
        if self._cells > CELLS:
            raise TooLong
        (self._row, self._column), self._style, self._kind = at, style, "n"
        self._valued, self._formula = valued, formula
        if valued or formula:
            self._value()
        if error and len(self.sheet.errors) < MOST_MARKS:
            self.sheet.errors[at] = error[:20]
        self.end("c")

    def end_of_row(self, *, hidden: bool) -> None:
        self._is_hidden = hidden
        self._end_of_row()

    def end(self, name: str) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        sheet = self.sheet
        if name == "v" and self._texts is not None:
            text, self._texts = "".join(self._texts), None
            if self._kind == "e" and len(sheet.errors) < MOST_MARKS:
                sheet.errors[self._row, self._column] = text[:20]
            # A formula whose text is empty has a value; one that was never calculated has none.
            self._valued = bool(text) or self._kind == "str"
        elif name == "c":
            style = self._style
            if self._formula and not self._valued and len(sheet.uncalculated) < MOST_MARKS:
                sheet.uncalculated.append((self._row, self._column))
            if not self._valued and not self._formula:
                if style.fill and self._column <= self._most_columns:
                    self._bare.append((self._column, style.fill))
                return
            self._values += 1
            self._struck += style.struck
            self._fills.add(style.fill)
            if style.percent is not None and self._kind in ("", "n"):
                sheet.percents[self._row, self._column] = style.percent
            if style.dressed is not None and self._kind in ("", "n"):
                sheet.dressed[self._row, self._column] = style.dressed
        elif name == "row":
            self._end_of_row()

    def _end_of_row(self) -> None:
        sheet = self.sheet
        if self._values:
            if self._is_hidden:
                sheet.hidden.append(self._row)
            if self._struck == self._values:
                sheet.struck.append(self._row)
            if len(sheet.coloured) < MOST_MARKS:
                # A row coloured from end to end is only easier to read.
                bare = [column for column, fill in self._bare if fill not in self._fills]
                sheet.coloured += [(self._row, column) for column in bare]
        self._values = self._struck = 0
        self._fills, self._bare = set(), []

    def _value(self) -> None:
        sheet = self.sheet
        if self._column > self._most_columns:
            raise TooWide
        if self._column > sheet.columns:
            sheet.columns = self._column
        if self._row == sheet.rows:
            return
        self._filled += 1
        sheet.rows = max(sheet.rows, self._row)
        if self._filled > self._most_rows or self._row > 2 * self._most_rows:
            raise TooLong


def _column(reference: str) -> int:
    """The number of the column of ``AB12``; 0 where it names none."""
    return _number(reference.rstrip("0123456789"))


@lru_cache
def _number(reference: str) -> int:
    number = 0
    for letter in re.match("[A-Z]{0,3}", reference)[0]:  # type: ignore[index]
        number = 26 * number + ord(letter) - 64
    return number


def _row(reference: str) -> int:
    return int(re.sub("[^0-9]", "", reference) or 0)


_TEXT = rb"[\t\n\r -%'-;=-~]*+"
_CELL = (
    rb'<c r="[A-Z]{1,3}[0-9]+"(?: s="[0-9]+")?(?: t="(?:s|n|b|str|inlineStr)")?>'
    rb"(?:<v>" + _TEXT + rb"</v>|<is><t(?: xml:space=\"preserve\")?>" + _TEXT + rb"</t></is>)</c>"
)
_PLAIN_ROW = re.compile(
    rb'<row r="([0-9]{1,7})"((?: [A-Za-z0-9:]+="[ -!#-%\'-;=-~]*+")*+)>((?:'
    + _CELL
    + rb")*+)</row>"
)
"""A row of cells that hold a value each, and no formula, error or markup."""
_STYLED = re.compile(rb'<c r="([A-Z]{1,3})[0-9]+"(?: s="([0-9]+)")?')


def _parse_rows(parser: expat.XMLParserType, part: IO[bytes], scan: SheetScan) -> None:
    """As `parse_part`, but what shows nothing beside its values is not taken apart, which takes
    most of the time of a long sheet. Where there are comments or the like, which may hold what
    looks so, all of the rest is."""
    rest, plain, declared = b"", True, len("<?xml")
    while chunk := part.read(CHUNK):
        rest += chunk
        cut = rest.rfind(b"</row>") + len("</row>") if b"</row>" in rest else 0
        if plain and not cut and len(rest) < 16 * CHUNK:
            continue
        rows, rest = (rest[:cut], rest[cut:]) if plain and cut else (rest, b"")
        plain = plain and bool(cut) and b"<!" not in rows and b"<?" not in rows[declared:]
        declared = at = 0
        for row in _PLAIN_ROW.finditer(rows) if plain else ():
            # What stands before comes first: a row without a number follows the one above it.
            if at < row.start():
                parser.Parse(rows[at : row.start()], False)
                at = row.start()
            if b"hidden" not in row[2] and scan.plain_row(int(row[1]), _STYLED.findall(row[3])):
                at = row.end()
        parser.Parse(rows[at:], False)
    parser.Parse(rest, True)


def parse_part(parser: expat.XMLParserType, part: IO[bytes]) -> None:
    while chunk := part.read(CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def worksheet_of(part: IO[bytes], styles: list[CellStyle], *, rows: int, columns: int) -> Worksheet:
    """What a worksheet shows.

    Raises:
        TooWide, TooLong: at the first value beyond what is read.   ExpatError, ValueError: it is no
            worksheet.
    """
    scan = SheetScan(rows, columns, styles)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    _parse_rows(parser, part, scan)
    return scan.sheet


_PERCENT = re.compile(r"[#,]*0(?:\.(0+))?[\s\\]*%")
_BUILT_IN = {9: 0, 10: 2}
_DRESSED = re.compile(r"((?:\"[^\"]*\"|\\.|-)*)(0+)((?:\"[^\"]*\"|\\.)*)(?:;.*)?")


def _dressed(code: str) -> tuple[str, int, str] | None:
    """What a format shows beside the digits of a whole number: zeros before it, or words."""
    found = _DRESSED.fullmatch(code)
    if found is None:
        return None
    before, behind = (re.sub(r"\\(.)|\"", r"\1", found[part]) for part in (1, 3))
    return (before, len(found[2]), behind) if before or behind or len(found[2]) > 1 else None


class _StyleSheet:
    def __init__(self) -> None:
        self.formats: dict[int, int | None] = dict(_BUILT_IN)
        self.dressed: dict[int, tuple[str, int, str] | None] = {}
        self.struck: list[bool] = []
        self.fills: list[bool] = []
        self.cells: list[tuple[int, int, int]] = []
        self._within: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        above = self._within[-1] if self._within else ""
        if name == "numFmt":
            code, number = attributes.get("formatCode", ""), int(attributes.get("numFmtId", 0))
            found = _PERCENT.match(code)
            self.formats[number] = None if found is None else len(found[1] or "")
            self.dressed[number] = _dressed(code)
        elif name == "font" and above == "fonts":
            self.struck.append(False)
        elif name == "strike" and above == "font" and "fonts" in self._within and self.struck:
            self.struck[-1] = attributes.get("val", "1") not in ("0", "false")
        elif name == "fill" and above == "fills":
            self.fills.append(False)
        elif name == "patternFill" and "fills" in self._within and self.fills:
            self.fills[-1] = attributes.get("patternType") == "solid"
        elif name == "fgColor" and "fills" in self._within and self.fills:
            white = attributes.get("rgb", "").upper().endswith("FFFFFF")
            if white or attributes.get("theme") == "0" or attributes.get("indexed") == "9":
                self.fills[-1] = False
        elif name == "xf" and above == "cellXfs":
            of = (int(attributes.get(key) or 0) for key in ("numFmtId", "fontId", "fillId"))
            self.cells.append(tuple(of))  # type: ignore[arg-type]
        self._within.append(name)

    def end(self, _: str) -> None:
        self._within.pop()

    def styles(self) -> Iterator[CellStyle]:
        for number, font, fill in self.cells:
            yield CellStyle(
                percent=self.formats.get(number),
                dressed=self.dressed.get(number),
                struck=font < len(self.struck) and self.struck[font],
                fill=fill if fill < len(self.fills) and self.fills[fill] else 0,
            )


def styles_of(part: IO[bytes]) -> list[CellStyle]:
    """The styles of cells, by their number in the workbook."""
    sheet = _StyleSheet()
    parser = expat.ParserCreate()
    parser.StartElementHandler = sheet.start
    parser.EndElementHandler = sheet.end
    parse_part(parser, part)
    return list(sheet.styles())


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of a workbook that each worksheet is in, by its title.

    Raises:
        ExpatError, KeyError, ValueError: the workbook does not say so.
    """
    relations = {
        each["Id"]: each
        for each in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
        if each.get("TargetMode") != "External"
    }
    found = {}
    for each in _elements(archive, "xl/workbook.xml", "sheet"):
        id_ = next((value for name, value in each.items() if name.endswith(":id")), "")
        if id_ and "worksheet" in relations[id_]["Type"]:
            target = posixpath.join("/xl", relations[id_]["Target"])
            found[each["name"]] = posixpath.normpath(target).lstrip("/")
    return found


def _elements(archive: zipfile.ZipFile, part: str, called: str) -> list[dict[str, str]]:
    """What the elements of a part that are called so say of themselves."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == called:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(part) as opened:
        parse_part(parser, opened)
    return found
