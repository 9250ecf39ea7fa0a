"""Carries an import of indicators or of their values out, or only shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from sqlalchemy.engine import Connection

from api.imports.about_plan import AboutPlan
from api.imports.indicators import (
    DEFINITION_FIELDS,
    VALUE_FIELDS,
    IndicatorRow,
    Known,
    ValueRow,
    check_indicators,
    check_values,
)
from api.imports.mapping import Field
from api.imports.plan import Plan
from api.imports.reading import SheetRows
from projections import indicators
from qa.commands import indicator_imports as commands
from qa.commands.desk import Desk, Once
from qa.commands.import_batches import File
from qa.store import Receipt
from qa.words import Actor

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
) -> Plan[Any]:
    """Check every row of the sheet.

    Raises:
        Refused: a column that is needed cannot be found.
    """
    if kind == "indicators":
        return check_indicators(sheet, said, about)
    known = {held.id: Known(held.id, held.definition_on) for held in indicators.every(connection)}
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
            commands.ImportedIndicator(row.row, row.reference, row.draft, row.target_draft)
            for row in rows
            if isinstance(row, IndicatorRow)
        ]
        return commands.import_indicators(desk, file=file, rows=defined, by=by, once=once)
    given = [
        commands.ImportedValue(row.row, row.reference, row.draft)
        for row in rows
        if isinstance(row, ValueRow)
    ]
    return commands.import_values(desk, file=file, rows=given, by=by, once=once)


def preview(kind: IndicatorKind, row: IndicatorRow | ValueRow) -> dict[str, Any]:
    """The fact a row becomes, in short."""
    data = row.model_dump(mode="json", exclude={"line"}, exclude_defaults=True)
    fact = "IndicatorDefined" if kind == "indicators" else "IndicatorObserved"
    return {"fact": fact, **data}
