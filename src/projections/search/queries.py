"""Questions to the search: which texts answer one, and how many of each kind.

What a reader may see is a condition on the rows, and part of every question: what is closed to them
is neither found nor counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, and_, false, func, literal, or_, select, true, union_all
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.core.full_text import RowCondition, SearchedRow, matching
from projections.search.question import Condition, for_database, narrowed
from projections.search.tables import NAME, SEARCH, SearchRow, search_text

COUNTED = 500
"""As many of a kind are counted, and no more."""

ROW = SearchedRow(search_text.c.record, search_text.c.part == NAME)
EVERY_ROW: RowCondition = true()
Shown = Mapping[str, RowCondition]
"""By kind, which rows the reader may see."""


def _asked(
    connection: Connection,
    query: Select[Any],
    asked: Condition,
    shown: Shown,
    position: int | None,
    before: int | None = None,
) -> Select[Any]:
    """The rows that answer and that the reader may see, in their order."""
    dialect = connection.dialect.name
    found = matching(dialect, search_text, for_database(dialect, narrowed(asked, sorted(shown))))
    visible = (and_(search_text.c.kind == kind, shown[kind]) for kind in sorted(shown))
    query = query.where(*found.conditions, as_at(search_text, position), or_(false(), *visible))
    if before is not None:
        query = query.where(found.place < before)
    return query.order_by(found.place.desc())


def find(
    connection: Connection,
    asked: Condition,
    shown: Shown,
    *,
    position: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[SearchRow]:
    """A page of the texts that answer a question: names first, then titles, then what is written,
    each with the newest first; behind the place `before`."""
    if not shown:
        return []
    query = _asked(connection, SEARCH.ever(), asked, shown, position, before)
    return SEARCH.rows(connection, query.limit(limit))


def count(
    connection: Connection, asked: Condition, shown: Shown, *, position: int | None = None
) -> dict[str, int]:
    """How many texts of each kind answer a question; one more than `COUNTED` for more than that."""
    if not shown:
        return {}
    counted = []
    for kind in sorted(shown):
        found = select(search_text.c.place)
        found = _asked(connection, found, asked, {kind: shown[kind]}, position)
        some = found.limit(COUNTED + 1).subquery()
        counted.append(select(literal(kind), func.count()).select_from(some))
    return dict(connection.execute(union_all(*counted)).tuples().all())
