"""A page of rows in the order of a column, found from where the row stood that it goes on from.

Rows stand by the column, those that have nothing in it last, and the newest first among equals.
Nothing is counted or skipped, so that nothing shifts while rows are added. Where a row stood is
told by who asks: to look it up would tell of rows that the reader may not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, Table, and_, or_


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row stands: where it was `opened`, and the text of what is sorted by."""

    opened: int
    value: str | None = None


@dataclass(frozen=True, slots=True)
class RowPage:
    """Which page: `limit` rows behind a place, or ahead of it.

    `sort` is a column, with ``-`` before it the other way round; empty: the newest first.
    """

    limit: int
    sort: str = ""
    after: RowPlace | None = None
    before: RowPlace | None = None


FIRST = RowPage(50)


def behind(opened: int | None, limit: int) -> RowPage:
    """The page of the newest first behind the row that was `opened` there; None: the first page."""
    return RowPage(limit, after=None if opened is None else RowPlace(opened))


def paged(connection: Connection, query: Select[Any], table: Table, page: RowPage) -> list[Any]:
    """The rows of a page of `query` over `table`, in the order of the list."""
    opened, backwards = table.c.opened, page.before is not None
    falling = page.sort.startswith("-")
    column = table.c[page.sort.removeprefix("-")] if page.sort else None
    place = page.before or page.after
    if place is not None:
        value = _typed(column, place.value)
        query = query.where(_beyond(column, value, opened, place, falling, backwards))
    order: list[ColumnElement[Any]] = []
    if column is not None:
        empty = column.is_(None)
        order.append(empty.desc() if backwards else empty.asc())
        order.append(column.desc() if falling != backwards else column.asc())
    order.append(opened.asc() if backwards else opened.desc())
    rows = list(connection.execute(query.order_by(*order).limit(page.limit)))
    return rows[::-1] if backwards else rows


def _typed(column: ColumnElement[Any] | None, value: str | None) -> str | int | None:
    """A value as the column holds it; None for one that it cannot hold."""
    if column is None or value is None or column.type.python_type is not int:
        return value
    digits = 18 if isinstance(column.type, BigInteger) else 9
    return int(value) if value.isdecimal() and len(value) <= digits else None


def _beyond(
    column: ColumnElement[Any] | None,
    value: str | int | None,
    opened: ColumnElement[int],
    place: RowPlace,
    falling: bool,
    backwards: bool,
) -> ColumnElement[bool]:
    """The rows that stand after a place, or before it where the page goes backwards."""
    among_equals = opened > place.opened if backwards else opened < place.opened
    if column is None:
        return among_equals
    if value is None:
        equals = and_(column.is_(None), among_equals)
        return or_(column.is_not(None), equals) if backwards else equals
    further = column < value if falling != backwards else column > value
    equals = and_(column == value, among_equals)
    return or_(further, equals) if backwards else or_(further, equals, column.is_(None))
