"""A sheet of reviews of actions as typed rows: rating, per cent complete, difference, commentary.

The rating is one of the scale that the plan used at that day. Blank says nothing of it. "Not yet
rated" is a rating of its own, and so is "0" where the scale has no 0: it ends the one before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial

from api.imports.columns.likeness import is_percents, is_words
from api.imports.columns.meanings import value_questions
from api.imports.files.tables import Cell, SheetRows, text_of
from api.imports.mapping import Field, map_columns, normal
from api.imports.outcome import ImportRow, SheetOutcome, in_order, not_in_future, readers
from api.imports.values import RowReader, parse_date
from api.plans.importers.percentages import missed_target, more_than_a_whole
from api.plans.importers.sheets import parse_reference, parse_words
from qa.core.errors import Fault, Refused, refuse_any
from qa.plans.action_events import Difference
from qa.plans.rag_scale import RagScale

ScaleOn = Callable[[date], RagScale | None]
"""The scale that a plan was rated on at a day."""

NOT_RATED = frozenset({"0", "not rated", "not yet rated", "no rating", "unrated"})
"""What ends the rating before, on whatever scale."""
UNKNOWN = frozenset({"tbc", "n/a", "-"})
"""What says no more of a rating than a blank."""


class AssessmentRow(ImportRow):
    """One review. `said` is the cell of the rating as it stood."""

    as_at: date
    scale: str
    level: str | None = None
    percent_complete: int | None = None
    difference: Difference | None = None
    commentary: str = ""
    assessed_by: str = ""
    said: str = ""


FIELDS = (
    Field("reference", "Action reference", True,
          ("action id", "action ref", "action number", "ref", "no", "number", "action")),
    Field("as_at", "As at", False,
          ("as at date", "date", "review date", "assessed on", "month"), kind="date"),
    Field("level", "Rating", False,
          ("rag", "rag rating", "status rag", "status", "level", "brag", "rag status"),
          blank=(("", "Nothing: the rating before goes on"),
                 ("not yet rated", "Not yet rated: the rating before ends"))),
    Field("percent_complete", "Per cent complete", False,
          ("percent complete", "% complete", "complete %", "progress %", "percentage complete"),
          kind="percent", unlike=is_words),
    Field("difference", "Is it making a difference", False,
          ("difference", "making a difference", "impact rating", "is it making a difference?")),
    Field("commentary", "Commentary", False,
          ("comment", "comments", "update", "progress", "progress update", "notes", "note",
           "narrative"), unlike=is_percents),
    Field("assessed_by", "Assessed by", False, ("rated by", "by", "assessor")),
)  # fmt: skip


def check_assessments(
    sheet: SheetRows,
    choices: Mapping[str, str] | None = None,
    *,
    scale_on: ScaleOn,
    as_at: date | None,
    today: date,
) -> SheetOutcome[AssessmentRow]:
    """Check every row. `as_at` is the day of all rows where the sheet has no column for it.

    Raises `Refused` where there is no reference, no day, or nothing that could be said of an
    action. A row that says nothing of its action is in the plan's `notes` and brings nothing.
    """
    mapping = map_columns(sheet, FIELDS, choices)
    wrong = list(mapping.faults())
    if as_at is None and "as_at" not in mapping.headings:
        sentence = "Say as at which day the file rates, or which column holds it."
        wrong.append(Fault("as_at", "missing", sentence))
    if not set(mapping.headings) & {"level", "percent_complete", "difference", "commentary"}:
        sentence = "No column could be read as a rating, a per cent complete or a commentary."
        wrong.append(Fault("level", "missing-column", sentence))
    refuse_any(wrong)
    faults, notes = list(sheet.faults), list[Fault]()
    rows: list[AssessmentRow] = []
    for row, read in readers(sheet, mapping.headings, faults):
        before = len(faults)
        reference = read.get("reference", parse_reference, required=True)
        day = read.get("as_at", parse_date, required=as_at is None) or as_at
        not_in_future(read, "as_at", day, today)
        scale = None if day is None else scale_on(day)
        if day is not None and scale is None:
            read.fault(
                "as_at", "date-before-plan", "The plan had no scale yet on that day.", str(day)
            )
        given = {
            "level": None if scale is None else read.get("level", partial(_level, scale=scale)),
            "percent_complete": read.get("percent_complete", parse_percent),
            "difference": read.get("difference", _difference),
            "commentary": read.get("commentary", partial(parse_words, longest=8000)) or "",
        }
        by = read.get("assessed_by", partial(parse_words, longest=300)) or ""
        if len(faults) > before or reference is None or day is None or scale is None:
            continue
        if not any(value is not None and value != "" for value in given.values()):
            sentence = f"The row of {reference} has no rating and no words, so nothing is recorded."
            notes.append(Fault("level", "nothing-said", sentence, row=row.number))
            continue
        assessment = AssessmentRow.model_validate(
            {
                "row": row.number,
                "line": row.line,
                "reference": reference,
                "as_at": day,
                "scale": scale.key,
                "assessed_by": by,
                "said": _rating_cell(read),
                **given,
            }
        )
        rows.append(assessment)
        notes += _to_look_at(assessment, scale, [one for one in row.cells if isinstance(one, str)])
    _name_doubles(rows, mapping.headings["reference"], sheet, faults)
    return SheetOutcome(
        sheet,
        mapping,
        {},
        tuple(rows),
        in_order(faults, sheet),
        in_order(notes, sheet),
        value_questions(faults, {"level": _levels(scale_on(as_at or today))}),
    )


def _to_look_at(row: AssessmentRow, scale: RagScale, cells: list[str]) -> list[Fault]:
    """What a reviewer should look at in a commentary; nothing of it is refused."""
    found = []
    if (total := more_than_a_whole(row.commentary)) is not None:
        sentence = f"The percentages in the commentary of {row.reference} add up to {total}%."
        found.append(Fault("commentary", "parts-do-not-add-up", sentence, row=row.row))
    missed = missed_target(row.commentary, cells)
    level = scale.level(row.level or "")
    ranked = scale.from_worst()
    if missed is not None and level is not None and level in ranked[-(len(ranked) // 2) :]:
        sentence = (
            f"{row.reference} is rated {level.label} beside a missed target: "
            f"{missed[0]}% of {missed[1]}%."
        )
        found.append(Fault("level", "target-missed", sentence, row=row.row))
    return found


def _levels(scale: RagScale | None) -> list[tuple[str, str]]:
    return [] if scale is None else [(level.code, level.label) for level in scale.given]


def _rating_cell(read: RowReader) -> str:
    return read.get("level", lambda cell: text_of(cell)[:300]) or ""


def _name_doubles(
    rows: list[AssessmentRow], heading: str, sheet: SheetRows, faults: list[Fault]
) -> None:
    """Name every row that reviews an action as at a day a second time."""
    seen: dict[tuple[str, date], int] = {}
    for row in rows:
        first = seen.setdefault((row.reference.casefold(), row.as_at), row.row)
        if first != row.row:
            place = sheet.place(first, begins=True)
            sentence = f"{place} reviews {row.reference} as at the same day."
            faults.append(
                Fault(
                    "reference",
                    "duplicate-reference",
                    sentence,
                    row=row.row,
                    column=heading,
                    value=row.reference,
                )
            )


def _level(cell: Cell, scale: RagScale) -> str | None:
    """The code of the level that a cell names, by code, label or rank; never by colour."""
    text = text_of(cell)
    if not text:
        return None
    wanted = normal(text)
    for level in scale.levels:
        if wanted in (normal(level.code), normal(level.label)) or text == str(level.rank):
            return level.code
    if text.casefold() in NOT_RATED:
        return scale.unrated.code
    if text.casefold() in UNKNOWN:
        return None
    ranks = [level.rank for level in scale.levels if level.rank is not None]
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise Refused(
            f"“{text}” is not on {scale.name}, which goes from {min(ranks)} to {max(ranks)}.",
            code="out-of-scale",
        )
    known = ", ".join(level.label for level in scale.levels)
    raise Refused(
        f"“{text}” is no level of {scale.name}, version {scale.version}: {known}.",
        code="level-unknown",
    )


def parse_percent(cell: Cell) -> int | None:
    """A whole number from 0 to 100, with or without %. A fraction is refused: it may mean either
    of two things."""
    text = text_of(cell).removesuffix("%").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if isinstance(cell, bool) or not value.is_finite():
        raise Refused(f"“{text_of(cell)}” is not a percentage.", code="not-a-number")
    if 0 < value < 1 and not text_of(cell).endswith("%"):
        raise Refused(
            f"“{text}” may be a fraction or a per cent. Write it as a whole number from 0 to 100.",
            code="percent-or-fraction",
        )
    if not 0 <= value <= 100 or value != int(value):
        raise Refused(
            f"“{text_of(cell)}” is not a whole per cent from 0 to 100.", code="percent-out-of-range"
        )
    return int(value)


_DIFFERENCES: Mapping[str, Difference] = {
    "yes": "yes",
    "partly": "partly",
    "some": "partly",
    "partially": "partly",
    "no": "no",
    "not yet": "too-early",
    "too early": "too-early",
    "too early to say": "too-early",
}


def _difference(cell: Cell) -> Difference | None:
    text = text_of(cell)
    if not text:
        return None
    found = _DIFFERENCES.get(normal(text))
    if found is None:
        raise Refused(
            f"“{text}” is none of yes, partly, no and too early.", code="not-a-difference"
        )
    return found
