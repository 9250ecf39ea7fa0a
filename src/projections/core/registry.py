"""Every projector of the service, and the writing of read rows inside the saving transaction.

Inline rows are at the head of the log by construction, so nothing is noted per save. What is kept,
in ``read_model``, is which version of a projector the tables were built by. Where it is not the
version of the code the projector is *stale*: its tables are left alone (they may not even have the
right columns), `Registry.stale` names it, and a rebuild brings it back. While there is a stale
projector every save looks, under the writers' lock, whether a rebuild has just been swapped in.

A projector that cannot take an event has *failed*: the event is saved all the same, nothing of the
unit of work is written to that projector's tables, and the streams of the unit are set aside for
it: later events of them are passed by. Nothing is silent: `projections.core.health` tells of it,
and
what is shown from the tables is marked. A rebuild reads the events that were set aside once more.
"""

from __future__ import annotations

import logging
import sqlite3
import traceback
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Table, insert, inspect, select, text, update
from sqlalchemy.exc import OperationalError

from projections.core import full_text
from projections.core.base import Projector, RowChange
from projections.core.bookkeeping import read_model, read_model_aside
from projections.core.fold import Folding, Key, Row
from projections.core.rows import TableRows, Write, fetch, write
from qa.core.asking import postgres_errors
from qa.core.errors import CaseloopError
from qa.core.event import Event, RecordedEvent

log = logging.getLogger("caseloop.read_models")

SAVEPOINT = "SAVEPOINT read_rows"
ROLL_BACK = "ROLLBACK TO SAVEPOINT read_rows"


def database_trouble() -> tuple[type[Exception], ...]:
    """No projector's mistake: the database is busy, full or gone."""
    return (OperationalError, sqlite3.OperationalError, *postgres_errors("OperationalError"))


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
        self._rows: dict[tuple[str, str], TableRows] = {}
        self._interested: dict[type[Event], tuple[Projector, ...]] = {}
        self._stale: frozenset[str] | None = None
        self._aside: dict[str, frozenset[str]] = {}

    def without(self, connection: Connection, names: Collection[str]) -> Registry:
        """The others alone, for the one writer of a store that was just made. Those that are left
        out are marked as still to be built: a rebuild makes them in one go."""
        connection.execute(
            update(read_model)
            .where(read_model.c.name.in_(names))
            .values(version=0, status="to be built")
        )
        found = Registry(each for each in self.projectors if each.name not in names)
        found._stale = frozenset()
        return found

    @property
    def tables(self) -> list[Table]:
        return [table for projector in self.projectors for table in projector.tables]

    def create_tables(self, connection: Connection) -> None:
        """Create what is missing. Tables made over a log that has events already start stale."""
        head = connection.execute(text("SELECT position FROM head")).scalar_one()
        known = set(connection.execute(select(read_model.c.name)).scalars())
        for projector in self.projectors:
            if projector.name in known:
                continue
            for table in projector.tables:
                table.create(connection, checkfirst=True)
                full_text.create(connection, table)
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

    def missing(self, connection: Connection) -> list[str]:
        """Names of the projectors that have no tables in this database yet."""
        there = inspect(connection).has_table(read_model.name)
        known = set(connection.execute(select(read_model.c.name)).scalars()) if there else set()
        return [p.name for p in self.projectors if p.name not in known]

    def stale(self, connection: Connection) -> list[str]:
        """Names of the projectors whose tables another version built; they need a rebuild."""
        rows = connection.execute(select(read_model.c.name, read_model.c.version)).tuples()
        built = dict(rows.all())
        return [p.name for p in self.projectors if built.get(p.name) != p.version]

    def ready(
        self, connection: Connection, recorded: Sequence[RecordedEvent[Any]]
    ) -> list[Write] | None:
        """What `apply` would write of events that may be saved next. None where it has to look
        first: something is stale or set aside, or a projector cannot take an event."""
        if self._looks:
            return None
        try:
            return self._folded(connection, recorded, self.projectors)
        except database_trouble():
            raise
        except Exception:  # noqa: BLE001 - whose mistake it is, is found out in its turn
            return None

    @property
    def _looks(self) -> bool:
        """Whether a save has to look what is stale and what is set aside."""
        return self._stale is None or bool(self._stale or self._aside)

    def apply(
        self,
        connection: Connection,
        recorded: Sequence[RecordedEvent[Any]],
        ready: list[Write] | None = None,
    ) -> None:
        """Write the read rows of events that are being saved, in their transaction: those that
        are `ready`, or else those that follow.

        A mistake of a projector never reaches the caller; trouble of the database does.
        """
        stale: Collection[str] = ()
        if self._looks:
            stale, ready = self._look(connection, recorded[0].position), None
        live = [p for p in self.projectors if p.name not in stale]
        try:
            writes = self._folded(connection, recorded, live) if ready is None else ready
        except database_trouble():
            raise
        except Exception:  # noqa: BLE001 - whose mistake it was is found out one by one
            self._one_by_one(connection, recorded, live)
            return
        try:
            write(connection, writes, savepoint=SAVEPOINT)
        except database_trouble():
            raise
        except Exception:  # noqa: BLE001 - as above
            connection.exec_driver_sql(ROLL_BACK)
            self._one_by_one(connection, recorded, live)

    def _folded(
        self,
        connection: Connection,
        recorded: Sequence[RecordedEvent[Any]],
        projectors: Collection[Projector],
    ) -> list[Write]:
        """The statements that these projectors' rows are written with; nothing is written yet."""

        def fetched(prefixes: Sequence[tuple[Table, Key]]) -> list[list[Row]]:
            return fetch(connection, [(self.rows(connection, t), prefix) for t, prefix in prefixes])

        folding = Folding(self._tables, fetched, recorded[0].position)
        aside, live = self._aside, {projector.name for projector in projectors}
        own = {projector.name for projector in projectors if by_stream(projector)}
        begun = {each.stream for each in recorded if each.version == 1}
        events = Counter(each.stream for each in recorded)
        changes: dict[tuple[int, bool], list[RowChange]] = {}
        for each in recorded:
            for projector in self.interested(type(each.event)):
                name = projector.name
                if name in live and (name not in aside or each.stream not in aside[name]):
                    # Rows made from one stream alone cannot stand before its first event.
                    new = each.stream in begun and name in own
                    some = [*projector.project(each)]
                    alone = new and events[each.stream] == 1
                    if not (alone and folding.begin(each.position, some)):
                        changes.setdefault((each.position, new), []).extend(some)
        folding.fetch_ahead([one for (_, new), some in changes.items() if not new for one in some])
        for (position, new), some in changes.items():
            folding.apply(position, some, new)
        return [
            each
            for fold in folding.folds.values()
            for each in self.rows(connection, fold.table).writes(fold)
        ]

    def _one_by_one(
        self,
        connection: Connection,
        recorded: Sequence[RecordedEvent[Any]],
        projectors: Iterable[Projector],
    ) -> None:
        """Write the rows of each projector by itself, and set aside what one cannot take."""
        for projector in projectors:
            connection.exec_driver_sql(SAVEPOINT)
            try:
                write(connection, self._folded(connection, recorded, [projector]))
            except database_trouble():
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the event is saved
                connection.exec_driver_sql(ROLL_BACK)
                self._set_aside(connection, projector, recorded, error)

    def _set_aside(
        self,
        connection: Connection,
        projector: Projector,
        recorded: Sequence[RecordedEvent[Any]],
        error: Exception,
    ) -> None:
        """Note that the projector holds nothing of these streams from this unit of work on."""
        first: dict[str, int] = {}
        for each in recorded:
            if projector in self.interested(type(each.event)):
                first.setdefault(each.stream, each.position)
        known = self._aside.get(projector.name, frozenset())
        why = reason_of(error)
        rows = [
            {"name": projector.name, "stream": stream, "position": position, "error": why}
            for stream, position in first.items()
            if stream not in known
        ]
        if rows:
            connection.execute(insert(read_model_aside), rows)
        self._aside[projector.name] = known | first.keys()
        log.error("%s set aside %s: %s", projector.name, sorted(first.values()), why)

    def _look(self, connection: Connection, first: int) -> frozenset[str]:
        """See which projectors are stale and what is set aside; a stale one ends before `first`."""
        built = connection.execute(
            select(read_model.c.name, read_model.c.version, read_model.c.status)
        ).all()
        versions = {p.name: p.version for p in self.projectors}
        stale = {row.name for row in built if versions.get(row.name) != row.version}
        self._stale = frozenset(stale | versions.keys() - {row.name for row in built})
        newly = [row.name for row in built if row.name in stale and row.status == "live"]
        if newly:
            connection.execute(
                update(read_model)
                .where(read_model.c.name.in_(newly))
                .values(status="stale", position=first - 1)
            )
        aside: dict[str, set[str]] = {}
        query = select(read_model_aside.c.name, read_model_aside.c.stream)
        for name, stream in connection.execute(query).tuples():
            aside.setdefault(name, set()).add(stream)
        self._aside = {name: frozenset(streams) for name, streams in aside.items()}
        return self._stale

    def interested(self, kind: type[Event]) -> tuple[Projector, ...]:
        """The projectors that look at events of this kind."""
        found = self._interested.get(kind)
        if found is None:
            found = tuple(p for p in self.projectors if handles(p, kind))
            self._interested[kind] = found
        return found

    def rows(self, connection: Connection, table: Table) -> TableRows:
        """The statements for `table` on this connection's database."""
        dialect = connection.dialect
        found = self._rows.get((table.name, dialect.name))
        if found is None:
            with self._guard:
                found = self._rows[table.name, dialect.name] = TableRows(table, dialect)
        return found


def reason_of(error: Exception) -> str:
    """The error without the values it may quote, for they can be case text."""
    if isinstance(error, CaseloopError):
        return error.sentence
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {at.filename.rpartition('/')[2]}, line {at.lineno}"


def by_stream(projector: Projector) -> bool:
    """Whether every row of this projector is made from the events of a single stream."""
    return bool(getattr(projector, "by_stream", False))


def handles(projector: Projector, kind: type[Event]) -> bool:
    kinds = getattr(projector, "handles", None)
    return kinds is None or kind in kinds
