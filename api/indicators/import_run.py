"""Carries an import of indicators or of their values out, or only shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from sqlalchemy.engine import Connection

from api.imports.about import AboutPlan
from api.imports.mapping import Field
from api.imports.outcome import SheetOutcome
from api.imports.reading import SheetRows
from api.indicators.importer import (
    DEFINITION_FIELDS,
    VALUE_FIELDS,
    IndicatorRow,
    Known,
    ValueRow,
    check_indicators,
    check_values,
)
from projections.indicators import queries
from qa.authorisation.context import Desk, Once
from qa.core.words import Actor
from qa.imports.commands.batches import File
from qa.indicators.commands import imports
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
    said: Mapping[str, str],
    about: AboutPlan,
    *,
    today: date,
) -> SheetOutcome[Any]:
    """Check every row of the sheet.

    Raises:
        Refused: a column that is needed cannot be found.
    """
    if kind == "indicators":
        return check_indicators(sheet, said, about)
    known = {held.id: Known(held.id, held.definition_on) for held in queries.every(connection)}
    return check_values(sheet, said, about, known=known, today=today)


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
        defined = [
            ImportedIndicator(row.row, row.reference, row.draft, row.target_draft)
            for row in rows
            if isinstance(row, IndicatorRow)
        ]
        return imports.import_indicators(desk, file=file, rows=defined, by=by, once=once)
    given = [
        ImportedValue(row.row, row.reference, row.draft)
        for row in rows
        if isinstance(row, ValueRow)
    ]
    return imports.import_values(desk, file=file, rows=given, by=by, once=once)


def preview(kind: IndicatorKind, row: IndicatorRow | ValueRow) -> dict[str, Any]:
    """The event a row becomes, in short."""
    data = row.model_dump(mode="json", exclude={"line"}, exclude_defaults=True)
    event = "IndicatorDefined" if kind == "indicators" else "IndicatorObserved"
    return {"fact": event, **data}
