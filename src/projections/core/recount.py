"""A question asked of some events alone: nothing else that is on record can have a part in it.

This is how a figure is checked from outside: the events beneath it are folded into empty tables in
memory, by the projectors that made the read rows in use, and the same question is asked of those.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.schema import CreateTable

from projections.core import full_text
from projections.core.base import Projector
from projections.core.fold import Folding
from projections.core.registry import Registry
from projections.core.rows import TableRows, Write, write
from qa.core.event import RecordedEvent

T = TypeVar("T")


class _EmptyTables(NamedTuple):
    """Where some projectors are asked: an engine each of whose connections is a memory of its own,
    and the bytes of a database that holds their tables and no row."""

    registry: Registry
    engine: Engine
    rows: dict[str, TableRows]
    database: bytes


def _empty(projectors: Iterable[Projector]) -> _EmptyTables:
    return _made(tuple(map(type, projectors)))


@lru_cache(maxsize=16)
def _made(kinds: tuple[type[Projector], ...]) -> _EmptyTables:
    """Made once for projectors of these kinds, which hold nothing of their own: the statements that
    make tables take longer than those that fill them. So few rows are found without an index."""
    registry = Registry(kind() for kind in kinds)
    engine = create_engine("sqlite://", poolclass=NullPool)
    with engine.connect() as connection:
        for table in registry.tables:
            connection.execute(CreateTable(table))
            full_text.create(connection, table)
        connection.commit()
        database = _driver(connection).serialize()
    rows = {table.name: TableRows(table, engine.dialect) for table in registry.tables}
    return _EmptyTables(registry, engine, rows, database)


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def alone(
    projectors: Iterable[Projector],
    events: Iterable[RecordedEvent[Any]],
    ask: Callable[[Connection], T],
    *,
    past: bool = True,
    unasked: Collection[str] = (),
) -> T:
    """What `ask` finds in the tables of `projectors` when there are only `events`, in log order.
    Without the `past` it finds the rows that stand at their end alone, and nothing in tables that
    are `unasked`.

    Raises `Damaged` where the events do not suffice to make a row.
    """
    empty = _empty(projectors)
    folding = Folding(empty.rows)
    for recorded in events:
        for projector in empty.registry.interested(type(recorded.event)):
            changes = projector.project(recorded)
            if unasked:
                changes = [one for one in changes if one.table.name not in unasked]
            folding.apply(recorded.position, changes)
    writes: list[Write] = []
    for name, fold in folding.folds.items():
        if not past:
            fold.finished.clear()
        writes += empty.rows[name].writes(fold)
    with empty.engine.connect() as connection:
        _driver(connection).deserialize(empty.database)
        write(connection, writes)
        return ask(connection)


def looked_at(projectors: Iterable[Projector], kind: type[Any]) -> bool:
    """Whether any of `projectors` makes something of an event of this kind."""
    return bool(_empty(projectors).registry.interested(kind))
