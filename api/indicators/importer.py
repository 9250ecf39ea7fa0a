"""Imports of indicators and of their values: checked against the record, then recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal

from sqlalchemy.engine import Connection

from api.imports.about import AboutPlan
from api.imports.files.tables import SheetRows
from api.imports.importers import CheckedFile, Importer, SentFile, asked_once
from api.imports.mapping import Field
from api.imports.outcome import SheetOutcome
from api.indicators.sheets import (
    COMPARATORS,
    DEFINITION_FIELDS,
    IndicatorRow,
    check_indicators,
)
from api.indicators.value_sheets import VALUE_FIELDS, Known, ValueRow, check_values
from projections.indicators import queries
from qa.authorisation.context import Desk, Once
from qa.core.words import Actor
from qa.imports.commands.batches import File
from qa.indicators import handlers
from qa.indicators.commands import ImportIndicators, ImportIndicatorValues
from qa.indicators.rows import ImportedIndicator, ImportedValue
from qa.store.unit import Receipt

IndicatorKind = Literal["indicators", "observations"]
FIELDS: Mapping[IndicatorKind, tuple[Field, ...]] = {
    "indicators": DEFINITION_FIELDS,
    "observations": VALUE_FIELDS,
}


def check(
    connection: Connection,
    kind: IndicatorKind,
    sheet: SheetRows,
    choices: Mapping[str, str],
    about: AboutPlan,
    *,
    today: date,
) -> SheetOutcome[Any]:
    """Check every row of the sheet.

    Raises:
        Refused: a column that is needed cannot be found.
    """
    if kind == "indicators":
        return check_indicators(sheet, choices, about)
    known = {
        indicator.id: Known(indicator.id, indicator.definition_on)
        for indicator in queries.every(connection)
    }
    return check_values(sheet, choices, about, known=known, today=today)


def record(
    desk: Desk,
    rows: Sequence[Any],
    file: File,
    *,
    kind: IndicatorKind,
    by: Actor,
    once: Once | None,
) -> Receipt:
    """Record the rows of a checked sheet.

    Raises:
        Refused: rows that are on record otherwise.
    """
    if kind == "indicators":
        defined = tuple(
            ImportedIndicator(row.row, row.reference, row.draft, row.target_draft)
            for row in rows
            if isinstance(row, IndicatorRow)
        )
        wanted = ImportIndicators(file=file, rows=defined)
        return handlers.import_indicators(desk, wanted, by=by, **asked_once(once))
    given = tuple(
        ImportedValue(row.row, row.reference, row.draft)
        for row in rows
        if isinstance(row, ValueRow)
    )
    return handlers.import_values(
        desk, ImportIndicatorValues(file=file, rows=given), by=by, **asked_once(once)
    )


def preview(kind: IndicatorKind, row: IndicatorRow | ValueRow) -> dict[str, Any]:
    """The event a row becomes, in short."""
    data = row.model_dump(mode="json", exclude={"line"}, exclude_defaults=True)
    event = "IndicatorDefined" if kind == "indicators" else "IndicatorObserved"
    return {"fact": event, **data}


def _check(kind: IndicatorKind) -> Callable[[SentFile], CheckedFile]:
    def checked(sent: SentFile) -> CheckedFile:
        found = check(sent.connection, kind, sent.sheet, sent.choices, sent.about, today=sent.today)
        return CheckedFile(found, partial(preview, kind), partial(record, kind=kind))

    return checked


def _definition_words(event: Mapping[str, Any]) -> str:
    target, definition = event.get("target") or {}, event["definition"]
    how = "".join(COMPARATORS.get(target.get("comparator", ""), ())[:2][-1:])
    aim = f", target {how} {target['of']}".rstrip() if how else ""
    return f"indicator {event['reference']}: {definition['name']}, by {definition['period']}{aim}"


def _value_words(event: Mapping[str, Any]) -> str:
    value = event.get("value") or event["state"].replace("-", " ")
    note = f" ({event['note']})" if event.get("note") else ""
    return f"{event['reference']}, {event['period']}: {value}{note}"


IMPORTERS = (
    Importer(
        kind="indicators",
        place=80,
        title="Indicators: one row an indicator, with its target",
        rows="indicators",
        named=FIELDS["indicators"],
        check=_check("indicators"),
        has_about=True,
        row_words=_definition_words,
        examples=(
            {
                "reference": "plans-in-date",
                "name": "Plans reviewed in time",
                "unit": "per cent",
                "numerator": "Plans reviewed in time",
                "denominator": "Plans that were due a review",
                "period": "quarter",
                "adds_up": "no",
                "polarity": "higher",
                "owner": "Head of service",
                "source": "Case system",
                "since": "2025-04-01",
                "comparator": "at least",
                "target": "90",
                "target_since": "2025-04-01",
            },
        ),
        onward=(
            ("See the indicators", "/indicators"),
            ("Import their values", "/imports/new?kind=observations"),
        ),
    ),
    Importer(
        kind="observations",
        place=90,
        title="Values of indicators: one row a period, or one column a period",
        rows="observations",
        named=FIELDS["observations"],
        check=_check("observations"),
        has_about=True,
        row_words=_value_words,
        examples=(
            {
                "reference": "plans-in-date",
                "period": "2025/26 Q1",
                "value": "84%",
                "numerator": "42",
                "denominator": "50",
                "source": "Performance report of July",
            },
        ),
        onward=(("See the indicators", "/indicators"),),
        needs="Each row names an indicator that must be on record.",
    ),
)
