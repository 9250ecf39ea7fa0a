"""The rows of one indicator, or of all, read from their three tables by one query.

Three queries take longer than one, and may see three moments. The query has the columns of the
values; the two other tables put their own into those places where the type fits (`_TABLES`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Table,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.indicators.tables import indicator_beside, indicator_row, indicator_value
from qa.core.clock import from_microseconds


class IndicatorEvent(NamedTuple):
    """Something recorded, with who recorded it, when, and why where a reason is on record."""

    by: str
    at: datetime
    reason: str


class ValueRecord(NamedTuple):
    """What one source says of one period."""

    period: str
    source: str
    state: str
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    definition_version: int
    said: str
    note: str
    excluded: str
    restated: int


class Beside(NamedTuple):
    """What stands beside the values, its content still as JSON (see `tables`)."""

    which: str
    content: str
    entry: IndicatorEvent


class IndicatorHeading(NamedTuple):
    """The indicator itself."""

    id: str
    version: int
    retired_after: str | None
    retired_because: str


@dataclass(slots=True)
class IndicatorRows:
    """What is on record of one indicator; `beside` is by kind."""

    row: IndicatorHeading | None = None
    values: list[ValueRecord] = field(default_factory=list)
    beside: dict[str, list[Beside]] = field(default_factory=lambda: defaultdict(list))


def read(
    connection: Connection, indicator: str | None, position: int | None
) -> list[IndicatorRows]:
    """The rows of that indicator, or of each, as they stood at that position (None: now)."""
    parameters = {"indicator": indicator, "position": position}
    given = {name: value for name, value in parameters.items() if value is not None}
    query = _query("indicator" in given, "position" in given)
    found: dict[str, IndicatorRows] = defaultdict(IndicatorRows)
    # In the order of `_COLUMNS`, the first names here being those of values.
    for table, id, period, source, state, value, *others in connection.execute(query, given).all():
        rows = found[id]
        if table == "value":
            number = None if value is None else Decimal(value)
            rows.values.append(ValueRecord(period, source, state, number, *others))
        elif table == "beside":
            at, _, _, by, *_ = others
            entry = IndicatorEvent(by, from_microseconds(at), value or "")
            rows.beside[period].append(Beside(source, state, entry))
        else:
            _, _, version, because, *_ = others
            rows.row = IndicatorHeading(id, version, value, because or "")
    return [rows for rows in found.values() if rows.row is not None]


_COLUMNS = tuple(indicator_value.c[name] for name in ("indicator", *ValueRecord._fields))
"""What the query gives of every table, by the names of the columns of values."""
_TABLES: dict[str, tuple[Table, dict[str, str]]] = {
    "value": (indicator_value, {column.name: column.name for column in _COLUMNS}),
    "beside": (
        indicator_beside,
        {
            "indicator": "indicator",
            "period": "kind",
            "source": "which",
            "state": "content",
            "value": "reason",
            "numerator": "recorded_us",
            "said": "by",
        },
    ),
    "row": (
        indicator_row,
        {
            "indicator": "indicator",
            "value": "retired_after",
            "definition_version": "stream_version",
            "said": "retired_because",
        },
    ),
}
"""Each table with its own columns, by the column of values whose place they take."""


@cache
def _query(one: bool, past: bool) -> CompoundSelect[Any]:
    """The query, made once: for one indicator or all, as they stand now or at a position."""
    position = bindparam("position", type_=BigInteger()) if past else None
    parts = []
    for name, (table, own) in _TABLES.items():
        columns = [
            table.c[own[column.name]] if column.name in own else cast(null(), column.type)
            for column in _COLUMNS
        ]
        part = select(literal_column(f"'{name}'"), *columns).where(as_at(table, position))
        parts.append(part.where(table.c.indicator == bindparam("indicator")) if one else part)
    return union_all(*parts)
