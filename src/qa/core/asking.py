"""What every request asks of the database: put together once, and carried out by the driver itself.

SQLAlchemy takes longer over a small statement than either database does. What it made of one is
kept here, and several at once are one round trip to PostgreSQL. Texts, numbers and bytes alone go
in; nothing is converted on the way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.expression import ClauseElement

T = TypeVar("T")
Rows = list[tuple[Any, ...]]
Read = Callable[[Rows], T]

ALONE = "asked_alone"
"""Execution option of a connection whose questions need no snapshot in common."""


class _Made(NamedTuple):
    """A statement as one database takes it: its text, its constants, and for SQLite its order."""

    text: str
    constants: dict[str, Any]
    order: tuple[str, ...] | None


class Standing:
    """A statement with named parameters that never changes."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def made(self, dialect: Dialect) -> _Made:
        found = self._made.get(dialect.name)
        if found is None:
            done = cast("SQLCompiler", self._statement.compile(dialect=dialect))
            order = None if done.positiontup is None else tuple(done.positiontup)
            # What has to be given is no constant: left out, it is an error and never NULL.
            constants = {n: v for n, v in done.params.items() if not done.binds[n].required}
            found = self._made[dialect.name] = _Made(str(done), constants, order)
        return found


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T]):
    """A statement with its parameters, and what its rows are read as."""

    standing: Standing
    values: dict[str, Any]
    read: Read[T]


def ask(connection: Connection, wanted: Wanted[T]) -> T:
    """Carry one statement out."""
    return cast(T, ask_all(connection, wanted)[0])


def ask_all(connection: Connection, *wanted: Wanted[Any]) -> Sequence[Any]:
    """Carry several out: what each is read as, in their order."""
    dialect = connection.dialect
    found = rows_of_all(connection, [put(dialect, one) for one in wanted])
    return [one.read(rows) for one, rows in zip(wanted, found, strict=True)]


def rows_of(connection: Connection, text: str, parameters: Any) -> Rows:
    """The rows that a statement gives, written as the driver takes it."""
    return rows_of_all(connection, [(text, parameters)])[0]


def rows_of_all(connection: Connection, statements: Sequence[tuple[str, Any]]) -> list[Rows]:
    """The rows of several statements: one round trip to PostgreSQL."""
    if not connection.in_transaction() and ALONE not in connection.get_execution_options():
        connection.begin()
    driver: Any = connection.connection.driver_connection
    together = connection.dialect.name == "postgresql" and (
        # What begins a transaction goes with its first statement.
        len(statements) > 1 or (not driver.autocommit and not driver.info.transaction_status)
    )
    try:
        with driver.pipeline() if together else nullcontext():
            cursors = [driver.execute(text, parameters) for text, parameters in statements]
        # Without rows psycopg has no row number, and SQLite gives none.
        return [[] if getattr(one, "rownumber", 0) is None else one.fetchall() for one in cursors]
    except Exception:
        if getattr(driver, "closed", False):
            # The database went away, and every connection to it: one refusal is enough.
            connection.invalidate()
            connection.engine.dispose()
        raise


def put(dialect: Dialect, wanted: Wanted[Any]) -> tuple[str, Any]:
    """The statement and its parameters as the driver takes them."""
    text, constants, order = wanted.standing.made(dialect)
    values = {**constants, **wanted.values}
    return text, values if order is None else [values[name] for name in order]


def postgres_errors(*names: str) -> tuple[type[Exception], ...]:
    """The errors of PostgreSQL's driver with these names. None where it was not loaded: then
    nothing raises them, and a service on SQLite does without what it takes."""
    driver = sys.modules.get("psycopg")
    return () if driver is None else tuple(getattr(driver, name) for name in names)
