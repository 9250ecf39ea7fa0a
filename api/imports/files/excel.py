"""An Excel or OpenDocument workbook: its values by calamine, what they look like from its parts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from xml.parsers.expat import ExpatError

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from api.imports.files.archive import check_archive
from api.imports.files.headings import SheetLines, SheetTable, table_of
from api.imports.files.opendocument import open_worksheet
from api.imports.files.tables import (
    Cell,
    Limits,
    Line,
    UnreadableCell,
    file_refused,
    letter,
    normal,
)
from api.imports.files.worksheets import (
    CellStyle,
    TooLong,
    TooWide,
    Worksheet,
    sheet_parts,
    styles_of,
    worksheet_of,
)
from qa.core.errors import Fault, Refused
from qa.core.words import rounded

PROTECTED = "The file is protected by a password. Save a copy without one, and send that."
DAMAGED = "The Excel file is damaged and cannot be read."
_MARKS_UNREAD = Fault(
    "file",
    "marks-unread",
    "Of this kind of Excel file the values alone are read: not which rows are hidden or struck "
    "through, what a colour alone says, which formulas were never worked out, or how a number is "
    "shown (5% is 0.05, 00012 is 12). If any of that matters, save it as .xlsx and send that.",
)
_BLANK_ERROR = "#N/A"
_FAILED = re.compile(r"#(?:REF|DIV/0|VALUE|NAME|NUM|NULL|N/A)[!?]?")


def read_workbook(
    data: bytes, wanted: Sequence[str], known: Collection[str], limits: Limits
) -> tuple[list[SheetTable], tuple[str, ...], list[Fault]]:
    """The tables of the sheets wanted (without any: of the one that looks most like the file it is
    to be), the names of others with the same headings, and what is to be noted of the workbook.

    Raises:
        Refused: it is no workbook, there is no such sheet, or there is no table in it.
    """
    if data[:2] == b"PK":
        check_archive(data, unpacked=limits.unpacked, parts=limits.parts, strings=limits.strings)
    try:
        book = load_workbook(io.BytesIO(data))
        reader = _BookReader(data, book, limits)
        if wanted:
            found = [reader.table(_named(title, book), known) for title in wanted]
            _same_headings(found)
            return found, (), []
        return _likeliest(book, reader, known)
    except Refused:
        raise
    except PasswordError:
        raise file_refused("other-format", PROTECTED) from None
    except (CalamineError, ExpatError, ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise file_refused("broken-excel", DAMAGED) from error


def _named(wanted: str, book: CalamineWorkbook) -> str:
    titles = [sheet.name for sheet in book.sheets_metadata]
    for title in titles:
        if title.strip().casefold() == wanted.strip().casefold():
            return title
    known = ", ".join(f"“{title}”" for title in titles)
    raise file_refused("no-such-sheet", f"There is no sheet “{wanted}”. There are: {known}.")


def _key(table: SheetTable) -> frozenset[str]:
    return frozenset(map(normal, table.headings))


def _same_headings(tables: Sequence[SheetTable]) -> None:
    first = tables[0]
    for table in tables[1:]:
        if _key(table) != _key(first):
            odd = sorted({*table.headings} ^ {*first.headings})
            raise file_refused(
                "sheets-differ",
                f"The sheets “{first.title}” and “{table.title}” have different headings: "
                f"{', '.join(odd)}. Import them one by one.",
            )


def _likeliest(
    book: CalamineWorkbook, reader: _BookReader, known: Collection[str]
) -> tuple[list[SheetTable], tuple[str, ...], list[Fault]]:
    tables: list[SheetTable] = []
    refused: list[tuple[str, Refused]] = []
    hidden: list[str] = []
    for sheet in book.sheets_metadata:
        if sheet.typ is not SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible is not SheetVisibleEnum.Visible:
            hidden.append(sheet.name)
            continue
        try:
            tables.append(reader.table(sheet.name, known))
        except Refused as refusal:
            if refusal.faults[0].code != "empty-file":
                refused.append((sheet.name, refusal))
    if not tables and refused:
        raise refused[0][1]
    if not tables:
        sentence = "The Excel file has no sheet with anything in it."
        raise file_refused("empty-file", sentence)
    most = max(table.known for table in tables)
    chosen = (
        next(table for table in tables if table.known == most)
        if most > 1
        else max(tables, key=lambda table: len(table.headings))
    )
    alike = tuple(str(t.title) for t in tables if t is not chosen and _key(t) == _key(chosen))
    others = [
        *(str(t.title) for t in tables if t is not chosen and str(t.title) not in alike),
        *(title for title, _ in refused),
    ]
    notes = []
    for code, titles, words in (
        ("sheets-alike", alike, "have the same headings and can be read with it"),
        ("sheets-unread", others, "have other headings"),
        ("sheets-hidden", hidden, "are hidden"),
    ):
        if titles:
            named = ", ".join(f"“{title}”" for title in titles)
            sentence = (
                f"Only the sheet “{chosen.title}” is read. Not read are {named}: they {words}."
            )
            notes.append(Fault("file", code, sentence))
    return [chosen], alike, notes


class _BookReader:
    def __init__(self, data: bytes, book: CalamineWorkbook, limits: Limits) -> None:
        self._book, self._limits = book, limits
        self._archive = zipfile.ZipFile(io.BytesIO(data)) if data[:2] == b"PK" else None
        names = set() if self._archive is None else set(self._archive.namelist())
        self.tells_marks = bool(names & {"xl/workbook.xml", "content.xml"})
        self._is_open = "content.xml" in names
        self._parts: dict[str, str] = {}
        if self._archive is not None and "xl/workbook.xml" in names:
            self._parts = sheet_parts(self._archive)
        self._styles: list[CellStyle] = []
        if self._archive is not None and "xl/styles.xml" in names and self._parts:
            with self._archive.open("xl/styles.xml") as part:
                self._styles = styles_of(part)

    def table(self, title: str, known: Collection[str]) -> SheetTable:
        looks = self._looks(title)
        if looks is not None and not looks.rows:
            raise file_refused("empty-file", f"The sheet “{title}” is empty.")
        sheet = self._book.get_sheet_by_name(title)
        limits = self._limits
        if sheet.end is not None and sheet.end[1] >= limits.columns and looks is None:
            raise self._too_wide()
        if sheet.end is not None and sheet.end[0] > 2 * limits.rows and looks is None:
            raise self._too_long()
        width = limits.columns if looks is None else looks.columns
        most = 2 * limits.rows if looks is None else looks.rows
        lines = [
            Line(number, number, [_plain(value) for value in values[:width]])
            for number, values in enumerate(sheet.to_python(skip_empty_area=False, nrows=most), 1)
        ]
        merged = [
            (top, bottom, left, right)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ]
        notes: list[Fault] = []
        coloured: list[tuple[int, int]] = []
        if looks is not None:
            merged = [(one[0] - 1, one[1] - 1, one[2] - 1, one[3] - 1) for one in looks.merged]
            coloured = [(row, column - 1) for row, column in looks.coloured]
            _dress(lines, looks)
        table = table_of(SheetLines(title, lines, merged, notes, coloured), known, limits)
        marked = [_MARKS_UNREAD] if not self.tells_marks else []
        if looks is not None:
            marked = _marked(looks, table)
        return replace(table, notes=[*table.notes, *marked])

    def _looks(self, title: str) -> Worksheet | None:
        part = self._parts.get(title)
        limits = self._limits
        try:
            if self._is_open and self._archive is not None:
                return open_worksheet(
                    self._archive, title, rows=limits.rows + 1, columns=limits.columns
                )
            if part is None or self._archive is None:
                return None
            with self._archive.open(part) as opened:
                return worksheet_of(
                    opened, self._styles, rows=limits.rows + 1, columns=limits.columns
                )
        except TooWide:
            raise self._too_wide() from None
        except TooLong:
            raise self._too_long() from None

    def _too_wide(self) -> Refused:
        last = letter(self._limits.columns - 1)
        return file_refused("too-many-columns", f"There are values beyond column {last}.")

    def _too_long(self) -> Refused:
        sentence = f"The sheet has over {self._limits.rows:,} rows, or a value far below its rows."
        return file_refused("too-many-rows", sentence)


def _dress(lines: Sequence[Line], looks: Worksheet) -> None:
    """Put into the cells what calamine does not give: errors, formulas never calculated, and what
    is shown as a per cent as one, as precise as it is shown, and whole numbers with the zeros and
    the words that are shown with them."""

    def cells_to(row: int, column: int) -> list[Cell]:
        cells = lines[row - 1].cells if row <= len(lines) else []
        cells.extend([None] * (column - len(cells)))
        return cells

    for (row, column), text in looks.errors.items():
        cells_to(row, column)[column - 1] = error_cell(text)
    for row, column in looks.uncalculated:
        sentence = (
            f"The formula in {letter(column - 1)}{row} has no stored value. Open the file in a "
            "spreadsheet program and save it again."
        )
        unread = UnreadableCell("", "formula-without-value", sentence)
        cells_to(row, column)[column - 1] = unread
    for (row, column), decimals in looks.percents.items():
        cells = cells_to(row, column)
        cells[column - 1] = _percent(cells[column - 1], decimals)
    for (row, column), (before, digits, behind) in looks.dressed.items():
        cells = cells_to(row, column)
        value = cells[column - 1]
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            cells[column - 1] = f"{before}{value:0{digits}}{behind}"


def error_cell(text: str) -> Cell:
    """What a formula that failed leaves: nothing found is blank, anything else is refused."""
    if text.upper() == _BLANK_ERROR:
        return None
    return UnreadableCell(text, "formula-error", f"“{text}” is an error of the spreadsheet.")


def _percent(cell: Cell, decimals: int) -> Cell:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell
    return f"{rounded(100 * Decimal(repr(cell)), decimals)}%"


def _plain(value: object) -> Cell:
    """A cell's value; a date for a moment at midnight, text for anything unforeseen."""
    if value == "" or value is None:
        return None
    if isinstance(value, str):
        failed = value[0] == "#" and _FAILED.fullmatch(value)
        return error_cell(value) if failed else value
    if isinstance(value, datetime):
        return value.date() if value.time() == time(0) else value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, int | float | date | time | bool):
        return value
    return str(value)


def _marked(looks: Worksheet, table: SheetTable) -> list[Fault]:
    """The rows that are hidden or struck through, by their numbers."""
    numbers = {row.number for row in table.rows}
    notes = []
    for code, rows, what in (
        ("hidden-rows", looks.hidden, "hidden"),
        ("struck-rows", looks.struck, "struck through"),
    ):
        found = [row for row in rows if row in numbers]
        if found:
            named = ", ".join(map(str, found[:20])) + (" and more" if len(found) > 20 else "")
            one = len(found) == 1
            sentence = (
                f"{'Row' if one else 'Rows'} {named} {'is' if one else 'are'} {what} in the "
                f"spreadsheet and {'is' if one else 'are'} read like the others."
            )
            notes.append(Fault("file", code, sentence, row=found[0]))
    return notes
