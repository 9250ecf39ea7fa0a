"""What a sheet of an OpenDocument spreadsheet shows beside its values, as `worksheets` tells it of
Excel files."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from xml.parsers import expat

from api.imports.files.worksheets import MOST_MARKS, CellStyle, SheetScan, Worksheet, parse_part

_SHOWN_PERCENT = re.compile(r"-?[0-9 ., ]*?(?:[.,]([0-9]+))?\s*%")
_SHOWN_NUMBER = re.compile(r"([A-Za-z][A-Za-z0-9/ -]*?|-|)(0*[0-9]+)( ?[A-Za-z][A-Za-z ]*|)")
_ERROR = re.compile(r"Err:[0-9]+|#[A-Z/0!?]+")
MOST_PARENTS = 20


@dataclass(slots=True)
class _OpenStyle:
    """A style of cells: what it says of strokes and fills itself, and the one that it is like."""

    parent: str = ""
    struck: bool | None = None
    fill: str | None = None


@dataclass(slots=True)
class _OpenCell:
    """A cell as it is met, and how many columns it fills; `kind` is the kind of its value."""

    column: int
    times: int
    style: str
    kind: str = ""
    value: str = ""
    formula: bool = False
    failed: bool = False
    rows: int = 1
    columns: int = 1
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts).strip()

    @property
    def valued(self) -> bool:
        return bool(self.kind) and (self.kind != "string" or bool(self.text or self.value))


class _OpenReader:
    def __init__(self, title: str, scan: SheetScan, columns: int) -> None:
        self.scan, self.seen = scan, False
        self._title, self._most = title, columns
        self._styles: dict[str, _OpenStyle] = {}
        self._made: dict[str, CellStyle] = {}
        self._fills: dict[str, int] = {}
        self._style: _OpenStyle | None = None
        self._defaults: list[str] = []
        self._row = self._column = self._times = 0
        self._hidden = self._within = False
        self._aside = 0
        self._cells: list[_OpenCell] = []
        self._cell: _OpenCell | None = None

    def start(self, name: str, given: Mapping[str, str]) -> None:
        if self._aside or name == "office:annotation":
            self._aside += 1
        elif name == "style:style":
            self._style = _OpenStyle(given.get("style:parent-style-name", ""))
            if given.get("style:family") == "table-cell":
                self._styles[given.get("style:name", "")] = self._style
        elif name == "style:text-properties" and self._style is not None:
            line = given.get("style:text-line-through-style")
            line = line or given.get("style:text-line-through-type")
            self._style.struck = None if line is None else line != "none"
        elif name == "style:table-cell-properties" and self._style is not None:
            self._style.fill = given.get("fo:background-color")
        elif name == "table:table":
            self._within = given.get("table:name") == self._title
            self.seen = self.seen or self._within
        elif self._within:
            self._start_within(name, given)

    def _start_within(self, name: str, given: Mapping[str, str]) -> None:
        if name == "table:table-column":
            times = _count(given, "table:number-columns-repeated")
            style = given.get("table:default-cell-style-name", "")
            self._defaults += [style] * min(times, self._most - len(self._defaults))
        elif name == "table:table-row":
            self._times = _count(given, "table:number-rows-repeated")
            self._hidden = given.get("table:visibility", "visible") != "visible"
            self._column, self._cells = 1, []
        elif name in ("table:table-cell", "table:covered-table-cell"):
            usual = self._defaults[self._column - 1 : self._column]
            self._cell = _OpenCell(
                self._column,
                _count(given, "table:number-columns-repeated"),
                given.get("table:style-name") or "".join(usual),
                kind=given.get("office:value-type", ""),
                value=given.get("office:value") or given.get("office:string-value", ""),
                formula="table:formula" in given,
                failed=given.get("calcext:value-type") == "error",
                rows=_count(given, "table:number-rows-spanned"),
                columns=_count(given, "table:number-columns-spanned"),
            )
            self._cells.append(self._cell)
            self._column += self._cell.times

    def text(self, data: str) -> None:
        if self._cell is not None and not self._aside:
            self._cell.texts.append(data)

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif name == "style:style":
            self._style = None
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell = None
        elif name == "table:table":
            self._within = False
        elif name == "table:table-row" and self._within:
            filled = any(cell.valued or cell.formula for cell in self._cells)
            for row in range(self._row + 1, self._row + 1 + self._times * filled):
                for cell in self._cells:
                    self._take(row, cell)
                self.scan.end_of_row(hidden=self._hidden)
            self._row += self._times

    def _take(self, row: int, cell: _OpenCell) -> None:
        style, filled = self._shown(cell), cell.valued or cell.formula
        failed = cell.failed or (cell.formula and bool(_ERROR.fullmatch(cell.text)))
        times = cell.times if filled else min(cell.times, max(0, self._most - cell.column + 1))
        for column in range(cell.column, cell.column + times):
            self.scan.cell(
                (row, column),
                style,
                valued=cell.valued,
                formula=cell.formula,
                error=cell.text if failed else "",
            )
        merged = cell.rows > 1 or cell.columns > 1
        if merged and len(self.scan.sheet.merged) < MOST_MARKS:
            last = row + cell.rows - 1, cell.column + cell.columns - 1
            self.scan.sheet.merged.append((row, last[0], cell.column, last[1]))

    def _shown(self, cell: _OpenCell) -> CellStyle:
        """The style of a cell, with how its number is shown."""
        style = self._made.get(cell.style) or self._as_made(cell.style)
        if cell.kind == "percentage" and (found := _SHOWN_PERCENT.fullmatch(cell.text)):
            return replace(style, percent=len(found[1] or ""))
        found = _SHOWN_NUMBER.fullmatch(cell.text) if cell.kind == "float" else None
        if found is None or (found[1] == found[3] == "" and not found[2].startswith("0")):
            return style
        return replace(style, dressed=(found[1], len(found[2]), found[3]))

    def _as_made(self, name: str) -> CellStyle:
        struck: bool | None = None
        fill: str | None = None
        at = name
        for _ in range(MOST_PARENTS):
            style = self._styles.get(at)
            if style is None:
                break
            struck = style.struck if struck is None else struck
            fill, at = fill or style.fill, style.parent
        number = 0
        if fill and fill.lower() not in ("transparent", "#ffffff"):
            number = self._fills.setdefault(fill.lower(), len(self._fills) + 1)
        self._made[name] = CellStyle(struck=bool(struck), fill=number)
        return self._made[name]


def _count(given: Mapping[str, str], name: str) -> int:
    return max(1, int(given.get(name) or 1))


def open_worksheet(
    archive: zipfile.ZipFile, title: str, *, rows: int, columns: int
) -> Worksheet | None:
    """What the sheet of this title shows; None where there is none.

    Raises:
        TooWide, TooLong: at the first value beyond what is read.   ExpatError, ValueError: it is no
            spreadsheet.
    """
    reader = _OpenReader(title, SheetScan(rows, columns, []), columns)
    for part in ("styles.xml", "content.xml"):
        if part in archive.namelist():
            parser = expat.ParserCreate()
            parser.buffer_text = True
            parser.StartElementHandler = reader.start
            parser.EndElementHandler = reader.end
            parser.CharacterDataHandler = reader.text
            with archive.open(part) as opened:
                parse_part(parser, opened)
    return reader.scan.sheet if reader.seen else None
