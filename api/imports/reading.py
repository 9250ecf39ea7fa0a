"""A CSV or Excel file as headings and numbered rows, or a refusal that says what is wrong with it.

The kind of file is told by its content, never by its name. Nothing is repaired: a row that is
wider than the headings is kept as it stands and named as a fault.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from api.imports.apart import run_apart
from api.imports.archive import NO_TABLE, check_archive
from api.imports.extent import Extent, TooLong, TooWide, extent_of
from qa.core.errors import Fault, Refused
from qa.core.texts import fault_of
from qa.core.words import rounded

Cell = str | int | float | date | datetime | time | bool | None


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
class SheetRow:
    """One row: `number` 1 is the first under the headings; `line` is its line in the file."""

    number: int
    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SheetRows:
    """A sheet with at least one row. Every row has exactly one cell a heading.

    `faults` are the rows that could not be taken as they stand (too wide, or a formula without a
    stored value); `sheet` is the name of the Excel sheet that was read.
    """

    name: str
    file_sha256: str
    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    sheet: str | None = None
    faults: tuple[Fault, ...] = ()

    def column(self, heading: str) -> list[Cell]:
        place = self.headings.index(heading)
        return [row.cells[place] for row in self.rows]


def read_file(path: Path, *, sheet: str | None = None, limits: Limits | None = None) -> SheetRows:
    """Read the file at `path` (see `read_sheet`)."""
    limits = limits or Limits()
    try:
        with path.open("rb") as file:
            data = file.read(limits.bytes + 1)
    except OSError as error:
        raise _refusal("unreadable-file", f"{path.name} cannot be opened.") from error
    return read_sheet(path.name, data, sheet=sheet, limits=limits)


def read_sheet(
    name: str, data: bytes, *, sheet: str | None = None, limits: Limits | None = None
) -> SheetRows:
    """The rows of a CSV or XLSX file. Raises `Refused` where the file as a whole is no table.

    `sheet` names the Excel sheet; without it the first visible sheet that is not empty is read.
    """
    limits = limits or Limits()
    if len(data) > limits.bytes:
        raise _refusal("file-too-large", f"The file is larger than {limits.bytes // 1_000_000} MB.")
    if not data.strip():
        raise _refusal("empty-file", "The file is empty.")
    if data[:4] == b"PK\x03\x04":
        title, lines, faults = run_apart(_read_excel, data, sheet, limits)
    else:
        title, faults = None, []
        lines = _read_csv(_decoded(data), limits)
    return _table(name, hashlib.sha256(data).hexdigest(), title, lines, faults, limits)


def text_of(cell: Cell) -> str:
    """A cell as text: dates in ISO form, whole numbers without a point, nothing for blank."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


# -- from lines to a table

_Line = tuple[int, list[Cell]]


def _table(
    name: str,
    digest: str,
    sheet: str | None,
    lines: list[_Line],
    faults: list[Fault],
    limits: Limits,
) -> SheetRows:
    at = _headings_at(lines)
    headings = [text_of(cell) for cell in lines[at][1]]
    while headings and not headings[-1]:
        headings.pop()
    body = lines[at + 1 :]
    _check_headings(headings, body, limits)
    rows: list[SheetRow] = []
    for number, (line, cells) in enumerate(body, 1):
        if not any(text_of(cell) for cell in cells):
            continue
        rows.append(SheetRow(number, line, tuple(_fitted(cells, len(headings)))))
        for place, cell in enumerate(cells):
            found = fault_of(cell, "") if isinstance(cell, str) else None
            if found is not None:
                column = headings[place] if place < len(headings) else _letter(place)
                faults.append(Fault("", found.code, found.sentence, row=number, column=column))
        extra = [text_of(cell) for cell in cells[len(headings) :] if text_of(cell)]
        if extra:
            sentence = (
                f"Row {number} (line {line}) has more cells than there are headings; its values "
                f"may have slid sideways. Left over: {' | '.join(extra)}."
            )
            faults.append(Fault("", "shifted-row", sentence, row=number))
        if len(rows) > limits.rows:
            raise _refusal("too-many-rows", f"The file has more than {limits.rows:,} rows.")
    if not rows:
        raise _refusal("no-rows", "There are headings but no rows under them.")
    kept = [place for place, heading in enumerate(headings) if heading]
    lines_of = {row.line: row.number for row in rows}
    return SheetRows(
        name=name,
        file_sha256=digest,
        headings=tuple(headings[place] for place in kept),
        rows=tuple(
            SheetRow(row.number, row.line, tuple(row.cells[place] for place in kept))
            for row in rows
        ),
        sheet=sheet,
        faults=tuple(_placed(fault, lines_of, headings) for fault in faults),
    )


def _headings_at(lines: list[_Line]) -> int:
    """The first line with two values or more: titles above a table stand alone in their line."""
    filled = [
        (at, sum(1 for cell in cells if text_of(cell))) for at, (_, cells) in enumerate(lines)
    ]
    several = [at for at, count in filled if count > 1]
    single = [at for at, count in filled if count == 1]
    if not several and not single:
        raise _refusal("empty-file", "The file is empty.")
    return several[0] if several else single[0]


_DATA = re.compile(r"[-+]?\d[\d\s.,]*%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")


def _check_headings(headings: list[str], body: list[_Line], limits: Limits) -> None:
    """Refuse headings that are missing, doubled, nameless over values, or plainly data."""
    if len(headings) > limits.columns:
        raise _refusal("too-many-columns", f"There are more than {limits.columns} columns.")
    if any(_DATA.fullmatch(heading) for heading in headings if heading):
        raise _refusal(
            "no-headings", "The first row holds dates or numbers, so the columns have no headings."
        )
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for place, heading in enumerate(headings):
        letter = _letter(place)
        if unkept := fault_of(heading, ""):
            faults.append(Fault("", unkept.code, unkept.sentence, column=letter))
        if not heading:
            if any(place < len(cells) and text_of(cells[place]) for _, cells in body):
                sentence = f"Column {letter} holds values but has no heading."
                faults.append(Fault("", "no-heading", sentence, column=letter))
            continue
        key = " ".join(re.findall(r"[^\W_]+", heading.casefold()))
        if key in seen:
            sentence = f"Two columns are called “{heading}”; one of them has to be renamed."
            faults.append(Fault("", "duplicate-heading", sentence, column=heading))
        seen[key] = heading
    if faults:
        raise Refused(faults)


def _fitted(cells: list[Cell], width: int) -> Iterator[Cell]:
    for place in range(width):
        cell = cells[place] if place < len(cells) else None
        if isinstance(cell, str):
            cell = cell.strip() or None
        yield cell


def _placed(fault: Fault, lines_of: dict[int, int], headings: list[str]) -> Fault:
    """A fault found while reading Excel knows line and column letter; give it row and heading."""
    if fault.code != "formula-without-value":
        return fault
    line, place = (int(part) for part in (fault.value or "0:0").split(":"))
    heading = headings[place] if place < len(headings) and headings[place] else _letter(place)
    return Fault("", fault.code, fault.sentence, row=lines_of.get(line), column=heading)


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _refusal(code: str, sentence: str) -> Refused:
    return Refused(sentence, field="file", code=code)


# -- CSV


def _decoded(data: bytes) -> str:
    """The text of a CSV: UTF-8, UTF-16 (with or without mark) or Windows-1252, in that order."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refusal(
            "other-format",
            "The file is protected by a password, or is in the old Excel format (.xls). "
            "Save it without a password as .xlsx or .csv.",
        )
    if data.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")):
        raise _refusal("other-format", NO_TABLE)
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]", text.rstrip("\x1a\x00")):
            return text.rstrip("\x1a\x00").removeprefix("\ufeff")
    raise _refusal("not-text", f"{NO_TABLE} It holds bytes that are not text.")


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\x00" in data[:200]:
        return ("utf-16-be",) if data[:1] == b"\x00" else ("utf-16-le",)
    return ("utf-8-sig", "cp1252")


def _read_csv(text: str, limits: Limits) -> list[_Line]:
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r"\"?sep=([,;\t])\"?\s*", first)  # Excel's own hint, in a line by itself
    skipped = 1 if told else 0
    text = rest if told else text
    delimiter = told[1] if told else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[_Line] = []
    start = 1
    try:
        for cells in reader:
            lines.append((start + skipped, list(cells)))
            start = reader.line_num + 1
            if len(lines) > 2 * limits.rows:
                raise _refusal("too-many-rows", f"The file has more than {limits.rows:,} rows.")
    except csv.Error as error:
        sentence = (
            f"The record that begins in line {start + skipped} cannot be read: a quotation mark is "
            "not closed, or stands inside a value, or a value is far too long."
        )
        raise _refusal("broken-csv", sentence) from error
    return lines


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab: the one that gives the steadiest, then the widest, table."""

    def score(delimiter: str) -> tuple[int, int]:
        widths: list[int] = []
        try:
            for cells in csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=delimiter):
                if any(cells):
                    widths.append(len(cells))
                if len(widths) == 20:
                    break
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return (widths.count(usual), usual) if usual > 1 else (0, 0)

    return max((",", ";", "\t"), key=score)


# -- Excel


def _read_excel(
    data: bytes, wanted: str | None, limits: Limits
) -> tuple[str, list[_Line], list[Fault]]:
    """The chosen sheet's lines, with a fault for every formula that has no stored value."""
    check_archive(data, unpacked=limits.unpacked, parts=limits.parts, strings=limits.strings)
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl remarks on styling it does not support
            values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            title, extent = _chosen(data, values, wanted, limits)
            written = values
            if extent.formulas:
                written = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            values[title].reset_dimensions()
            written[title].reset_dimensions()
            reach: Any = {"max_row": extent.rows, "max_col": extent.columns}
            lines: list[_Line] = []
            faults: list[Fault] = []
            for line, (shown, formulas) in enumerate(
                zip(
                    values[title].iter_rows(**reach),
                    written[title].iter_rows(**reach, values_only=True),
                    strict=True,
                ),
                1,
            ):
                row = [cell.value for cell in shown]
                cells: list[Cell] = [_as_shown(cell) for cell in shown]
                lines.append((line, cells))
                faults.extend(_uncalculated(line, row, formulas))
            values.close()
            written.close()
    except Refused:
        raise
    except Exception as error:  # openpyxl has no common root for what a broken file raises
        raise _refusal("broken-excel", "The Excel file is damaged and cannot be read.") from error
    return title, lines, faults


def _chosen(data: bytes, workbook: Any, wanted: str | None, limits: Limits) -> tuple[str, Extent]:
    """The sheet to read, and how far it reaches."""
    sheets = workbook.worksheets
    if wanted is not None:
        named = [s for s in sheets if s.title.strip().casefold() == wanted.strip().casefold()]
        if not named:
            known = ", ".join(f"“{s.title}”" for s in sheets)
            raise _refusal("no-such-sheet", f"There is no sheet “{wanted}”. There are: {known}.")
        return str(named[0].title), _extent(data, named[0], limits)
    for sheet in sheets:
        if sheet.sheet_state == "visible":
            extent = _extent(data, sheet, limits)
            if extent.rows:
                return str(sheet.title), extent
    raise _refusal("empty-file", "The Excel file has no sheet with anything in it.")


def _extent(data: bytes, sheet: Any, limits: Limits) -> Extent:
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as archive,
            archive.open(sheet._worksheet_path) as part,
        ):
            return extent_of(part, rows=limits.rows + 1, columns=limits.columns)
    except TooWide:
        sentence = f"There are values beyond column {_letter(limits.columns - 1)}."
        raise _refusal("too-many-columns", sentence) from None
    except TooLong:
        sentence = f"The sheet has over {limits.rows:,} rows, or a value far below its rows."
        raise _refusal("too-many-rows", sentence) from None


def _as_shown(cell: object) -> Cell:
    """A cell's value; what Excel shows as a per cent is one here too, as precise as it is shown."""
    value = _plain(cell.value)  # type: ignore[attr-defined]
    shown = re.fullmatch(r"0(?:\.(0+))?%", getattr(cell, "number_format", "") or "")
    if shown is None or isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return f"{rounded(100 * Decimal(repr(value)), len(shown[1] or ''))}%"


def _plain(value: object) -> Cell:
    """A cell's value; a date for a moment at midnight, text for anything unforeseen."""
    if isinstance(value, datetime):
        return value.date() if value.time() == time(0) else value
    if value is None or isinstance(value, (str, int, float, date, time, bool)):
        return value
    return str(value)


def _uncalculated(line: int, row: Iterable[object], formulas: Iterable[object]) -> Iterator[Fault]:
    for place, (value, formula) in enumerate(zip(row, formulas, strict=False)):
        is_formula = (isinstance(formula, str) and formula.startswith("=")) or (
            formula is not None and type(formula).__name__ in ("ArrayFormula", "DataTableFormula")
        )
        if value is None and is_formula:
            sentence = (
                f"The formula in {_letter(place)}{line} has no stored value. Open the file in a "
                "spreadsheet program and save it again."
            )
            yield Fault("", "formula-without-value", sentence, value=f"{line}:{place}")
