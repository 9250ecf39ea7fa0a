"""Sheets of indicators (one row an indicator) and of their values, long or wide.

Long: one row a period, with its period in a column. Wide: one row an indicator, one column a
period, its heading the period ("2020/21 Q1", "Q1 2020/21", or "Q1" where the year is said).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from api.imports.about import AboutPlan
from api.imports.columns.months import month_meant
from api.imports.columns.numbers import fractions_in_doubt
from api.imports.files.tables import Cell, SheetRows, text_of
from api.imports.mapping import Field, HeadingMap, map_columns, normal
from api.imports.measured import Measured, parse_measured
from api.imports.outcome import ImportRow, SheetOutcome, in_order, name_doubles, readers
from api.imports.values import RowReader, parse_date, parse_text
from qa.core.errors import Fault, Refused
from qa.core.periods import PeriodKind, parse_period, period_of
from qa.indicators import checks, values
from qa.indicators.definition import DefinitionDraft, IndicatorDefinition, TargetDraft, Unit
from qa.indicators.values import ValueDraft


@dataclass(frozen=True, slots=True)
class Known:
    """An indicator on record: its id, and the definition in force on a day."""

    id: str
    definition_on: Callable[[date], IndicatorDefinition]


class IndicatorRow(ImportRow):
    """One indicator; `definition` and `target` hold the drafts' own fields."""

    definition: dict[str, Any]
    target: dict[str, Any] | None = None

    @property
    def draft(self) -> DefinitionDraft:
        # What the file lacks is refused by the check, at its column.
        return DefinitionDraft.model_construct(None, **self.definition)

    @property
    def target_draft(self) -> TargetDraft | None:
        return None if self.target is None else TargetDraft.model_construct(None, **self.target)


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


INDICATOR = Field("reference", "Indicator", True, ("id", "indicator id", "kpi", "key", "code"))
DEFINITION_FIELDS = (
    INDICATOR,
    Field("name", "Name", True, ("label", "description", "indicator name", "kpi name", "title")),
    Field("unit", "Unit", True, ("measured in",)),
    Field("numerator", "Numerator", False, ("counts",)),
    Field("denominator", "Denominator", False, ("out of", "base")),
    Field("period", "Given by", False, ("frequency", "period length")),
    Field("rolling_months", "Months of a rolling window", False, ("rolling", "window months")),
    Field("adds_up", "Adds up to a year", False, ("adds up", "cumulative")),
    Field("polarity", "Which way is better", False, ("polarity", "better", "good is")),
    Field("owner", "Owner", False, ("responsible",)),
    Field("source", "Where the values come from", False, ("source", "data source")),
    Field("since", "Holds from", False, ("since", "from", "start"), kind="date"),
    Field("note", "Note", False, ("notes", "comment")),
    Field("comparator", "What the value should do", False, ("comparator", "target kind")),
    Field("target", "Target", False, ("target value", "target number"), kind="number"),
    Field("upto", "Upper end of the target", False, ("target upper",)),
    Field("tolerance", "Tolerance of the target", False, ("tolerance",)),
    Field("against", "Comparator aligned with", False, ("aligned with",)),
    Field("target_since", "Target holds from", False, ("target since", "target from"), kind="date"),
)
VALUE_FIELDS = (
    INDICATOR,
    Field("period", "Period", False, ("quarter", "month")),
    Field("value", "Value", False, ("actual", "result", "performance"), kind="number"),
    Field("numerator", "Numerator", False, ("count",)),
    Field("denominator", "Denominator", False, ("out of", "base")),
    Field("source", "Source", False, ("document",)),
    Field("note", "Note", False, ("notes", "comment")),
    Field("excluded", "Left out", False, ("excluded", "excludes")),
)

UNITS = {
    "percent": ("percent", "per cent", "percentage", "%"),
    "count": ("count", "number", "no"),
    "rate-per-10000": ("rate per 10000", "rate per 10 000", "per 10000"),
    "days": ("days", "day"),
    "score": ("score", "mean", "average"),
    "money": ("money", "pounds", "gbp", "£"),
}
WAYS = {
    "higher": ("higher", "up", "increase", "high"),
    "lower": ("lower", "down", "decrease", "low", "reduction"),
    "unknown": ("unknown", "not decided", "none"),
}
COMPARATORS = {
    "gte": ("gte", "at least", ">=", "≥"),
    "lte": ("lte", "at most", "<=", "≤"),
    "between": ("between", "range"),
    "increase": ("increase",),
    "decrease": ("decrease", "reduction"),
    "change-by-percent-a-year": ("change by percent a year", "change by per cent a year"),
    "reduce": ("reduce by percent per year", "reduce by percent a year"),
    "aligned": ("aligned",),
    "monitor": ("monitor", "monitored"),
    "none": ("none", "no target"),
}


def _meant(known: Mapping[str, tuple[str, ...]], what: str) -> Callable[[Cell], str | None]:
    def parse(cell: Cell) -> str | None:
        said = text_of(cell)
        if not said:
            return None
        for code, names in known.items():
            if normal(said) in {normal(name) for name in names} - {""} or said.strip() in names:
                return code
        raise Refused(f"“{said}” is not {what}.", code="word-unknown")

    return parse


def _yes(cell: Cell) -> bool | None:
    said = text_of(cell).casefold()
    if not said:
        return None
    if said in ("no", "n", "false", "0"):
        return False
    if said in ("yes", "y", "true", "1"):
        return True
    raise Refused(f"“{said}” is neither yes nor no.", code="not-yes-or-no")


def check_indicators(
    sheet: SheetRows, said: Mapping[str, str] | None, about: AboutPlan
) -> SheetOutcome[IndicatorRow]:
    """Check a sheet of definitions, with their targets where it has any.

    Raises `Refused` where a required column cannot be found; faults of rows are in the plan.
    """
    mapping = map_columns(sheet, DEFINITION_FIELDS, said)
    if mapping.missing:
        raise Refused(mapping.faults())
    faults = list(sheet.faults)
    rows: list[IndicatorRow] = []
    for row, read in readers(sheet, mapping.headings, faults):
        before = len(faults)
        reference = read.get("reference", _id, required=True)
        definition = _definition(read, about)
        target = _target(read, about)
        if reference is None or len(faults) > before:
            continue
        made = IndicatorRow(
            row=row.number,
            line=row.line,
            reference=reference,
            definition=definition,
            target=target,
        )
        _check_definition(made, read)
        if len(faults) == before:
            rows.append(made)
    name_doubles(sheet, mapping.headings["reference"], faults)
    return SheetOutcome(sheet, mapping, {}, tuple(rows), in_order(faults, sheet))


def _id(cell: Cell) -> str | None:
    """An id: what a file calls ``audits_completed`` is "audits-completed" here."""
    said = text_of(cell)
    return checks.id_for(said) if said else None


def _long(cell: Cell) -> str | None:
    return parse_text(cell, 1000)


def _definition(read: RowReader, about: AboutPlan) -> dict[str, Any]:
    unit = read.get("unit", _meant(UNITS, f"a unit: {', '.join(UNITS)}"), required=True)
    texts = {
        name: read.get(name, _long) or ""
        for name in ("name", "numerator", "denominator", "owner", "source", "note")
    }
    if not texts["name"]:
        read.fault("name", "missing", "The name is blank.", "")
    return {
        **texts,
        "unit": unit or "",
        "period": (read.get("period", parse_text) or "quarter").casefold(),
        "rolling_months": read.get("rolling_months", parse_text) or "",
        "adds_up": read.get("adds_up", _yes) or False,
        "polarity": read.get("polarity", _meant(WAYS, "higher, lower or unknown")) or "unknown",
        "since": read.get("since", parse_date) or about.since,
    }


def _target(read: RowReader, about: AboutPlan) -> dict[str, Any] | None:
    what = _meant(COMPARATORS, f"a kind of target: {', '.join(COMPARATORS)}")
    comparator = read.get("comparator", what)
    of = (read.get("target", parse_text) or "").strip()
    if comparator in (None, "none"):
        if of:
            sentence = "The target has a number, but nothing says what the value should do."
            read.fault("target", "comparator-missing", sentence, of)
        return None
    if comparator == "reduce":
        comparator, of = "change-by-percent-a-year", f"-{of.lstrip('-−')}" if of else ""
    since = read.get("target_since", parse_date) or read.get("since", parse_date) or about.since
    return {
        "comparator": comparator,
        "of": of,
        "upto": read.get("upto", parse_text) or "",
        "tolerance": read.get("tolerance", parse_text) or "",
        "against": read.get("against", parse_text) or "",
        "since": since,
    }


_COLUMNS = {"of": "target", "id": "reference"}


def _check_definition(row: IndicatorRow, read: RowReader) -> None:
    """The faults of a whole definition and its target, at the columns they were read from."""
    found: list[Fault] = []
    try:
        checks.definition(row.draft, id=row.reference, version=1)
    except Refused as refused:
        found += refused.faults
    target = row.target_draft
    if target is not None:
        try:
            checks.target(target, cast(Unit, row.draft.unit))
        except Refused as refused:
            found += [
                replace(f, field="target_since") if f.field == "since" else f
                for f in refused.faults
            ]
    for fault in found:
        read.fault(_COLUMNS.get(fault.field, fault.field), fault.code, fault.sentence, fault.value)


def check_values(
    sheet: SheetRows,
    said: Mapping[str, str] | None,
    about: AboutPlan,
    *,
    known: Mapping[str, Known],
    today: date,
) -> SheetOutcome[ValueRow]:
    """Check a sheet of values. `known` holds the indicators by id.

    Raises `Refused` where neither a period column nor a heading that is a period can be found.
    """
    mapping = map_columns(sheet, VALUE_FIELDS, said)
    if mapping.missing:
        raise Refused(mapping.faults())
    wide = {} if "period" in mapping.headings else _periods_of(mapping, about)
    if not wide and not {"period", "value"} <= set(mapping.headings):
        raise Refused(
            "No column could be read as period and value, and no heading is a period such as "
            "2020/21 Q1.",
            field="map",
            code="missing-column",
        )
    headings = {**mapping.headings, **{f"at {period}": h for h, period in wide.items()}}
    unsure = _fractions(sheet, headings, known, today)
    faults = list(sheet.faults)
    rows: list[ValueRow] = []
    seen: dict[tuple[str, str, str], int] = {}
    for row, read in readers(sheet, headings, faults):
        reference = read.get("reference", _id, required=True)
        if reference is None:
            continue
        if reference not in known:
            sentence = f"There is no indicator {reference}."
            read.fault("reference", "indicator-unknown", sentence, reference)
            continue
        indicator = known[reference]
        for field, period in _cells(read, wide, about):
            if (row.number, field) in unsure:
                sentence = (
                    f"“{unsure[row.number, field]}” may be a part of one or a per cent, as other "
                    "values of this indicator show."
                )
                read.fault(field, "percent-or-fraction", sentence, unsure[row.number, field])
                continue
            made = _value(read, field, period, indicator, about, today)
            if made is None:
                continue
            slot = (reference, period, made.get("source", ""))
            if slot in seen:
                place = sheet.place(seen[slot], begins=True)
                sentence = f"{place} has a value for {period} too."
                read.fault(field, "two-values", sentence, made.get("said", ""))
                continue
            seen[slot] = row.number
            rows.append(
                ValueRow(row=row.number, line=row.line, reference=reference, period=period, **made)
            )
    left = tuple(h for h in mapping.unmapped if h not in wide)
    shown = replace(mapping, unmapped=left)
    return SheetOutcome(sheet, shown, {}, tuple(rows), in_order(faults, sheet))


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


def _periods_of(mapping: HeadingMap, about: AboutPlan) -> dict[str, str]:
    """Heading → period, for the headings that are one."""
    found = {heading: period_meant(heading, about.year) for heading in mapping.unmapped}
    return {heading: period for heading, period in found.items() if period}


def period_meant(text: str, year: str = "") -> str:
    """The label of the period that a heading or cell means; nothing where it means none."""
    words = " ".join(re.sub(r"[_,]", " ", text).split())
    years = r"(\d{4})\s?[/-]\s?(?:\d\d)?(\d\d)"
    if match := re.fullmatch(rf"(?:{years} )?q(?:uarter|tr)? ?([1-4])(?: {years})?", words, re.I):
        first, last = (match[1], match[2]) if match[1] else (match[4], match[5])
        words = f"{first}/{last} Q{match[3]}" if first else f"{year} Q{match[3]}"
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
    said = read.get("period", lambda cell: text_of(cell) or None, required=True)
    if said is None:
        return []
    period = period_meant(said, about.year)
    if not period:
        sentence = f"“{said}” is not a period."
        if month_meant(said, "2000"):
            sentence = f"“{said}” has no year. Say which year the file is of."
        read.fault("period", "unknown-period", sentence, said)
        return []
    return [("value", period)]


def _value(
    read: RowReader,
    field: str,
    period: str,
    indicator: Known,
    about: AboutPlan,
    today: date,
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
    notes = [made["note"], read.get("note", _long) or ""]
    made["note"] = "; ".join(note for note in notes if note)
    if long:
        made["excluded"] = read.get("excluded", _long) or ""
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
