"""A file as headings and numbered rows, or a refusal that says what is wrong with it.

The kind of file is told by its content, never by its name. Nothing is repaired: a row that is
wider than the headings is kept as it stands and named as a fault.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from api.apart.process import run_apart
from api.imports.files import delimited
from api.imports.files.headings import SheetLines, SheetTable, table_of
from api.imports.files.tables import (
    NEXT_SHEET,
    Limits,
    SheetRow,
    SheetRows,
    file_refused,
    normal,
)
from qa.core.errors import Fault

IN_THIS_PROCESS = 1_000_000
"""Bytes of a text file that is read here; a process of its own takes longer to begin."""

_Tables = tuple[list[SheetTable], tuple[str, ...], list[Fault]]


def read_file(
    path: Path,
    *,
    sheet: str | None = None,
    sheets: Sequence[str] = (),
    known: Collection[str] = (),
) -> SheetRows:
    """Read the file at `path` (see `read_sheet`)."""
    return read_sheet(path.name, read_bytes(path), sheet=sheet, sheets=sheets, known=known)


def read_bytes(path: Path) -> bytes:
    """What a file holds, but of one that is too large only as much as shows it.

    Raises:
        Refused: it cannot be opened.
    """
    try:
        with path.open("rb") as file:
            return file.read(Limits().bytes + 1)
    except OSError as error:
        raise file_refused("unreadable-file", f"{path.name} cannot be opened.") from error


def read_sheet(
    name: str,
    data: bytes,
    *,
    sheet: str | None = None,
    sheets: Sequence[str] = (),
    known: Collection[str] = (),
    limits: Limits | None = None,
) -> SheetRows:
    """The rows of a text, Excel or OpenDocument file.

    `sheets` (or `sheet`, for one) names those of a workbook that are read, as one table; without
    them the one that has most of the `known` headings is, else the first visible one that holds a
    table.

    Raises:
        Refused: the file as a whole is no table.
    """
    limits = limits or Limits()
    if len(data) > limits.bytes:
        sentence = f"The file is larger than {limits.bytes // 1_000_000} MB."
        raise file_refused("file-too-large", sentence)
    if not data.strip():
        raise file_refused("empty-file", "The file is empty.")
    wanted = tuple(sheets) or ((sheet,) if sheet else ())
    names = frozenset(map(normal, known))
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        tables, alike, notes = run_apart(_read_workbook, data, wanted, names, limits)
    elif len(data) > IN_THIS_PROCESS:
        tables, alike, notes = run_apart(_read_text, data, names, limits)
    else:
        tables, alike, notes = _read_text(data, names, limits)
    return _one_table(name, hashlib.sha256(data).hexdigest(), tables, alike, notes)


def _read_workbook(
    data: bytes, wanted: Sequence[str], known: Collection[str], limits: Limits
) -> _Tables:
    from api.imports.files.excel import read_workbook

    return read_workbook(data, wanted, known, limits)


def _read_text(data: bytes, known: Collection[str], limits: Limits) -> _Tables:
    lines, notes = delimited.read_lines(data, limits)
    return [table_of(SheetLines(None, lines), known, limits)], (), notes


def _one_table(
    name: str,
    digest: str,
    tables: Sequence[SheetTable],
    alike: tuple[str, ...],
    notes: Sequence[Fault],
) -> SheetRows:
    """Several sheets with the same headings one after the other, in the columns of the first."""
    first = tables[0]
    rows: list[SheetRow] = []
    faults: list[Fault] = []
    found = list(notes)
    for at, table in enumerate(tables):
        shift = at * NEXT_SHEET
        at_heading = {normal(heading): place for place, heading in enumerate(table.headings)}
        order = [at_heading[normal(heading)] for heading in first.headings]
        if at:
            rows += [
                SheetRow(row.number + shift, row.line, tuple(row.cells[p] for p in order))
                for row in table.rows
            ]
        else:
            rows += table.rows
        faults += [_moved(fault, shift) for fault in table.faults]
        found += [_moved(note, shift) for note in table.notes]
    titles = tuple(table.title for table in tables if table.title)
    return SheetRows(
        name=name,
        file_sha256=digest,
        headings=first.headings,
        rows=tuple(rows),
        sheet=", ".join(titles) or None,
        faults=tuple(faults),
        notes=tuple(found),
        sheets=titles,
        alike=alike,
    )


def _moved(fault: Fault, by: int) -> Fault:
    return fault if fault.row is None or not by else replace(fault, row=fault.row + by)
