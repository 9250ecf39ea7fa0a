"""Sheets of indicators: one row an indicator, with its target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast

from api.imports.about import AboutPlan
from api.imports.columns.meanings import value_questions
from api.imports.columns.missing import settle_missing
from api.imports.files.months import month_meant
from api.imports.files.tables import Cell, SheetRows, text_of
from api.imports.mapping import Field, map_columns, normal, status_field
from api.imports.outcome import ImportRow, SheetOutcome, in_order, name_doubles, readers
from api.imports.values import RowReader, parse_date, parse_text
from qa.core.errors import Fault, Refused
from qa.indicators import checks
from qa.indicators.definition import DefinitionDraft, TargetDraft, Unit


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


INDICATOR = Field(
    "reference", "Indicator", True,
    ("id", "indicator id", "kpi", "key", "code", "indicator ref", "indicator reference",
     "indicator code", "indicator no", "kpi ref", "kpi reference", "kpi id", "kpi code", "kpi no",
     "pi ref"),
)  # fmt: skip
DEFINITION_FIELDS = (
    INDICATOR,
    Field("name", "Name", False, ("label", "description", "indicator name", "kpi name", "title")),
    Field("unit", "Unit", True, ("measured in",)),
    Field("numerator", "Numerator", False, ("counts",)),
    Field("denominator", "Denominator", False, ("out of", "base")),
    Field("period", "Given by", False, ("frequency", "period length")),
    Field("rolling_months", "Months of a rolling window", False, ("rolling", "window months")),
    Field("adds_up", "Adds up to a year", False, ("adds up", "cumulative")),
    Field("polarity", "Which way is better", False, ("polarity", "better", "good is", "direction")),
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
    status_field("active", "live", "current", "in use", "agreed", "published"),
)
UNITS = {
    "percent": ("percent", "per cent", "percentage", "%"),
    "count": ("count", "number", "no"),
    "rate-per-10000": ("rate per 10000", "rate per 10 000", "per 10000"),
    "days": ("days", "day"),
    "score": ("score", "mean", "average"),
    "money": ("money", "pounds", "gbp", "£"),
}
PERIODS = {
    "month": ("month", "monthly", "every month", "each month", "m", "per month"),
    "quarter": ("quarter", "quarterly", "every quarter", "each quarter", "q", "qtr", "per quarter"),
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
        text = text_of(cell)
        if not text:
            return None
        for code, names in known.items():
            if normal(text) in {normal(name) for name in names} - {""} or text.strip() in names:
                return code
        raise Refused(f"“{text}” is not {what}.", code="word-unknown")

    return parse


def _yes(cell: Cell) -> bool | None:
    text = text_of(cell).casefold()
    if not text:
        return None
    if text in ("no", "n", "false", "0"):
        return False
    if text in ("yes", "y", "true", "1"):
        return True
    raise Refused(f"“{text}” is neither yes nor no.", code="not-yes-or-no")


def check_indicators(
    sheet: SheetRows, choices: Mapping[str, str] | None, about: AboutPlan
) -> SheetOutcome[IndicatorRow]:
    """Check a sheet of definitions, with their targets where it has any.

    Raises `Refused` where a required column cannot be found; faults of rows are in the plan.
    """
    mapping = map_columns(sheet, DEFINITION_FIELDS, choices).complete()
    faults = list(sheet.faults)
    rows: list[IndicatorRow] = []
    monthly = any(month_meant(heading, "2000/01") for heading in mapping.unmapped)
    given_by = "month" if monthly else "quarter"
    for row, read in readers(sheet, mapping.headings, faults):
        before = len(faults)
        reference = read.get("reference", parse_id, required=True)
        definition = _definition(read, about, given_by)
        target = _target(read, definition["since"])
        if reference is None or len(faults) > before:
            continue
        made = IndicatorRow(**row.place, reference=reference, definition=definition, target=target)
        _check_definition(made, read)
        if len(faults) == before:
            rows.append(made)
    name_doubles(sheet, mapping.headings["reference"], faults)
    notes = []
    if "period" not in mapping.headings and monthly:
        sentence = "The headings are months, so the indicators are given by month."
        notes.append(Fault("period", "period-taken", sentence))
    words = {"unit": UNITS, "polarity": WAYS, "period": PERIODS}
    questions = value_questions(faults, {name: _codes(known) for name, known in words.items()})
    found = in_order(faults, sheet)
    return SheetOutcome(sheet, mapping, {}, tuple(rows), found, tuple(notes), questions)


def _codes(known: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(code, code.replace("-", " ")) for code in known]


def parse_id(cell: Cell) -> str | None:
    """An id: what a file calls ``audits_completed`` is "audits-completed" here."""
    text = text_of(cell)
    return checks.id_for(text) if text else None


def parse_long(cell: Cell) -> str | None:
    return parse_text(cell, 1000)


def _definition(read: RowReader, about: AboutPlan, given_by: str) -> dict[str, Any]:
    unit = read.get("unit", _meant(UNITS, f"a unit: {', '.join(UNITS)}"), required=True)
    texts = {
        name: read.get(name, parse_long) or ""
        for name in ("name", "numerator", "denominator", "owner", "source", "note")
    }
    if not read.has("name"):
        texts["name"] = read.get("reference", parse_long) or ""
    elif not texts["name"]:
        read.fault("name", "missing", "The name is blank.", "")
    return {
        **texts,
        "unit": unit or "",
        "period": read.get("period", _meant(PERIODS, "month or quarter")) or given_by,
        "rolling_months": read.get("rolling_months", parse_text) or "",
        "adds_up": read.get("adds_up", _yes) or False,
        "polarity": read.get("polarity", _meant(WAYS, "higher, lower or unknown")) or "unknown",
        "since": read.get("since", parse_date) or about.since,
    }


def _target_number(cell: Cell) -> str | None:
    """A target as it is written; none where words say that there is none, or none yet."""
    return parse_text(settle_missing(cell, "text"))


def _target(read: RowReader, begins: date | None) -> dict[str, Any] | None:
    what = _meant(COMPARATORS, f"a kind of target: {', '.join(COMPARATORS)}")
    comparator = read.get("comparator", what)
    of = read.get("target", _target_number) or ""
    if read.is_made("comparator") and read.has("target") and not of:
        return None
    if comparator in (None, "none"):
        if of:
            sentence = "The target has a number, but nothing says what the value should do."
            read.fault("target", "comparator-missing", sentence, of)
        return None
    if comparator == "reduce":
        comparator, of = "change-by-percent-a-year", f"-{of.lstrip('-−')}" if of else ""
    since = read.get("target_since", parse_date) or begins
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
