"""Pages of rows in the order of a column: one after another, and back, they are the whole list."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, select

from projections.core.paging import RowPage, RowPlace, paged
from qa.store.engine import Engines

shelf = Table(
    "paged_shelf",
    MetaData(),
    Column("opened", Integer, primary_key=True),
    Column("due_on", Text),
)
days = st.lists(st.sampled_from([None, "2026-01-02", "2026-01-03", "2026-02-01"]), max_size=9)


def stand(values: list[str | None], sort: str) -> list[int]:
    """The rows in their order, worked out without the database."""
    newest = sorted(range(1, len(values) + 1), reverse=True)
    if not sort:
        return newest
    filled = [row for row in newest if values[row - 1] is not None]
    filled.sort(key=lambda row: str(values[row - 1]), reverse=sort.startswith("-"))
    return filled + [row for row in newest if values[row - 1] is None]


def rows(connection: Connection, page: RowPage) -> list[int]:
    found: list[Any] = paged(connection, select(shelf), shelf, page)
    return [row.opened for row in found]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=days, sort=st.sampled_from(["", "due_on", "-due_on"]), limit=st.integers(1, 4))
def test_pages_forward_and_back_are_the_whole_list(
    store_url: str, values: list[str | None], sort: str, limit: int
) -> None:
    def place(row: int) -> RowPlace:
        return RowPlace(row, values[row - 1] if sort else None)

    engines = Engines(store_url)
    try:
        with engines.writing() as connection:
            shelf.drop(connection, checkfirst=True)
            shelf.create(connection)
            for at, value in enumerate(values, 1):
                connection.execute(shelf.insert().values(opened=at, due_on=value))
        expected = stand(values, sort)
        with engines.reading() as connection:
            forward: list[int] = []
            while page := rows(
                connection, RowPage(limit, sort, after=place(forward[-1]) if forward else None)
            ):
                forward += page
                assert len(forward) <= len(expected)
            assert forward == expected
            for number, row in enumerate(expected):
                before = rows(connection, RowPage(limit, sort, before=place(row)))
                assert before == expected[max(0, number - limit) : number]
    finally:
        engines.dispose()


def test_a_number_that_a_column_cannot_hold_is_no_place(store_url: str) -> None:
    engines = Engines(store_url)
    try:
        with engines.writing() as connection:
            shelf.drop(connection, checkfirst=True)
            shelf.create(connection)
            connection.execute(shelf.insert().values(opened=1, due_on=None))
        for value in ("9" * 9, "9" * 12, "9" * 18, "9" * 30):
            with engines.reading() as connection:
                rows(connection, RowPage(5, "opened", after=RowPlace(1, value)))
    finally:
        engines.dispose()
