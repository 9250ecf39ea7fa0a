"""The rows of any read table that stood at a position, of some records: for what looks at read
tables without knowing what is in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.engine import Connection

from projections.core.base import as_at

AnyTable = Table
AnyCondition = ColumnElement[bool]
ASKED_AT_ONCE = 500


def standing(
    connection: Connection,
    table: AnyTable,
    names: Sequence[str],
    of: tuple[str, Collection[str] | None],
    *,
    only: AnyCondition | None = None,
    position: int | None = None,
) -> Iterator[Mapping[str, Any]]:
    """The columns `names` of the rows that stood at `position`. `of` is a column and the values
    that are wanted of it (None: all)."""
    column, values = of
    query = select(*(table.c[name] for name in names)).where(as_at(table, position))
    if only is not None:
        query = query.where(only)
    if values is None:
        yield from _read(connection, query, names)
        return
    wanted = sorted(values)
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        some = table.c[column].in_(wanted[start : start + ASKED_AT_ONCE])
        yield from _read(connection, query.where(some), names)


def _read(connection: Connection, query: Any, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    for row in connection.execute(query):
        yield dict(zip(names, row, strict=True))
