"""Writing folded rows: the few statements a read table needs, made once per table and database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Dialect, Integer, Table, Text

from projections.core import full_text
from projections.core.base import OPEN, is_versioned
from projections.core.fold import Key, Row, TableFold

Write = tuple[str, list[Row]]
"""A statement and the rows of parameters to carry it out with."""


class TableRows:
    """Inserts, closes and fetches rows of one table; `name` may be that of a copy of it."""

    def __init__(self, table: Table, dialect: Dialect, name: str | None = None) -> None:
        self.table = table
        self.name = name or table.name
        columns = list(table.columns)
        mark = self._mark = "%s" if dialect.name == "postgresql" else "?"
        self.column_list = ", ".join(f'"{c.name}"' for c in columns)
        marks = ", ".join(mark for _ in columns)
        into = f'INSERT INTO "{self.name}" ({self.column_list})'
        self.insert_text = f"{into} VALUES ({marks})"
        self._names = [str(c.name) for c in columns]
        self._many_text = ""
        plain = all(isinstance(c.type, Text | Integer) for c in columns)
        if plain and dialect.name == "postgresql":
            typed = ", ".join(f'"{c.name}" {c.type.compile(dialect)}' for c in columns)
            self._many_text = (
                f"{into} SELECT {self.column_list} FROM json_to_recordset(%s::json) AS r({typed})"
            )
        self._index = full_text.adding(table, dialect.name, self.name)
        self._converters = _converters(columns, dialect)
        self._readers = _readers(columns, dialect)
        self._key: Sequence[str] = table.info.get("key", ())
        self._fetching: dict[int, str] = {}
        if is_versioned(table):
            key = [table.c[part] for part in table.info["key"]]
            self.close_text = (
                f'UPDATE "{self.name}" SET valid_to = {mark} WHERE '
                + " AND ".join(f'"{c.name}" = {mark}' for c in key)
                + f" AND valid_to = {OPEN}"
            )
            last = f'"{key[-1].name}" = {mark}'
            self._close_many_text = self.close_text.replace(last, f'"{key[-1].name}" = ANY(%s)')
            self._key_converters = _converters(key, dialect)

    def stored(self, rows: Iterable[Row]) -> list[Row]:
        """`rows` with every value as the database's driver takes it."""
        return _converted(rows, self._converters)

    def fetching(self, length: int) -> str:
        """The statement for the open rows whose key begins with so many values."""
        found = self._fetching.get(length)
        if found is None:
            where = "".join(f'"{name}" = {self._mark} AND ' for name in self._key[:length])
            found = self._fetching[length] = (
                f'SELECT {self.column_list} FROM "{self.name}" WHERE {where}valid_to = {OPEN}'
            )
        return found

    def as_folded(self, rows: Iterable[Row]) -> list[Row]:
        """`rows` as the driver gave them, with every value as a fold holds it."""
        return _converted(rows, self._readers)

    def writes(self, fold: TableFold) -> Iterator[Write]:
        """The statements that write what an inline fold has gathered, with their parameters.

        Every row of parameters is a message to PostgreSQL, so it is given several rows as one.
        """
        if fold.closings:
            keys = _converted(fold.closings, self._key_converters)
            ends = zip(keys, fold.closings.values(), strict=True)
            closed = [(position, *key) for key, position in ends]
            if self._many_text and len(closed) > 1:
                yield self._close_many_text, _by_last(closed)
            else:
                yield self.close_text, closed
        ready = self.stored([*fold.finished, *fold.opened()])
        if self._many_text and len(ready) > 1:
            named = [dict(zip(self._names, row, strict=True)) for row in ready]
            yield self._many_text, [(orjson.dumps(named).decode(),)]
        elif ready:
            yield self.insert_text, ready
        if self._index is not None and ready:
            statement, of_row = self._index
            yield statement, [*map(of_row, ready)]


def fetch(connection: Connection, prefixes: Sequence[tuple[TableRows, Key]]) -> list[list[Row]]:
    """For each table and beginning of a key, the open rows whose key begins so.

    PostgreSQL is asked for all of them in one round trip.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    if connection.dialect.name != "postgresql":
        # One after the other: of thousands open at once SQLite looks through all, each time.
        return [
            rows.as_folded(driver.execute(rows.fetching(len(prefix)), prefix).fetchall())
            for rows, prefix in prefixes
        ]
    cursors = []
    try:
        with driver.pipeline():
            for rows, prefix in prefixes:
                cursors.append(driver.cursor())
                cursors[-1].execute(rows.fetching(len(prefix)), prefix)
        return [
            rows.as_folded(cursor.fetchall())
            for (rows, _), cursor in zip(prefixes, cursors, strict=True)
        ]
    finally:
        for cursor in cursors:
            cursor.close()


def write(connection: Connection, writes: Sequence[Write], savepoint: str = "") -> None:
    """Carry the statements out, in order, in the transaction of the connection.

    PostgreSQL is sent all of them, and the `savepoint` to go back to, before the first answer is
    waited for: one round trip.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    if connection.dialect.name != "postgresql":
        if savepoint:
            driver.execute(savepoint)
        for text, rows in writes:
            driver.executemany(text, rows)
        return
    with driver.pipeline(), driver.cursor() as cursor:
        if savepoint:
            cursor.execute(savepoint)
        for text, rows in writes:
            for row in rows:
                cursor.execute(text, row)


def _by_last(rows: Iterable[Row]) -> list[Row]:
    """The rows that differ in their last value alone as one, with a list of those."""
    found: dict[Row, list[Any]] = {}
    for *begin, last in rows:
        found.setdefault(tuple(begin), []).append(last)
    return [(*begin, lasts) for begin, lasts in found.items()]


def _converters(columns: Iterable[Any], dialect: Dialect) -> list[tuple[int, Callable[..., Any]]]:
    found = [
        (index, c.type.dialect_impl(dialect).bind_processor(dialect))
        for index, c in enumerate(columns)
    ]
    return [(index, convert) for index, convert in found if convert is not None]


def _readers(columns: Iterable[Any], dialect: Dialect) -> list[tuple[int, Callable[..., Any]]]:
    found = [
        (index, c.type.dialect_impl(dialect).result_processor(dialect, None))
        for index, c in enumerate(columns)
    ]
    return [(index, convert) for index, convert in found if convert is not None]


def _converted(rows: Iterable[Row], converters: list[tuple[int, Callable[..., Any]]]) -> list[Row]:
    if not converters:
        return list(rows)
    out = []
    for row in rows:
        values = list(row)
        for index, convert in converters:
            values[index] = convert(values[index])
        out.append(tuple(values))
    return out
