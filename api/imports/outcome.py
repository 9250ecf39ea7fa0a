"""What an import would do, before it does anything: good rows, every fault, and the rejects."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from api.documents.text import guarded
from api.imports.answers import ImportQuestion
from api.imports.files.tables import SheetRow, SheetRows, text_of
from api.imports.mapping import (
    NOT_IN_FILE,
    REASON_HEADING,
    ColumnReading,
    HeadingMap,
    columns_read,
    is_reason,
)
from api.imports.values import RowReader, grade_parser, is_not_applicable, parse_text
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Fault, Refused
from qa.core.naming import spelling_key
from qa.core.words import Scale

CONTRADICTED = "agreement-contradicted"


class ImportRow(BaseModel):
    """One row as it will be brought in; `row` and `line` say where it stood in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int
    line: int
    reference: str


Row = TypeVar("Row", bound=ImportRow)


@dataclass(frozen=True, slots=True)
class SheetOutcome(Generic[Row]):
    """The outcome of checking a sheet.

    `rows` are all rows that could be read into a whole record, `faults` everything found in any
    row. `grade_columns` are the columns taken as grades of a domain, heading → domain. `notes` are
    what to know of rows that are not refused: a cell kept as written because it could not be read,
    a row that says nothing, figures that contradict one another. `questions` are what must be
    answered before the file is recorded.
    """

    sheet: SheetRows
    mapping: HeadingMap
    grade_columns: dict[str, str]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...] = ()
    questions: tuple[ImportQuestion, ...] = ()

    @property
    def spoken_of(self) -> tuple[str, ...]:
        """The fields that the file has a column for."""
        return (*self.mapping.headings, *(f"domain:{name}" for name in self.grade_columns.values()))

    def columns(self) -> list[ColumnReading]:
        """Every column of the file: what it is read as or made into, or why it is left out."""
        return columns_read(self.sheet.headings, self.mapping, self.grade_columns)

    def standing(self, keep_contradicted: bool = False) -> tuple[Fault, ...]:
        """The faults that keep a row out. A contradicted statement can be let in beside the
        computed one, because agreement is computed and never typed."""
        if not keep_contradicted:
            return self.faults
        return tuple(fault for fault in self.faults if fault.code != CONTRADICTED)

    def accept(self, *, skip_bad: bool = False, keep_contradicted: bool = False) -> tuple[Row, ...]:
        """The rows to bring in. Without `skip_bad` one fault refuses the whole file."""
        faults = self.standing(keep_contradicted)
        if faults and not skip_bad:
            raise Refused(faults)
        bad = {fault.row for fault in faults}
        return tuple(row for row in self.rows if row.row not in bad)

    def rejected(self, keep_contradicted: bool = False) -> tuple[SheetRow, ...]:
        """The rows with at least one fault, as they stood in the file."""
        bad = {fault.row for fault in self.standing(keep_contradicted)}
        return tuple(row for row in self.sheet.rows if row.number in bad)

    def rejects_csv(self, keep_contradicted: bool = False) -> str:
        """The rejected rows under their own headings, with the reasons in a last column."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        headings = [
            heading
            for heading in self.sheet.headings
            if not is_reason(heading) and not heading.endswith(NOT_IN_FILE)
        ]
        places = [self.sheet.headings.index(heading) for heading in headings]
        writer.writerow([guarded(heading) for heading in (*headings, REASON_HEADING)])
        reasons: dict[int | None, list[str]] = {}
        for fault in self.standing(keep_contradicted):
            reason = f"{fault.column}: {fault.sentence}" if fault.column else fault.sentence
            reasons.setdefault(fault.row, []).append(reason)
        for row in self.rejected(keep_contradicted):
            cells = [text_of(row.cells[place]) for place in places]
            writer.writerow([guarded(cell) for cell in (*cells, " ".join(reasons[row.number]))])
        return out.getvalue()

    def write_rejects(self, path: Path, *, keep_contradicted: bool = False) -> None:
        """Write `rejects_csv` in a form that Excel opens as it is."""
        path.write_bytes(self.rejects_csv(keep_contradicted).encode("utf-8-sig"))


# -- helpers of the planners


def readers(
    sheet: SheetRows, headings: dict[str, str], faults: list[Fault]
) -> Iterable[tuple[SheetRow, RowReader]]:
    """Every row of the sheet with a reader for it, in order."""
    places = {heading: place for place, heading in enumerate(sheet.headings)}
    for row in sheet.rows:
        yield row, RowReader(row, places, headings, faults)


def grades_of(
    columns: dict[str, str], scale_of: Callable[[str], Scale], *, needed: bool = False
) -> Callable[[RowReader], dict[str, str]]:
    """What gives domain → grade for the domains that a row grades; not applicable is left out. It
    is a fault where one is `needed` and the row grades none."""
    readers = []
    for domain in columns.values():
        scale = scale_of(domain)
        ranked = {point.code for point in scale.points if point.rank is not None}
        readers.append((domain, f"domain:{domain}", grade_parser(scale), ranked))

    def of(read: RowReader) -> dict[str, str]:
        before = read.found
        given = ((domain, read.get(at, parse), ranked) for domain, at, parse, ranked in readers)
        found = {domain: grade for domain, grade, ranked in given if grade in ranked}
        if needed and not found and read.found == before:
            sentence = "Nothing is graded: the tool has no overall grade, so grade a domain."
            read.fault(readers[0][1], "missing", sentence, "")
        return found

    return of


def overall_of(scale: Scale) -> Callable[[RowReader], str | None]:
    """What gives the overall grade of a row, which has to be one that can be compared; an empty
    one where the tool has none."""
    if not scale.points:
        return partial(no_overall, field="overall")
    parse = grade_parser(scale)

    def of(read: RowReader) -> str | None:
        grade = read.get("overall", parse, required=True)
        if grade is not None and scale.rank(grade) is None:
            sentence = f"An overall grade cannot be “{scale.label(grade)}”."
            read.fault("overall", "not-a-grade", sentence, scale.label(grade))
            return None
        return grade

    return of


def no_overall(read: RowReader, field: str) -> str:
    """The overall grade by a tool that has none: a fault where the row has one all the same."""
    text = read.get(field, parse_text)
    if text and not is_not_applicable(text):
        sentence = "The tool has no overall grade: grade its domains, and leave this blank."
        read.fault(field, "no-overall-grade", sentence, text)
    return ""


def not_in_future(read: RowReader, field: str, day: date | None, today: date) -> None:
    if day is not None and day > today:
        sentence = f"{in_words(day)} is in the future."
        read.fault(field, "in-the-future", sentence, day.isoformat())


def name_doubles(
    sheet: SheetRows, heading: str, faults: list[Fault], field: str = "reference"
) -> None:
    """Name every row whose reference stands in an earlier row.

    A row that repeats an earlier one in full is only superfluous. Where the rest differs nobody
    can tell which is right, so the first is named too.
    """
    place = sheet.headings.index(heading)
    groups: dict[str, list[SheetRow]] = {}
    for row in sheet.rows:
        reference = text_of(row.cells[place])
        if reference:
            groups.setdefault(spelling_key(reference), []).append(row)
    for rows in groups.values():
        if len(rows) == 1:
            continue
        first = rows[0]
        alike = all(_texts(row) == _texts(first) for row in rows)
        for row in rows[1:] if alike else rows:
            others = ", ".join(sheet.place(other.number) for other in rows if other is not row)
            reference = text_of(row.cells[place])
            if alike:
                code, sentence = "duplicate-row", f"This row repeats {sheet.place(first.number)}."
            else:
                code = "duplicate-reference"
                sentence = f"{reference} stands in {others} too, with other values."
            faults.append(
                Fault(field, code, sentence, row=row.number, column=heading, value=reference)
            )


def _texts(row: SheetRow) -> list[str]:
    return [text_of(cell).casefold() for cell in row.cells]


def in_order(faults: Iterable[Fault], sheet: SheetRows) -> tuple[Fault, ...]:
    """Faults by row and then by column, as somebody goes through the file."""
    places = {heading: place for place, heading in enumerate(sheet.headings)}
    return tuple(sorted(faults, key=lambda f: (f.row or 0, places.get(f.column or "", -1))))
