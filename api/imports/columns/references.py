"""References that a file writes otherwise than the record: qa/26/003 of QA/26/003."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from api.imports.columns.settling import SettledSheet
from api.imports.files.tables import Cell, UnreadableCell, text_of
from qa.core.errors import Fault
from qa.core.naming import spelling_key

SHOWN = 5
"""Spellings of one column that are named."""


Open = Callable[[Collection[str]], Collection[str]]
"""Gives those of some references whose records whoever sends the file may be told of."""


def as_on_record(
    settled: SettledSheet,
    headings: Mapping[str, str],
    on_record: Mapping[str, Collection[str]],
    open_to: Mapping[str, Open],
) -> SettledSheet:
    """The sheet with references of records as these are called; what has several spellings on
    record is refused. `headings` is field → heading, `on_record` field → all references there, and
    `open_to` field → which of them are told: another would be given away by its spelling."""
    sheet, notes = settled.sheet, list(settled.notes)
    for field, known in on_record.items():
        heading = headings.get(field)
        if heading is None or not known:
            continue
        spelt: dict[str, list[str]] = {}
        for one in sorted(known):
            spelt.setdefault(spelling_key(one), []).append(one)
        exact = frozenset(known)
        place, texts = sheet.headings.index(heading), map(text_of, sheet.column(heading))
        like = {one for text in texts if text and text not in exact
                for one in spelt.get(spelling_key(text), ())}  # fmt: skip
        shown = frozenset(open_to[field](like) if like else ())
        turned: dict[str, str] = {}
        cells: list[Cell] = []
        for cell in sheet.column(heading):
            text = "" if isinstance(cell, UnreadableCell) else text_of(cell)
            written = spelt.get(spelling_key(text), []) if text and text not in exact else []
            there = [one for one in written if one in shown]
            if len(there) == 1:
                turned[text] = there[0]
                cell = there[0]
            elif there:
                sentence = f"“{text}” may be {' or '.join(there)}. Write it as it is on record."
                cell = UnreadableCell(text, "reference-doubtful", sentence)
            cells.append(cell)
        rows = (
            replace(row, cells=(*row.cells[:place], cell, *row.cells[place + 1 :]))
            for row, cell in zip(sheet.rows, cells, strict=True)
        )
        sheet = replace(sheet, rows=tuple(rows))
        if turned:
            pairs = [f"“{was}” as {now}" for was, now in turned.items()]
            more = f" and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else ""
            sentence = f"Read as what is on record: {', '.join(pairs[:SHOWN])}{more}."
            notes.append(Fault(field, "reference-on-record", sentence, column=heading))
    return replace(settled, sheet=sheet, notes=tuple(notes))
