"""Sheets of success measures, and of what is said of them, as typed rows.

A measure is known by its own reference where the sheet gives one, else by its words. A report may
hold several figures ("82; 62"); how they answer the target is said, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from api.imports.files.tables import Cell, SheetRows, text_of
from api.imports.mapping import Field, map_columns, normal, status_field
from api.imports.measured import Measured, parse_measured
from api.imports.outcome import ImportRow, SheetOutcome, in_order, name_doubles, readers
from api.imports.values import parse_text
from api.plans.importers.sheets import parse_reference, parse_words
from qa.core.errors import Fault, Refused
from qa.indicators.definition import Unit
from qa.plans.action_events import MeasureComparator, Reading


class MeasureRow(ImportRow):
    """One success measure; `reference` is that of its action."""

    measure: str
    text: str
    comparator: MeasureComparator | None = None
    target: Decimal | None = None
    unit: Unit | None = None
    indicator: str | None = None


class ReportRow(ImportRow):
    """What a source says of a measure, or of an action as a whole where `measure` is blank."""

    measure: str = ""
    state: Literal["value", "not-applicable", "no-value", "blank"]
    said: str
    period: str = ""
    values: tuple[Decimal, ...] = ()
    unit: Unit | None = None
    numerator: int | None = None
    denominator: int | None = None
    note: str = ""
    answers: Reading = "each"


_ACTION = Field(
    "reference",
    "Action reference",
    True,
    ("action id", "action ref", "action number", "ref", "action"),
)
_MEASURE = Field(
    "measure_ref", "Measure reference", False, ("measure id", "measure ref", "measure number")
)
_STATUS = status_field(
    "active", "live", "current", "agreed", "open", "in progress", "ongoing", "on track", "met",
    "not met", "achieved", "not achieved", "complete", "completed", "done", "closed", "final",
    "actual", "published", "confirmed",
)  # fmt: skip
_UNIT = Field("unit", "Unit", False, ("units", "measured in"))
MEASURE_FIELDS = (
    _ACTION,
    _MEASURE,
    Field("text", "Success measure", True, ("measure", "success measures", "text", "criterion"),
          kind="text"),
    Field("comparator", "How it is compared", False,
          ("comparator", "direction", "compare", "at least or at most", "target type",
           "what the value should do")),
    Field("target", "Target", False, ("target value", "goal"), kind="text"),
    _UNIT,
    Field("indicator", "Indicator", False, ("indicator id", "measure key", "kpi")),
    _STATUS,
)  # fmt: skip
REPORT_FIELDS = (
    _ACTION,
    Field("measure_ref", "Measure reference", False,
          ("measure id", "measure ref", "measure number")),
    Field("values", "Value", True,
          ("values", "figure", "performance", "result", "actual", "performance raw",
           "latest value", "current value", "latest figure", "latest performance")),
    Field("said", "As written", False, ("said", "text", "source text")),
    _UNIT,
    Field("numerator", "Numerator", False, ("count",)),
    Field("denominator", "Denominator", False, ("of", "base")),
    Field("period", "Period", False, ("as at", "date")),
    Field("note", "Note", False, ("notes", "remark")),
    Field("answers", "How several figures answer", False, ("rule", "reading")),
    Field("report", "Reference of the figure", False, ("value id", "figure id", "report ref")),
    Field("part_of", "Part of the figure", False, ("part of", "total ref")),
    _STATUS,
)  # fmt: skip

COMPARATORS: Mapping[str, MeasureComparator] = {
    "gte": "gte", "at least": "gte", ">=": "gte", "≥": "gte",
    "gt": "gt", "more than": "gt", "above": "gt", ">": "gt",
    "lte": "lte", "at most": "lte", "no more than": "lte", "<=": "lte", "≤": "lte",
    "lt": "lt", "less than": "lt", "below": "lt", "<": "lt",
    "eq": "eq", "exactly": "eq", "=": "eq",
    "increase": "increase", "decrease": "decrease", "reduction": "decrease",
    "monitor": "monitor", "milestone": "milestone",
}  # fmt: skip
UNITS: Mapping[str, Unit] = {
    "percent": "percent", "per cent": "percent", "%": "percent",
    "count": "count", "number": "count",
    "rate per 10000": "rate-per-10000", "rate-per-10000": "rate-per-10000",
    "days": "days", "score": "score", "money": "money", "£": "money",
}  # fmt: skip
ANSWERS: Mapping[str, Reading] = {
    "each": "each", "all": "each",
    "either": "either", "ambiguous": "either",
    "sum": "sum",
    "none": "none", "not evaluable": "none",
}  # fmt: skip


def check_measures(
    sheet: SheetRows, choices: Mapping[str, str] | None = None
) -> SheetOutcome[MeasureRow]:
    """Check every row of a sheet of success measures.

    Raises `Refused` where the action or the words of the measure have no column. Two targets for
    one indicator are both brought in, because each is of its own action, and named in `notes`.
    """
    mapping = map_columns(sheet, MEASURE_FIELDS, choices).complete()
    faults = list(sheet.faults)
    rows: list[MeasureRow] = []
    for row, read in readers(sheet, mapping.headings, faults):
        before = len(faults)
        reference = read.get("reference", parse_reference, required=True)
        text = read.get("text", partial(parse_words), required=True)
        comparator = read.get("comparator", partial(_one_of, known=COMPARATORS, what="comparison"))
        unit = read.get("unit", partial(_one_of, known=UNITS, what="unit"))
        target = read.get("target", partial(_target, unit=unit))
        indicator = read.get("indicator", parse_code)
        measure = read.get("measure_ref", parse_reference) or text
        if len(faults) == before and reference and text and measure:
            rows.append(
                MeasureRow(
                    **row.place,
                    reference=reference,
                    measure=measure,
                    text=text,
                    comparator=comparator,
                    target=target,
                    unit=unit,
                    indicator=indicator,
                )
            )
    if "measure_ref" in mapping.headings:
        name_doubles(sheet, mapping.headings["measure_ref"], faults, "measure_ref")
    notes = _two_targets(rows, mapping.headings.get("target"), sheet)
    return SheetOutcome(
        sheet, mapping, {}, tuple(rows), in_order(faults, sheet), in_order(notes, sheet)
    )


def _two_targets(rows: list[MeasureRow], heading: str | None, sheet: SheetRows) -> list[Fault]:
    """The rows that give an indicator another target than an earlier row does."""
    first: dict[str, MeasureRow] = {}
    found = []
    for row in rows:
        if row.indicator is None or row.target is None:
            continue
        before = first.setdefault(row.indicator, row)
        if (before.comparator, before.target) != (row.comparator, row.target):
            sentence = (
                f"{row.indicator} has two targets: {before.target} for action {before.reference} "
                f"({sheet.place(before.row)}), {row.target} for action {row.reference}."
            )
            found.append(
                Fault("target", "two-targets", sentence, row.row, heading, str(row.target))
            )
    return found


def check_reports(
    sheet: SheetRows, choices: Mapping[str, str] | None = None
) -> SheetOutcome[ReportRow]:
    """Check every row of a sheet of what is said of success measures.

    A value, "N/A", words without a value and a blank cell are four different states. A total that
    its parts do not add up to is brought in as published, with a note, and named in `notes`.
    """
    mapping = map_columns(sheet, REPORT_FIELDS, choices).complete()
    faults = list(sheet.faults)
    rows: list[ReportRow] = []
    figures: list[tuple[str | None, str | None]] = []
    for row, read in readers(sheet, mapping.headings, faults):
        before = len(faults)
        reference = read.get("reference", parse_reference, required=True)
        unit: Unit | None = read.get("unit", partial(_one_of, known=UNITS, what="unit"))
        found = read.get("values", partial(_measured, unit=unit)) or _blank()
        parts = {name: read.get(name, _whole) for name in ("numerator", "denominator")}
        texts: dict[str, Any] = {
            "measure": read.get("measure_ref", parse_reference) or "",
            "period": read.get("period", partial(parse_text, longest=60)) or "",
            "note": read.get("note", partial(parse_text, longest=2000)),
            "said": read.get("said", partial(parse_text, longest=2000)),
        }
        named = {name: read.get(name, parse_reference) for name in ("report", "part_of")}
        answers = read.get("answers", partial(_one_of, known=ANSWERS, what="rule")) or "each"
        if len(faults) > before or reference is None:
            continue
        first, alone = found[0], len(found) == 1
        rows.append(
            ReportRow(
                **row.place,
                reference=reference,
                measure=texts["measure"],
                state=first.state if first.said else "blank",
                said=texts["said"] or "; ".join(one.said for one in found),
                period=texts["period"],
                values=tuple(one.value for one in found if one.value is not None),
                unit=unit or ("percent" if first.sign == "percent" else None),
                numerator=_given(parts["numerator"], first.numerator if alone else None),
                denominator=_given(parts["denominator"], first.denominator if alone else None),
                note=texts["note"] or (first.note if first.state == "value" else ""),
                answers=answers,
            )
        )
        figures.append((named["report"], named["part_of"]))
    notes = _wrong_totals(rows, figures, mapping.headings["values"])
    return SheetOutcome(
        sheet, mapping, {}, tuple(rows), in_order(faults, sheet), in_order(notes, sheet)
    )


def _wrong_totals(
    rows: list[ReportRow], figures: list[tuple[str | None, str | None]], heading: str
) -> list[Fault]:
    """Name the totals that their parts do not add up to, and note it on the row itself."""
    parts: dict[str, Decimal] = {}
    for row, (_, whole) in zip(rows, figures, strict=True):
        if whole is not None:
            parts[whole] = parts.get(whole, Decimal(0)) + sum(row.values, Decimal(0))
    found = []
    for at, (row, (name, _)) in enumerate(zip(list(rows), figures, strict=True)):
        if name not in parts or sum(row.values, Decimal(0)) == parts[name]:
            continue
        total = "; ".join(map(str, row.values))
        sentence = f"The parts given add up to {parts[name]}, not to {total}."
        rows[at] = row.model_copy(update={"note": "; ".join(filter(None, (row.note, sentence)))})
        found.append(Fault("values", "parts-do-not-add-up", sentence, row.row, heading, row.said))
    return found


def _given(stated: int | None, read: int | None) -> int | None:
    return read if stated is None else stated


def _blank() -> tuple[Measured, ...]:
    return (Measured("no-value", None, None, None, None, "", ""),)


def _measured(cell: Cell, unit: Unit | None) -> tuple[Measured, ...] | None:
    """The figures of a cell, parted by semicolons."""
    if not isinstance(cell, str) or ";" not in cell:
        one = parse_measured(cell, unit=unit)
        return None if one is None else (one,)
    found = tuple(parse_measured(part.strip(), unit=unit) for part in cell.split(";"))
    known = tuple(one for one in found if one is not None)
    if len(known) != len(found) or any(one.state != "value" for one in known):
        raise Refused(f"“{cell}” is not a list of figures.", code="not-a-number")
    return known


def _whole(cell: Cell) -> int | None:
    text = text_of(cell).replace(",", "")
    if not text:
        return None
    if isinstance(cell, bool) or not re.fullmatch(r"\d{1,12}", text):
        raise Refused(f"“{text_of(cell)}” is not a whole number.", code="not-a-number")
    return int(text)


def _target(cell: Cell, unit: Unit | None) -> Decimal | None:
    found = parse_measured(cell, unit=unit)
    if found is None:
        return None
    if found.value is None or found.note:
        raise Refused(f"“{found.said}” is not a number.", code="not-a-number")
    return found.value


def _one_of(cell: Cell, known: Mapping[str, Any], what: str) -> Any:
    text = text_of(cell)
    if not text:
        return None
    found = known.get(text.casefold().strip()) or known.get(normal(text))
    if found is None:
        raise Refused(f"“{text}” is no {what} that is known here.", code=f"{what}-unknown")
    return found


def parse_code(cell: Cell) -> str | None:
    """The id of an indicator, from its key: "case_files_good" is "case-files-good"."""
    text = parse_words(cell, 60)
    return None if text is None else re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
