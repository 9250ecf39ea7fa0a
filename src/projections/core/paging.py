"""A page of rows in the order of a column, found from the row that it goes on from.

Rows stand by the column, those that have nothing in it last, and the newest first among equals.
Nothing is counted or skipped, so that nothing shifts while rows are added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, or_, select

from projections.core.base import as_at


@dataclass(frozen=True, slots=True)
class RowPage:
    """Which page: `limit` rows after, or before, the row that was `opened` there.

    `sort` is a column, with ``-`` before it the other way round; empty: the newest first.
    """

    limit: int
    sort: str = ""
    after: int | None = None
    before: int | None = None


FIRST = RowPage(50)


def paged(
    connection: Connection, query: Select[Any], table: Table, page: RowPage, position: int | None
) -> list[Any]:
    """The rows of a page of `query` over `table`, in the order of the list."""
    opened = table.c.opened
    cursor = page.before if page.before is not None else page.after
    backwards = page.before is not None
    falling = page.sort.startswith("-")
    column = table.c[page.sort.removeprefix("-")] if page.sort else None
    if cursor is not None:
        value = None
        if column is not None:
            there = select(column).where(opened == cursor, as_at(table, position))
            value = connection.execute(there).scalar()
        query = query.where(_beyond(column, value, opened, cursor, falling, backwards))
    order: list[ColumnElement[Any]] = []
    if column is not None:
        empty_last, by_value = column.is_(None), column
        order.append(empty_last.desc() if backwards else empty_last.asc())
        order.append(by_value.desc() if falling != backwards else by_value.asc())
    order.append(opened.asc() if backwards else opened.desc())
    rows = list(connection.execute(query.order_by(*order).limit(page.limit)))
    return rows[::-1] if backwards else rows


def _beyond(
    column: ColumnElement[Any] | None,
    value: Any,
    opened: ColumnElement[int],
    cursor: int,
    falling: bool,
    backwards: bool,
) -> ColumnElement[bool]:
    """The rows that stand after the cursor's row, or before it where the page goes backwards."""
    among_equals = opened > cursor if backwards else opened < cursor
    if column is None:
        return among_equals
    if value is None:
        equals = and_(column.is_(None), among_equals)
        return or_(column.is_not(None), equals) if backwards else equals
    further = column < value if falling != backwards else column > value
    equals = and_(column == value, among_equals)
    return or_(further, equals) if backwards else or_(further, equals, column.is_(None))
