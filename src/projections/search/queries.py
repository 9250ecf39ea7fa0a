"""Questions to the search: which texts answer one, and how many of each kind.

What a reader may see is a condition on the rows, and part of every question: what is closed to them
is neither found nor counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, false, func, literal, or_, select, true, union_all
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.core.full_text import RowCondition, SearchedRow, matching
from projections.search.question import Condition, for_database, narrowed
from projections.search.tables import NAME, SEARCH, SearchRow, search_text

COUNTED = 2000
"""As many answers of a kind are looked through to count those that the reader may see."""

ROW = SearchedRow(search_text.c.record, search_text.c.part == NAME)
EVERY_ROW: RowCondition = true()
Shown = Mapping[str, RowCondition]
"""By kind, which rows the reader may see."""


def _select(
    connection: Connection,
    query: Select[Any],
    condition: Condition,
    shown: Shown,
    position: int | None,
    before: int | None = None,
) -> Select[Any]:
    """The rows that answer and that the reader may see, in their order."""
    dialect = connection.dialect.name
    found = matching(
        dialect, search_text, for_database(dialect, narrowed(condition, sorted(shown)))
    )
    visible = (and_(search_text.c.kind == kind, shown[kind]) for kind in sorted(shown))
    query = query.where(*found.conditions, as_at(search_text, position), or_(false(), *visible))
    if before is not None:
        query = query.where(found.place < before)
    return query.order_by(found.place.desc())


def find(
    connection: Connection,
    condition: Condition,
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
    query = _select(connection, SEARCH.ever(), condition, shown, position, before)
    return SEARCH.rows(connection, query.limit(limit))


class Counted(NamedTuple):
    """How many texts answer; `more` says that not every one was looked at."""

    number: int
    more: bool


def count(
    connection: Connection, condition: Condition, shown: Shown, *, position: int | None = None
) -> dict[str, Counted]:
    """How many texts of each kind answer a question, among the first `COUNTED` of the kind that
    answer it to anybody. What is left out of these is told of nobody's records: it only says that
    a word is a common one."""
    if not shown:
        return {}
    dialect, counted = connection.dialect.name, []
    for kind in sorted(shown):
        found = matching(dialect, search_text, for_database(dialect, narrowed(condition, [kind])))
        some = select(found.place.label("place")).where(*found.conditions)
        first = some.order_by(found.place.desc()).limit(COUNTED).subquery()
        seen = and_(as_at(search_text, position), shown[kind])
        each = search_text.join(first, first.c.place == search_text.c.place)
        numbers = func.count().filter(seen), func.count()
        counted.append(select(literal(kind), *numbers).select_from(each))
    rows = connection.execute(union_all(*counted)).tuples()
    return {kind: Counted(seen, looked >= COUNTED) for kind, seen, looked in rows}
