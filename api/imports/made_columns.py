"""Columns that a file lacks: one value for every row, and references made of other columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from api.imports.answers import ImportAnswers
from api.imports.columns.settling import SettledSheet
from api.imports.files.tables import Cell, SheetRows, text_of, with_apostrophes_apart
from api.imports.mapping import NOT_IN_FILE, Field, map_columns, normal
from api.imports.values import parse_date
from qa.core.errors import Fault, Refused, refuse_any
from qa.imports.rows import imported_id

REFERENCE = "reference"


def heading_of(field: Field) -> str:
    """The heading of a column that is made for a field."""
    return f"{field.label}{NOT_IN_FILE}"


def with_said(sheet: SheetRows, answers: ImportAnswers, fields: Sequence[Field]) -> SheetRows:
    """The sheet with a column for each constant, and for references that are made.

    Raises:
        Refused: an unknown field or heading, or a field that the file has a column for.
    """
    if not answers.constants and not answers.reference_from:
        return sheet
    known = {field.name: field for field in fields}
    as_written = {normal(heading): heading for heading in sheet.headings}
    choices = {h: name for h, name in answers.columns.items() if normal(h) in as_written}
    taken = map_columns(sheet, fields, choices).headings
    faults = [
        Fault("columns", "unknown-heading", f"The file has no heading “{heading}”.", column=heading)
        for heading in answers.reference_from
        if normal(heading) not in as_written
    ]
    made: dict[str, list[Cell]] = {}
    for name, text in answers.constants.items():
        faults += _fits(name, known, taken)
        if name in known:
            made[heading_of(known[name])] = [text] * len(sheet.rows)
    if answers.reference_from:
        faults += _fits(REFERENCE, known, taken)
        refuse_any(faults)
        made[heading_of(known[REFERENCE])] = list(
            _references(sheet, [as_written[normal(one)] for one in answers.reference_from])
        )
    refuse_any(faults)
    columns = list(made.values())
    return replace(
        sheet,
        headings=(*sheet.headings, *made),
        rows=tuple(
            replace(row, cells=(*row.cells, *(column[at] for column in columns)))
            for at, row in enumerate(sheet.rows)
        ),
    )


def _fits(name: str, known: Mapping[str, Field], taken: Mapping[str, str]) -> list[Fault]:
    if name not in known:
        sentence = f"There is no field “{name}”. There are: {', '.join(known)}."
        return [Fault("constants", "unknown-field", sentence)]
    if name in taken:
        sentence = f"“{taken[name]}” is read as {name} already. Leave that column out first."
        return [Fault("constants", "field-given-twice", sentence, column=taken[name])]
    return []


def with_settled_references(
    settled: SettledSheet,
    fields: Sequence[Field],
    answers: ImportAnswers,
    on_record: Collection[str],
) -> SettledSheet:
    """The sheet with made references of what its cells mean, so that a row says the same by itself
    as beside the others: one that was refused and put right, or stands in next month's file.

    A record whose reference was made of the cells as they were written keeps it.
    """
    if not answers.reference_from:
        return settled
    sheet = settled.sheet
    made = heading_of(next(field for field in fields if field.name == REFERENCE))
    as_written = {normal(heading): heading for heading in sheet.headings}
    before = [text_of(cell) for cell in sheet.column(made)]
    after = _references(sheet, [as_written[normal(one)] for one in answers.reference_from])
    taken = set(after)
    kept = [
        was if was in on_record and now not in on_record and was not in taken else now
        for was, now in zip(before, after, strict=True)
    ]
    place = sheet.headings.index(made)

    def with_references(of: SheetRows) -> SheetRows:
        rows = (
            replace(row, cells=(*row.cells[:place], reference, *row.cells[place + 1 :]))
            for row, reference in zip(of.rows, kept, strict=True)
        )
        return replace(of, rows=tuple(rows))

    return replace(settled, sheet=with_references(sheet), written=with_references(settled.written))


def reference_proposed(sheet: SheetRows, fields: Sequence[Field]) -> tuple[str, ...]:
    """The headings that a reference is likely made of, of a file that needs one and has none: the
    child and the day, where they tell every row from all others."""
    needed = any(field.name == REFERENCE and field.required for field in fields)
    read = map_columns(sheet, fields).headings
    headings = tuple(read[name] for name in ("child", "audit_date") if name in read)
    if not needed or REFERENCE in read or len(headings) < 2:
        return ()
    made = [one for one in _references(sheet, headings) if one]
    return headings if made and len(set(made)) == len(made) else ()


def answers_read(answers: ImportAnswers, fields: Sequence[Field]) -> dict[str, str]:
    """Heading → field, the made columns included."""
    made = {*answers.constants, *([REFERENCE] if answers.reference_from else [])}
    return {**answers.columns, **{heading_of(f): f.name for f in fields if f.name in made}}


def _references(sheet: SheetRows, headings: Sequence[str]) -> list[str]:
    """A reference for every row, the same in next month's file: of what the cells say, and nobody
    can read it back. A row without any of them has none."""
    places = [sheet.headings.index(heading) for heading in headings]
    found = []
    for row in sheet.rows:
        words = [_cell_words(row.cells[place]) for place in places]
        made = imported_id("made-reference", *words)[:12].upper() if any(words) else ""
        found.append(f"M-{made}" if made else "")
    return found


def _cell_words(cell: Cell) -> str:
    """What a cell says, however it is written: a date is its day."""
    try:
        day = parse_date(cell)
    except Refused:
        day = None
    return with_apostrophes_apart(text_of(cell)) if day is None else day.isoformat()
