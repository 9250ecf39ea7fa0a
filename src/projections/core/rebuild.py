"""Read tables made again from the events, beside the ones in use, and put in their place.

The service stays up: events are read in batches and folded in memory (only open rows stay there;
finished ones are written as they come), then what was recorded meanwhile is caught up in small
steps, the last of them under the writers' lock, and the new tables take the names of the old in
the same transaction. A rebuild that dies leaves tables named ``…__next`` that the next one drops.

An event that cannot be read, or that a projector cannot take, does not stop it: the read model sets
its stream aside from there on, as it would have done when the event was saved
(`projections.core.set_aside`).

A long log is folded by several processes, each with its share (`projections.core.shares`).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from time import sleep
from typing import Any

from sqlalchemy import Connection, Index, MetaData, Table, select, text

from projections.core import full_text
from projections.core.base import Projector
from projections.core.bookkeeping import read_model, read_model_aside, read_model_rebuild
from projections.core.fold import Folding
from projections.core.registry import Registry, database_trouble, reason_of
from projections.core.rows import TableRows, fetch, write
from projections.core.set_aside import Aside, SetAside, Unreadable
from projections.core.shares import (
    ALL,
    EVENTS_WORTH_A_PROCESS,
    Share,
    ShareRouting,
    Wanted,
    shares,
    worth,
)
from qa.core.clock import microseconds
from qa.core.errors import CaseloopError, Damaged, Unavailable
from qa.core.event import REGISTER, Event, EventRow, RecordedEvent
from qa.store.codec import NUL, Open, decode
from qa.store.store import Store
from qa.store.tables import head

Progress = Callable[[int, int], None]
"""Called with the events read so far and the events there are."""

BATCH = 2000
WRITE_ROWS = 20_000
"""Rows written in one transaction: writers of the service wait for at most that long."""
TELL_EVERY = 3_000_000
"""Microseconds between two notes of how far a rebuild is."""
SWAP_ATTEMPTS = 30
SWAP_PAUSE = 0.5
"""Seconds in which waiting writers get through before the next attempt."""


def rebuild(
    store: Store,
    registry: Registry,
    *,
    only: Sequence[str] | None = None,
    progress: Progress | None = None,
    processes: int | None = None,
) -> SetAside:
    """Make the tables of all projectors, or of those named in `only`, again, and say what each had
    to set aside.

    As many `processes` fold as the log and the machine have work for, unless it is said.

    Raises `Damaged` where too much would be set aside (the tables in use stay as they are) and
    `Unavailable` when readers never leave a moment to put the new tables in place.
    """
    chosen = [p for p in registry.projectors if only is None or p.name in only]
    copies = Copies(store, chosen, "next")
    copies.create()
    reached = store.head()
    if processes is None:
        processes = worth(reached)
    copies.fill_shared(reached, processes, _recorder(store, chosen, progress))
    copies.index()
    for attempt in range(SWAP_ATTEMPTS):
        while store.head() - reached > BATCH:
            with store.writing() as connection:
                reached = copies.catch_up(connection, reached, reached + BATCH)
        try:
            with store.writing() as connection:
                # Whoever holds the head row is the only one adding events.
                query = select(head.c.position).with_for_update()
                last: int = connection.execute(query).scalar_one()
                if store.engines.is_postgres:
                    with store.writing() as beside:
                        reached = copies.catch_up(beside, reached, last)
                    _wait_for_older_readers(connection)
                else:
                    copies.catch_up(connection, reached, last)
                copies.swap(connection, last)
            return copies.aside
        except Unavailable:
            if attempt == SWAP_ATTEMPTS - 1:
                raise
            sleep(SWAP_PAUSE)
    return copies.aside


def _recorder(store: Store, projectors: Iterable[Projector], progress: Progress | None) -> Progress:
    """`progress` that also notes in the database how far the rebuild is, every few seconds."""
    names = [p.name for p in projectors]
    started = heard = microseconds(store.clock.now())

    def note(done: int, total: int) -> None:
        with store.writing() as connection:
            connection.execute(
                read_model_rebuild.delete().where(read_model_rebuild.c.name.in_(names))
            )
            connection.execute(
                read_model_rebuild.insert(),
                [
                    {
                        "name": name,
                        "started_us": started,
                        "heard_us": heard,
                        "reached": done,
                        "upto": total,
                    }
                    for name in names
                ],
            )

    note(0, store.head())

    def tell(done: int, total: int) -> None:
        nonlocal heard
        now = microseconds(store.clock.now())
        if now - heard >= TELL_EVERY:
            heard = now
            note(done, total)
        if progress is not None:
            progress(done, total)

    return tell


def _wait_for_older_readers(connection: Connection) -> None:
    """Wait until every snapshot that was taken before the copies were finished is gone.

    PostgreSQL finds a renamed table at once, in an old snapshot too, but in that snapshot the rows
    written since are not there: such a reader would see a table with holes. (A SQLite snapshot
    holds the names as well.) Writers waiting for the head row do not count: they read afresh.
    Raises `Unavailable` when a reader stays too long.
    """
    finished = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    older = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND xact_start < :finished"
        " AND wait_event_type IS DISTINCT FROM 'Lock'"
    )
    for _ in range(20):
        # The view is read once a transaction unless it is told to forget.
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        if connection.execute(older, {"finished": finished}).scalar_one() == 0:
            return
        sleep(0.05)
    raise Unavailable("Somebody is reading the tables that are to be replaced.", code="store-busy")


def replay(
    store: Store,
    after: int,
    upto: int,
    wanted: Wanted | None = None,
    signs: set[int] | None = None,
) -> Iterator[tuple[int, list[RecordedEvent[Any] | Unreadable]]]:
    """The events after `after` up to `upto` that are `wanted`, in batches, each read in a snapshot
    of its own, with the position that the reading has reached. `signs` gets the positions of those
    with a text that cannot be shown as it is."""
    signs = set() if signs is None else signs
    while after < upto:
        with store.reading() as connection:
            opener = store.opener(connection)
            rows = store.rows(connection, after=after, upto=upto, limit=BATCH)
            if not rows:
                return
            if wanted is None:
                batch = [_read(row, opener, signs) for row in rows]
            else:
                batch = [_read(row, opener, signs) for row in rows if wanted(row[1], row[3])]
        after = rows[-1][0]
        yield after, batch


def _read(row: EventRow, opener: Open | None, signs: set[int]) -> RecordedEvent[Any] | Unreadable:
    def opened(subject: str, sealed: bytes, bound: bytes) -> bytes | None:
        assert opener is not None
        plain = opener(subject, sealed, bound)
        if plain is not None and NUL in plain:
            signs.add(row[0])
        return plain

    if NUL in row[5]:
        signs.add(row[0])
    try:
        return decode(row, None if opener is None else opened)
    except Damaged as damage:
        return Unreadable(row[0], row[1], row[3], damage.sentence.rstrip("."))


class Copies:
    """Copies of some projectors' tables, named ``<table>__<suffix>``, being filled from the log."""

    def __init__(self, store: Store, projectors: Iterable[Projector], suffix: str) -> None:
        self._store = store
        self._registry = Registry(projectors)
        self._suffix = suffix
        self._generation = 0
        self.aside = SetAside()
        self._model_of = {t.name: p.name for p in self._registry.projectors for t in p.tables}
        self.tables = {t.name: self._copy(t) for t in self._registry.tables}
        dialect = store.engine.dialect
        self.rows = {name: TableRows(copy, dialect) for name, copy in self.tables.items()}

    def _copy(self, table: Table) -> Table:
        copy = table.to_metadata(MetaData(), name=f"{table.name}__{self._suffix}")
        copy.info.update(table.info)
        copy.indexes.clear()
        return copy

    def create(self) -> None:
        """Create the empty copies, dropping what an earlier attempt left."""
        self.drop()
        with self._store.writing() as connection:
            for copy in self.tables.values():
                copy.create(connection)
            self._generation = 1 + max(
                connection.execute(select(read_model.c.generation)).scalars(), default=0
            )

    def drop(self) -> None:
        with self._store.writing() as connection:
            for copy in self.tables.values():
                full_text.drop(connection, copy)
                copy.drop(connection, checkfirst=True)

    def fill_shared(self, upto: int, processes: int, progress: Progress | None = None) -> None:
        """`fill` by several processes; what one of them set aside or raised is found here."""
        if processes < 2:
            self.fill(upto, progress)
            return
        first, *others = shares(processes, upto)
        with ProcessPoolExecutor(processes - 1, mp_context=get_context("spawn")) as pool:
            done = [
                pool.submit(
                    _fill, self._store, self._registry.projectors, self._suffix, upto, share
                )
                for share in others
            ]
            self.fill(upto, progress, first)
            for each in done:
                self.aside.add(each.result())

    def fill(self, upto: int, progress: Progress | None = None, share: Share = ALL) -> None:
        """Fold the log up to `upto`, or one share of it, and write the rows."""
        projectors = share.projectors(self._registry.projectors)
        folding = Folding(t.name for p in projectors for t in p.tables)
        plan = ShareRouting(projectors, share)
        signs = self.aside.signs
        with _collector_looking_away(upto) as overlook:
            for reached, batch in replay(self._store, 0, upto, plan.wanted, signs):
                for recorded in batch:
                    if isinstance(recorded, Unreadable):
                        self._unreadable(recorded, plan.interested)
                        continue
                    for projector in plan.interested(recorded.stream, type(recorded.event)):
                        self._take(folding, projector, recorded)
                for fold in folding.folds.values():
                    if len(fold.finished) >= WRITE_ROWS:
                        self._write(fold.table.name, fold.finished)
                        fold.finished = []
                # The open rows only grow: the collector need not look through them each time.
                overlook()
                if progress is not None:
                    progress(reached, upto)
            for fold in folding.folds.values():
                self._write(fold.table.name, fold.finished)
                self._write(fold.table.name, sorted(fold.opened(), key=fold.order))

    def _take(self, folding: Folding, projector: Projector, recorded: RecordedEvent[Any]) -> None:
        """Fold one event into one read model's rows, or set its stream aside."""
        if self.aside and self.aside.holds(projector.name, recorded.stream):
            return
        try:
            folding.apply(recorded.position, tuple(projector.project(recorded)))
        except database_trouble():
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            aside = Aside(recorded.stream, recorded.position, reason_of(error).rstrip("."))
            self.aside.note(projector.name, aside)

    def _unreadable(
        self,
        event: Unreadable,
        interested: Callable[[str, type[Event]], Iterable[Projector]],
    ) -> None:
        """Set its stream aside for all that look at events of its type, or might."""
        kind = REGISTER.get(event.type)
        projectors = self._registry.projectors if kind is None else interested(event.stream, kind)
        for projector in projectors:
            self.aside.note(projector.name, Aside(event.stream, event.position, event.why))

    def index(self) -> None:
        """Make the indexes; their names carry the generation, as those in use have the others."""
        for table in self._registry.tables:
            copy = self.tables[table.name]
            for index in table.indexes:
                made = Index(
                    f"{index.name}__{self._generation}",
                    *(copy.c[c.name] for c in index.columns),
                    unique=index.unique,
                    **{
                        f"{dialect}_where": index.dialect_options[dialect]["where"]
                        for dialect in ("sqlite", "postgresql")
                    },
                )
                with self._store.writing(lasting=False) as connection:
                    made.create(connection)
            with self._store.writing(lasting=False) as connection:
                full_text.create(connection, copy, self._generation)
                if self._store.engines.is_postgres:
                    # Until it has looked at a new table, its planner guesses, and guesses badly.
                    connection.exec_driver_sql(f'ANALYZE "{copy.name}"')

    def catch_up(self, connection: Connection, after: int, upto: int) -> int:
        """Apply later events to the copies the way they are applied inline."""
        opener = self._store.opener(connection)
        while after < upto:
            rows = self._store.rows(connection, after=after, upto=upto, limit=BATCH)
            if not rows:
                return after
            folding = Folding(
                self.tables,
                lambda keys: fetch(connection, [(self.rows[t.name], key) for t, key in keys]),
                after + 1,
            )
            for recorded in [_read(row, opener, self.aside.signs) for row in rows]:
                if isinstance(recorded, Unreadable):
                    self._unreadable(recorded, lambda _, kind: self._registry.interested(kind))
                    continue
                for projector in self._registry.interested(type(recorded.event)):
                    self._take(folding, projector, recorded)
            folds = folding.folds.values()
            write(connection, [w for f in folds for w in self.rows[f.table.name].writes(f)])
            after = rows[-1][0]
        return after

    def swap(self, connection: Connection, position: int) -> None:
        """Give the copies the names of the tables in use, and those are gone."""
        for table in self._registry.tables:
            full_text.swap(connection, self.tables[table.name], table)
        for projector in self._registry.projectors:
            for former in getattr(projector, "former_tables", ()):
                connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{former}"')
            for table in (read_model, read_model_aside, read_model_rebuild):
                connection.execute(table.delete().where(table.c.name == projector.name))
            connection.execute(
                read_model.insert().values(
                    name=projector.name,
                    version=projector.version,
                    position=position,
                    generation=self._generation,
                    status="live",
                )
            )
        rows = [
            {"name": name, "stream": one.stream, "position": one.position, "error": one.why}
            for name, asides in self.aside.listed().items()
            for one in asides
        ]
        if rows:
            connection.execute(read_model_aside.insert(), rows)

    def _write(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write many rows, in transactions that are short for the others. A row that the database
        does not take is found by halving, and its stream set aside."""
        for start in range(0, len(rows), WRITE_ROWS):
            part = rows[start : start + WRITE_ROWS]
            try:
                self._write_at_once(name, part)
            except CaseloopError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever the database does not take
                if len(part) > 1:
                    half = len(part) // 2
                    self._write(name, part[:half])
                    self._write(name, part[half:])
                    continue
                # Both kinds of tables have the position of the event in the last but one place.
                position = part[0][-2]
                with self._store.reading() as connection:
                    [event] = self._store.rows(connection, after=position - 1, upto=position)
                self.aside.note(
                    self._model_of[name], Aside(event[1], position, type(error).__name__)
                )

    def _write_at_once(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        writer = self.rows[name]
        ready = writer.stored(rows)
        with self._store.writing(lasting=False) as connection:
            if not self._store.engines.is_postgres:
                connection.exec_driver_sql(writer.insert_text, ready)
                return
            cursor = connection.connection.cursor()
            copying = f'COPY "{writer.name}" ({writer.column_list}) FROM STDIN'
            with cursor.copy(copying) as copy:
                for row in ready:
                    copy.write_row(row)


def _fill(
    store: Store, projectors: Sequence[Projector], suffix: str, upto: int, share: Share
) -> SetAside:
    """One process's share of the folding, into tables that another has created."""
    copies = Copies(store, projectors, suffix)
    try:
        copies.fill(upto, share=share)
        return copies.aside
    finally:
        store.close()


@contextmanager
def _collector_looking_away(upto: int) -> Iterator[Callable[[], None]]:
    """Keep what is there before and during the bulk work out of the garbage collector's sight.

    Without it a third of a rebuild's time is spent looking through rows that are all still needed.
    A short log is done before a single look at everything would be.
    """
    if upto < EVENTS_WORTH_A_PROCESS:
        yield lambda: None
        return
    gc.collect()
    try:
        yield gc.freeze
    finally:
        gc.unfreeze()
