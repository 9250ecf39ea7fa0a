"""The columns of a file, each settled as a whole before any row is read.

What a person answered is put in its place; what one cell of a column proves of the others is taken
from it; and what nobody can know from the file is a question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from api.imports.answers import AS_ABOVE, LEAVE_OUT, ImportAnswers, ImportOption, ImportQuestion
from api.imports.columns.dates import SettledColumn, month_first, settle_dates
from api.imports.columns.meanings import (
    ends_some,
    grade_questions,
    looks_like_grades,
    may_be_status,
    meaning_of,
    status_questions,
    without_domain,
)
from api.imports.columns.missing import settle_missing, without_point
from api.imports.columns.names import alike_names
from api.imports.columns.numbers import settle_numbers
from api.imports.files.tables import Cell, SheetRow, SheetRows, each_once, text_of
from api.imports.mapping import DOMAIN, IGNORE, Field, HeadingMap, normal, undated
from api.imports.outcome import Row, SheetOutcome
from qa.core.errors import Fault
from qa.core.words import code_of


@dataclass(frozen=True, slots=True)
class SettledSheet:
    """A sheet whose cells mean what their columns say, beside the sheet as it was written.

    Both are without the rows `left_out` by the answers; `questions` and `notes` are to be shown
    before anything is recorded.
    """

    sheet: SheetRows
    written: SheetRows
    left_out: tuple[SheetRow, ...]
    questions: tuple[ImportQuestion, ...]
    notes: tuple[Fault, ...]

    def shown(self, outcome: SheetOutcome[Row]) -> SheetOutcome[Row]:
        """The outcome of checking the sheet, with what was found before and the rows as they were
        written, for those that are rejected."""
        return replace(
            outcome,
            sheet=self.written,
            notes=(*self.notes, *outcome.notes),
            questions=(*self.questions, *outcome.questions),
        )


def settle(
    sheet: SheetRows, mapping: HeadingMap, fields: Sequence[Field], answers: ImportAnswers
) -> SettledSheet:
    """The sheet with every column settled that is read as one of the fields."""
    by_name = {field.name: field for field in fields}
    scale = next((one.scale for one in fields if one.scale is not None), None)
    field_of = {
        heading: by_name.get(name) or Field(name, heading, kind="grade", scale=scale)
        for name, heading in mapping.headings.items()
    }
    columns = {heading: sheet.column(heading) for heading in sheet.headings}
    left: set[int] = set()
    for heading in sheet.headings:
        by_word = _by_word(answers.values, heading)
        if by_word:
            columns[heading] = _meant(sheet.rows, columns[heading], by_word, left)
    rows = [row for row in sheet.rows if row.number not in left]
    kept = [at for at, row in enumerate(sheet.rows) if row.number not in left]
    written = dict(columns)
    questions = [] if answers.sheets else _about_sheets(sheet)
    notes = [*sheet.notes]
    for heading in sheet.headings:
        cells = [columns[heading][at] for at in kept]
        field = field_of.get(heading)
        if field is not None:
            settled = _settled(heading, rows, cells, field, answers, written)
            cells = settled.cells
            questions += settled.questions
            notes += settled.notes
            if "" not in _by_word(answers.values, heading):
                questions += _about_blanks(heading, rows, cells, field)
        columns[heading] = cells
    questions += _unknown_grades(sheet, mapping, fields, columns, rows)
    questions += _unknown_status(mapping, fields, columns, rows, answers)
    questions += _unknown_columns(mapping, fields, columns)
    made = tuple(
        replace(row, cells=tuple(columns[heading][at] for heading in sheet.headings))
        for at, row in enumerate(rows)
    )
    # What is wrong with a row that is left out, or in a column that is not read, refuses nothing.
    faults = tuple(
        fault
        for fault in sheet.faults
        if fault.row not in left and fault.column not in mapping.ignored
    )
    return SettledSheet(
        sheet=replace(sheet, rows=made, faults=faults),
        written=replace(sheet, rows=tuple(map(_to_put_right, rows, made)), faults=faults),
        left_out=tuple(row for row in sheet.rows if row.number in left),
        questions=tuple(questions),
        notes=tuple(notes),
    )


def _to_put_right(written: SheetRow, meant: SheetRow) -> SheetRow:
    """A row as it was written, for a file of refused rows; but what it says only in this file (a
    blank that repeats the row above, a real date that the spreadsheet turned) it says outright."""
    cells = (
        means
        if cell is not means
        and (not text_of(cell) or (isinstance(cell, date) and isinstance(means, date)))
        else cell
        for cell, means in zip(written.cells, meant.cells, strict=True)
    )
    return replace(written, cells=tuple(cells))


def _by_word(of: Mapping[str, Mapping[str, str]], heading: str) -> Mapping[str, str]:
    """What is said of a heading, however it was written then."""
    return next((by_word for name, by_word in of.items() if normal(name) == normal(heading)), {})


def _meant(
    rows: Sequence[SheetRow], cells: Sequence[Cell], by_word: Mapping[str, str], left: set[int]
) -> list[Cell]:
    meanings = {meaning_of(written): means for written, means in by_word.items()}
    found: list[Cell] = []
    above: Cell = None
    for row, cell in zip(rows, cells, strict=True):
        means = meanings.get(meaning_of(text_of(cell)))
        above = cell if text_of(cell) else above
        if means == AS_ABOVE:
            found.append(above)
            continue
        if means == LEAVE_OUT:
            left.add(row.number)
        found.append(cell if means is None else means or None)
    return found


def _settled(
    heading: str,
    rows: Sequence[SheetRow],
    cells: list[Cell],
    field: Field,
    answers: ImportAnswers,
    written: Mapping[str, Sequence[Cell]],
) -> SettledColumn:
    cells = each_once(partial(settle_missing, kind=field.kind), cells)
    kind = field.kind
    if kind in ("date", "due"):
        order = next(
            (o for h, o in answers.date_orders.items() if normal(h) == normal(heading)), None
        )
        return settle_dates(
            heading,
            rows,
            cells,
            order,
            by_day=kind == "date",
            beside=lambda: month_first(written, heading),
        )
    if kind in ("number", "percent"):
        style = next(
            (s for h, s in answers.number_styles.items() if normal(h) == normal(heading)), None
        )
        return settle_numbers(heading, rows, cells, style, percent=kind == "percent")
    if kind in ("person", "team"):
        answered = {meaning_of(one) for one in _by_word(answers.values, heading)}
        teams = kind == "team"
        questions = alike_names(heading, rows, cells, teams=teams, on_record=field.on_record)
        return SettledColumn(cells, [q for q in questions if meaning_of(q.written) not in answered])
    if kind == "status":
        words = {meaning_of(one) for one in _by_word(answers.values, heading)}
        return SettledColumn(cells, status_questions(heading, rows, cells, words, field.counts))
    if field.scale is not None:
        if field.name.startswith(DOMAIN):
            cells = each_once(partial(without_domain, scale=field.scale), cells)
        return SettledColumn(cells, grade_questions(heading, rows, cells, field.scale))
    if kind in ("reference", "child"):
        whole = without_point(cells)
        changed = next(
            filter(lambda pair: pair[0] != pair[1], zip(cells, whole, strict=True)), None
        )
        if changed is not None:
            was, now = map(text_of, changed)
            sentence = f"Each ends in “.0”, which a program adds: “{was}” is read as {now}."
            return SettledColumn(
                whole, notes=[Fault("", "point-removed", sentence, column=heading)]
            )
    return SettledColumn(cells)


def _about_blanks(
    heading: str, rows: Sequence[SheetRow], cells: Sequence[Cell], field: Field
) -> list[ImportQuestion]:
    """What blanks mean, where they may be more than a blank: as under a filled cell that they
    repeat, where a sheet had one cell for several rows."""
    blank = tuple(row.number for row, cell in zip(rows, cells, strict=True) if not text_of(cell))
    if not blank:
        return []
    options = [ImportOption(*one) for one in field.blank]
    if field.repeats and blank[0] != rows[0].number:
        options.append(ImportOption(AS_ABOVE, "The same as the row above"))
    if not options:
        return []
    options.append(ImportOption(LEAVE_OUT, "Leave these rows out"))
    sentence = f"What does a blank in “{heading}” mean?"
    return [ImportQuestion("values", heading, sentence, tuple(options), "", blank, needed=False)]


def _about_sheets(sheet: SheetRows) -> list[ImportQuestion]:
    if not sheet.alike or not sheet.sheet:
        return []
    titles = (sheet.sheet, *sheet.alike)
    named = ", ".join(f"“{title}”" for title in sheet.alike)
    return [
        ImportQuestion(
            "sheets",
            "",
            f"“{sheet.sheet}” is read. Should {named} be read with it?",
            (
                ImportOption("\n".join(titles), "Read all of them"),
                *(ImportOption(title, f"Read “{title}” alone") for title in titles),
            ),
            needed=False,
        )
    ]


def _unknown_status(
    mapping: HeadingMap,
    fields: Sequence[Field],
    columns: Mapping[str, Sequence[Cell]],
    rows: Sequence[SheetRow],
    answers: ImportAnswers,
) -> list[ImportQuestion]:
    """A question for each column that may say that some rows are not complete; beside one that is
    read as the status, for each of its words."""
    status = next((one for one in fields if one.kind == "status"), None)
    if status is None:
        return []
    if status.name in mapping.headings:
        beside = [h for h in mapping.unmapped if ends_some(h, columns[h])]
        return [
            question
            for heading in beside
            for question in status_questions(
                heading,
                rows,
                columns[heading],
                {meaning_of(one) for one in _by_word(answers.values, heading)},
                status.counts,
            )
        ]
    sentence = "“{}” may say that some rows are drafts or were cancelled. Is it their status?"
    options = (
        ImportOption(status.name, "Yes: each of its words is then asked about"),
        ImportOption(IGNORE, "No: leave this column out"),
    )
    return [
        ImportQuestion("columns", heading, sentence.format(heading), options)
        for heading in mapping.unmapped
        if may_be_status(heading, columns[heading], status.counts)
    ]


def _unknown_columns(
    mapping: HeadingMap, fields: Sequence[Field], columns: Mapping[str, Sequence[Cell]]
) -> list[ImportQuestion]:
    """A question for each column that may be a field that no other is read as: by what it holds, or
    as one of several of that name, each of another month."""
    found = []
    for field in fields:
        if field.name in mapping.headings:
            continue
        names = {normal(name) for name in field.names}
        dated = [heading for heading in mapping.unmapped if undated(heading) in names]
        for heading in mapping.unmapped:
            may_be = field.may_be is not None and field.may_be(heading, columns[heading])
            if may_be or (heading in dated and len(dated) > 1):
                sentence = f"Is “{heading}” to be read as “{field.label}”?"
                options = (
                    ImportOption(field.name, "Yes"),
                    ImportOption(IGNORE, "No: leave this column out"),
                )
                found.append(ImportQuestion("columns", heading, sentence, options))
    return found


def _unknown_grades(
    sheet: SheetRows,
    mapping: HeadingMap,
    fields: Sequence[Field],
    columns: Mapping[str, Sequence[Cell]],
    rows: Sequence[SheetRow],
) -> list[ImportQuestion]:
    """A question for each column of grades that is no domain of the tool by its name."""
    scales = [field.scale for field in fields if field.scale is not None]
    domains = [field for field in fields if field.name.startswith(DOMAIN)]
    if not domains:
        return []
    graded = [mapping.headings[f.name] for f in fields if f.scale and f.name in mapping.headings]
    figures = any(text_of(cell).isdigit() for heading in graded for cell in columns[heading])
    found = []
    for heading in mapping.unmapped:
        if not looks_like_grades(columns[heading], scales, figures=figures):
            continue
        free = [one for one in domains if one.name not in mapping.headings]
        options = [ImportOption(IGNORE, "Leave this column out")]
        options += [ImportOption(one.name, f"Grades of “{one.label}”") for one in free]
        options.append(
            ImportOption(f"{DOMAIN}{code_of(heading)}", f"Grades of a domain called “{heading}”")
        )
        sentence = f"“{heading}” holds grades, but the audit tool has no domain of that name."
        found.append(ImportQuestion("columns", heading, sentence, tuple(options), needed=False))
    return found
