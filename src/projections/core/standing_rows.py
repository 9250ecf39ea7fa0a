"""The rows of any read table that stood at a position, of some records: for what looks at read
tables without knowing what is in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from qa.core.one_of import one_of

AnyTable = Table
AnyCondition = ColumnElement[bool]


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
    if values is not None:
        query = query.where(one_of(table.c[column], values))
    for row in connection.execute(query):
        yield dict(zip(names, row, strict=True))
