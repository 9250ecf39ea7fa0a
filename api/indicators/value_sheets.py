"""Sheets of values of indicators, long or wide.

Long: one row a period, with its period in a column. Wide: one row an indicator, one column a
period, its heading the period ("2020/21 Q1", "Q1 2020/21", or "Q1" where the year is said).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.imports.about import AboutPlan
from api.imports.columns.numbers import fractions_in_doubt, settle_numbers
from api.imports.files.months import month_meant
from api.imports.files.tables import Cell, SheetRows, UnreadableCell, text_of
from api.imports.mapping import Field, HeadingMap, map_columns, status_field
from api.imports.measured import Measured, parse_measured
from api.imports.outcome import ImportRow, SheetOutcome, in_order, readers
from api.imports.values import RowReader, parse_date, parse_text
from api.indicators.sheets import INDICATOR, parse_id, parse_long
from qa.core.errors import Fault, Refused
from qa.core.periods import PeriodKind, parse_period, period_of
from qa.indicators import checks, values
from qa.indicators.definition import IndicatorDefinition
from qa.indicators.values import ValueDraft


@dataclass(frozen=True, slots=True)
class Known:
    """An indicator on record: its id, and the definition in force on a day."""

    id: str
    definition_on: Callable[[date], IndicatorDefinition]


class ValueRow(ImportRow):
    """One value of one period; `reference` is the indicator's id."""

    period: str
    state: str
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    source: str = ""
    said: str = ""
    note: str = ""
    excluded: str = ""

    @property
    def draft(self) -> ValueDraft:
        given = {name: getattr(self, name) for name in ValueDraft.model_fields}
        return ValueDraft(**given)


VALUE_FIELDS = (
    INDICATOR,
    Field("period", "Period", False, ("quarter", "month")),
    Field("value", "Value", False, ("actual", "result", "performance"), kind="number"),
    Field("numerator", "Numerator", False, ("count",), kind="number"),
    Field("denominator", "Denominator", False, ("out of", "base"), kind="number"),
    Field("source", "Source", False, ("document",)),
    Field("note", "Note", False, ("notes", "comment")),
    Field("excluded", "Left out", False, ("excluded", "excludes")),
    status_field(
        "final", "actual", "published", "confirmed", "validated", "complete", "signed off"
    ),
)

_PARTS = {"numerator", "denominator"}
_BARE = re.compile(r"[-+£]?\d+(?:[.,]\d+)*\s?%?")
_PERCENT_FIRST = re.compile(r"\d+(?:[.,]\d+)*\s?%")


def _note(cell: Cell) -> str | None:
    """Words. A number alone is none: the row may be shifted."""
    text = parse_long(cell)
    if text is not None and _BARE.fullmatch(text):
        raise Refused(
            f"“{text}” is a value where words belong; the row may be shifted.",
            code="number-for-words",
        )
    return text


def check_values(
    sheet: SheetRows,
    choices: Mapping[str, str] | None,
    about: AboutPlan,
    *,
    known: Mapping[str, Known],
    today: date,
) -> SheetOutcome[ValueRow]:
    """Check a sheet of values. `known` holds the indicators by id.

    Raises `Refused` where neither a period column nor a heading that is a period can be found.
    """
    mapping = map_columns(sheet, VALUE_FIELDS, choices).complete()
    wide = {} if "period" in mapping.headings else _periods_of(mapping, about)
    given = {*mapping.headings}
    if not wide and not ("period" in given and (given >= _PARTS or "value" in given)):
        if any(period_meant(heading, "2000/01") for heading in mapping.unmapped):
            sentence = "The headings are periods without a year. Say which year, such as 2026/27."
            raise Refused(sentence, field="year", code="year-missing")
        sentence = (
            "No column could be read as period and value, and no heading is a period such as "
            "2020/21 Q1."
        )
        raise Refused(sentence, field="map", code="missing-column")
    sheet = _with_doubts(sheet, wide)
    headings = {**mapping.headings, **{f"at {period}": h for h, period in wide.items()}}
    unsure = _fractions(sheet, headings, known, today)
    faults = list(sheet.faults)
    rows: list[ValueRow] = []
    seen: dict[tuple[str, str, str], int] = {}
    for row, read in readers(sheet, headings, faults):
        reference = read.get("reference", parse_id, required=True)
        if reference is None:
            continue
        if reference not in known:
            sentence = f"There is no indicator {reference}."
            read.fault("reference", "indicator-unknown", sentence, reference)
            continue
        indicator = known[reference]
        before = len(faults)
        note = read.get("note", _note) or ""
        for field, period in () if len(faults) > before else _cells(read, wide, about):
            if (row.number, field) in unsure:
                sentence = (
                    f"“{unsure[row.number, field]}” may be a part of one or a per cent, as other "
                    "values of this indicator show."
                )
                read.fault(field, "percent-or-fraction", sentence, unsure[row.number, field])
                continue
            made = _value(read, field, period, indicator, about, today, note)
            if made is None:
                continue
            slot = (reference, period, made.get("source", ""))
            if slot in seen:
                place = sheet.place(seen[slot], begins=True)
                sentence = f"{place} has a value for {period} too."
                read.fault(field, "two-values", sentence, made.get("said", ""))
                continue
            seen[slot] = row.number
            rows.append(ValueRow(**row.place, reference=reference, period=period, **made))
    left = tuple(h for h in mapping.unmapped if h not in wide)
    shown = replace(mapping, unmapped=left)
    notes = in_order(_of_rows(sheet, mapping, rows, faults), sheet)
    return SheetOutcome(sheet, shown, wide, tuple(rows), in_order(faults, sheet), notes)


UNCHANGED = 6
"""Periods with one and the same value that are pointed out."""


def _of_rows(
    sheet: SheetRows, mapping: HeadingMap, rows: Sequence[ValueRow], faults: Sequence[Fault]
) -> list[Fault]:
    """What is to be known of rows that are not refused: a note that no value carries, and a series
    that stands still."""
    found = []
    by_reference: dict[str, list[ValueRow]] = {}
    for row in rows:
        by_reference.setdefault(row.reference, []).append(row)
    for series in by_reference.values():
        values = {row.value for row in series}
        if len(series) >= UNCHANGED and len(values) == 1 and series[0].value not in ("", "0"):
            (value,) = values
            if not value.startswith("100") or not series[0].said.endswith("%"):
                sentence = (
                    f"{value} stands in all {len(series)} periods: it may not have been counted "
                    "anew."
                )
                found.append(Fault("value", "unchanged", sentence, series[0].row, value=value))
    heading = mapping.headings.get("note")
    spoken = {row.row for row in rows} | {fault.row for fault in faults}
    for line in sheet.rows if heading is not None else ():
        text = text_of(line.cells[sheet.headings.index(heading or "")])
        if _PERCENT_FIRST.match(text) and not _BARE.fullmatch(text):
            sentence = f"“{text}” begins with a value, which is kept as a note and not counted."
            found.append(Fault("note", "value-in-note", sentence, line.number, heading, text))
        if text and line.number not in spoken:
            sentence = "No period of this row has a value, so its note stands nowhere."
            found.append(Fault("note", "note-without-value", sentence, line.number, heading, text))
    return found


def _fractions(
    sheet: SheetRows, headings: Mapping[str, str], known: Mapping[str, Known], today: date
) -> dict[tuple[int, str], str]:
    """The ones among per cents that may be wholes, by row and field: 0.97 stands beside them."""
    places = {
        field: sheet.headings.index(heading)
        for field, heading in headings.items()
        if field == "value" or field.startswith("at ")
    }
    series: dict[str, list[tuple[int, str, Cell]]] = {}
    at = sheet.headings.index(headings["reference"])
    for row in sheet.rows:
        reference = checks.id_for(text_of(row.cells[at])) if text_of(row.cells[at]) else ""
        if reference in known and known[reference].definition_on(today).unit == "percent":
            cells = [(row.number, field, row.cells[place]) for field, place in places.items()]
            series.setdefault(reference, []).extend(cells)
    return {
        (number, field): text_of(cell)
        for cells in series.values()
        for (number, field, cell), unsure in zip(
            cells, fractions_in_doubt([cell for _, _, cell in cells]), strict=True
        )
        if unsure and text_of(cell).strip("-") == "1"
    }


def _with_doubts(sheet: SheetRows, wide: Collection[str]) -> SheetRows:
    """The sheet with the numbers marked that others under a period show to be doubtful: 1.204
    beside 12 345."""
    places = [place for place, heading in enumerate(sheet.headings) if heading in wide]
    at = [(row, place) for row in sheet.rows for place in places]
    settled = settle_numbers(
        "", [row for row, _ in at], [row.cells[place] for row, place in at], None
    )
    doubted = {
        (row.number, place): cell
        for (row, place), cell in zip(at, settled.cells, strict=True)
        if isinstance(cell, UnreadableCell)
    }
    rows = (
        replace(
            row, cells=tuple(doubted.get((row.number, at), c) for at, c in enumerate(row.cells))
        )
        for row in sheet.rows
    )
    return replace(sheet, rows=tuple(rows)) if doubted else sheet


def _periods_of(mapping: HeadingMap, about: AboutPlan) -> dict[str, str]:
    """Heading → period, for the headings that are one."""
    found = {heading: period_meant(heading, about.year) for heading in mapping.unmapped}
    return {heading: period for heading, period in found.items() if period}


def period_meant(text: str, year: str = "") -> str:
    """The label of the period that a heading or cell means; nothing where it means none."""
    words = " ".join(re.sub(r"[_,]", " ", text).split())
    years = r"(\d{4}|\d\d(?=/))\s?[/-]\s?(?:\d\d)?(\d\d)"
    if match := re.fullmatch(rf"(?:{years} )?q(?:uarter|tr)? ?([1-4])(?: {years})?", words, re.I):
        first, last = (match[1], match[2]) if match[1] else (match[4], match[5])
        century = "20" if first and len(first) == 2 else ""
        words = f"{century}{first}/{last} Q{match[3]}" if first else f"{year} Q{match[3]}"
    elif (month := month_meant(text, year)) is not None:
        return period_of(month, PeriodKind.MONTH).label
    try:
        return parse_period(words).label
    except (Refused, ValueError):
        return ""


def _cells(read: RowReader, wide: Mapping[str, str], about: AboutPlan) -> list[tuple[str, str]]:
    """The fields that hold values in a row, each with its period."""
    if wide:
        return [(f"at {period}", period) for period in wide.values()]
    text = read.get("period", lambda cell: text_of(cell) or None, required=True)
    if text is None:
        return []
    period = period_meant(text, about.year)
    if not period:
        sentence = f"“{text}” is not a period."
        if period_meant(text, "2000/01"):
            sentence = f"“{text}” has no year. Say which year the file is of."
        elif _is_day(text):
            sentence = f"“{text}” is a day. Write the month, the quarter or the year that it is of."
        read.fault("period", "unknown-period", sentence, text)
        return []
    return [("value", period)]


def _is_day(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except Refused:
        return False


def _value(
    read: RowReader,
    field: str,
    period: str,
    indicator: Known,
    about: AboutPlan,
    today: date,
    note: str,
) -> dict[str, Any] | None:
    """The content of one cell; None where it is blank or cannot be taken."""
    definition = indicator.definition_on(parse_period(period).start)
    failed: list[Fault] = []

    def parse(cell: Cell) -> Measured | None:
        try:
            return parse_measured(cell, unit=definition.unit)
        except Refused as refused:
            failed.extend(refused.faults)
            raise

    found = read.get(field, parse)
    long = field == "value"
    parts = {
        name: (read.get(name, parse_text) or "") if long else ""
        for name in ("numerator", "denominator")
    }
    if failed or (found is None and not all(parts.values())):
        return None
    made = _draft(found, parts)
    made["source"] = (read.get("source", parse_text) if long else None) or about.source
    made["note"] = "; ".join(filter(None, (made["note"], note)))
    if long:
        made["excluded"] = read.get("excluded", parse_long) or ""
    draft = ValueDraft(period=period, **made)
    faults: list[Fault] = []
    values.period(period, definition.period, today, faults)
    values.value(draft, definition.unit, faults)
    if definition.derived:
        sentence = "Caseloop counts this indicator itself; a value cannot be entered."
        faults.append(Fault("value", "derived-indicator", sentence))
    for fault in faults:
        place = fault.field if long and fault.field != "state" else field
        read.fault(place, fault.code, fault.sentence, made["said"] or fault.value)
    return None if faults else made


def _draft(found: Measured | None, parts: Mapping[str, str]) -> dict[str, Any]:
    """What was read as the texts of a draft; parts in columns of their own go first."""
    if found is None:
        return {"state": "value", "value": "", **parts, "said": "", "note": "", "excluded": ""}
    above, below = found.numerator, found.denominator
    return {
        "state": found.state,
        "value": "" if found.value is None else str(found.value),
        "numerator": parts["numerator"] or ("" if above is None else str(above)),
        "denominator": parts["denominator"] or ("" if below is None else str(below)),
        "said": found.said,
        "note": found.note,
        "excluded": "",
    }
