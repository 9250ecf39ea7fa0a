"""Every projector of the service, and the writing of read rows inside the saving transaction.

Inline rows are at the head of the log by construction, so nothing is noted per save. What is kept,
in ``read_model``, is which version of a projector the tables were built by. Where it is not the
version of the code the projector is *stale*: its tables are left alone (they may not even have the
right columns), `Registry.stale` names it, and a rebuild brings it back. While there is a stale
projector every save looks, under the writers' lock, whether a rebuild has just been swapped in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    insert,
    select,
    text,
)

from projections.base import Projector
from projections.fold import Folding, Key, Row
from projections.rows import Rows, fetch, write
from qa.facts.base import Fact, Recorded

bookkeeping = MetaData()

read_model = Table(
    "read_model",
    bookkeeping,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("error", Text),
)
"""`position` is the one its tables were made or rebuilt at; `version` 0 was never built."""


class Registry:
    """The projectors of one service; hand it to the store as its `projector`."""

    def __init__(self, projectors: Iterable[Projector]) -> None:
        self.projectors = tuple(projectors)
        names = [p.name for p in self.projectors]
        tables = [t.name for p in self.projectors for t in p.tables]
        for what in (names, tables):
            if len(set(what)) != len(what):
                raise ValueError(f"used twice: {sorted(n for n in what if what.count(n) > 1)}")
        self._tables = frozenset(tables)
        self._guard = Lock()
        self._rows: dict[tuple[str, str], Rows] = {}
        self._interested: dict[type[Fact], tuple[Projector, ...]] = {}
        self._stale: frozenset[str] | None = None

    @property
    def tables(self) -> list[Table]:
        return [table for projector in self.projectors for table in projector.tables]

    def create_tables(self, connection: Connection) -> None:
        """Create what is missing. Tables made over a log that has facts already start stale."""
        bookkeeping.create_all(connection)
        head = connection.execute(text("SELECT position FROM head")).scalar_one()
        known = set(connection.execute(select(read_model.c.name)).scalars())
        for projector in self.projectors:
            if projector.name in known:
                continue
            for table in projector.tables:
                table.create(connection, checkfirst=True)
            connection.execute(
                insert(read_model).values(
                    name=projector.name,
                    version=projector.version if head == 0 else 0,
                    position=head,
                    generation=0,
                    status="live" if head == 0 else "to be built",
                )
            )
        self._stale = None

    def stale(self, connection: Connection) -> list[str]:
        """Names of the projectors whose tables another version built; they need a rebuild."""
        rows = connection.execute(select(read_model.c.name, read_model.c.version)).tuples()
        built = dict(rows.all())
        return [p.name for p in self.projectors if built.get(p.name) != p.version]

    def apply(self, connection: Connection, recorded: Sequence[Recorded[Any]]) -> None:
        """Write the read rows of facts that are being saved, in their transaction."""
        if self._stale is None or self._stale:
            self._stale = frozenset(self.stale(connection))
        changes = [
            (each.position, change)
            for each in recorded
            for projector in self.interested(type(each.fact))
            if projector.name not in self._stale
            for change in projector.project(each)
        ]

        def fetched(asked: Sequence[tuple[Table, Key]]) -> list[list[Row]]:
            return fetch(connection, [(self.rows(connection, t), prefix) for t, prefix in asked])

        folding = Folding(self._tables, fetched, recorded[0].position)
        folding.fetch_ahead(change for _, change in changes)
        for position, change in changes:
            folding.apply(position, (change,))
        writes = [
            each
            for fold in folding.folds.values()
            for each in self.rows(connection, fold.table).writes(fold)
        ]
        write(connection, writes)

    def interested(self, kind: type[Fact]) -> tuple[Projector, ...]:
        """The projectors that look at facts of this kind."""
        found = self._interested.get(kind)
        if found is None:
            found = tuple(p for p in self.projectors if handles(p, kind))
            self._interested[kind] = found
        return found

    def rows(self, connection: Connection, table: Table) -> Rows:
        """The statements for `table` on this connection's database."""
        dialect = connection.dialect
        found = self._rows.get((table.name, dialect.name))
        if found is None:
            with self._guard:
                found = self._rows[table.name, dialect.name] = Rows(table, dialect)
        return found


def handles(projector: Projector, kind: type[Fact]) -> bool:
    kinds = getattr(projector, "handles", None)
    return kinds is None or kind in kinds


InlineProjector = Registry
