"""From a URL to connections: SQLite and PostgreSQL, so that an event once acknowledged stays.

Two ways in, on both databases alike: `writing()` (one transaction that may change things) and
`reading()` (one consistent snapshot that cannot). Database trouble of any kind leaves here as
`qa.core.errors.Unavailable`.

SQLite: write-ahead log, ``synchronous=FULL``, ``BEGIN IMMEDIATE`` for writers behind a fair queue
of this process (`qa.store.writers`; SQLite's own busy handler lets one thread starve), plain
``BEGIN`` for readers on connections that refuse to write. PostgreSQL: short limits on every wait,
so that a database in trouble costs a request seconds and not minutes.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool

from qa.core.asking import ALONE
from qa.store.trouble import trouble_named
from qa.store.writers import BUSY_SECONDS, OwnTurn, Turn, Writers, driver

logger = logging.getLogger("caseloop.store")

POOL_SIZE = 48
"""Connections of one process. FastAPI runs plain functions on 40 threads: with so many, none waits
for a connection because of another; with fewer, one waits `WAIT_SECONDS` and is then refused."""

WAIT_SECONDS = 2.0
LOOK_AGAIN_SECONDS = 0.001
"""How soon a writer of SQLite looks again whether another process has ended its transaction."""
STATEMENT_SECONDS = 60


class Engines:
    """The connections of one database: `writer`, `reader` and the queue of this process's writers.

    On PostgreSQL the two are the same engine; on SQLite readers have connections of their own, so
    that a queue of writers never keeps a reader waiting.
    """

    def __init__(self, url: str, *, connections: int = POOL_SIZE) -> None:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend == "sqlite":
            if parsed.database in (None, "", ":memory:"):
                raise ValueError("the records need a database file, not one in memory")
            self.writer = _sqlite(url, readonly=False)
            self.reader = _sqlite(url, readonly=True, connections=connections)
            self.writers: Writers | None = Writers(self.writer)
        elif backend == "postgresql":
            self.writer = self.reader = _postgres(url, connections)
            self.writers = None
        else:
            raise ValueError(f"the records are kept in SQLite or PostgreSQL, not in {backend}")
        self.is_postgres = backend == "postgresql"
        # Without it no transaction waits for the disk: for records that can be made again.
        self.lasting = True

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[Connection]:
        """One writing transaction, committed at the end of the block, or not at all.

        Where it need not be `lasting`, its commit does not wait for the disk; later ones that do
        make it last too.
        """
        with trouble_named():
            turn = self.begin_writing(lasting=lasting)
            try:
                yield turn.connection
                turn.commit()
            except BaseException:
                turn.undo()
                raise
            finally:
                turn.end()

    def begin_writing(self, *, lasting: bool = True, shares: bool = False) -> Turn:
        """A writing transaction; `shares` says that it may share its commit with others."""
        lasting = lasting and self.lasting
        if self.writers is not None:
            return self.writers.begin(lasting=lasting, shares=shares)
        connection = self.writer.connect()
        try:
            connection.begin()
            if not lasting:
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        except BaseException:
            connection.close()
            raise
        return OwnTurn(connection)

    @contextmanager
    def reading(self, prepare: Callable[[Connection], None] | None = None) -> Iterator[Connection]:
        """One consistent snapshot; the database refuses to change anything through it.

        `prepare` may first make temporary tables and views in it. They are seen through this
        connection alone and are gone with the snapshot.
        """
        with trouble_named(), self.reader.connect() as connection:
            if self.is_postgres:
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=prepare is None
                )
            if prepare is None:
                yield connection
                return
            with self._scratch(connection):
                prepare(connection)
            if self.is_postgres:
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            with _nothing_remembered(connection, self.is_postgres):
                yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """For questions that each stand alone: no snapshot is held from one to the next.

        On PostgreSQL that saves the two round trips of a transaction.
        """
        with trouble_named(), self.reader.connect() as connection:
            alone: dict[str, Any] = {ALONE: True}
            if self.is_postgres:
                alone["isolation_level"] = "AUTOCOMMIT"
            yield connection.execution_options(**alone)

    @contextmanager
    def _scratch(self, connection: Connection) -> Iterator[None]:
        """Lets the snapshot's connection make what is temporary."""
        if self.is_postgres:
            yield
            return
        connection.begin()
        driver(connection).execute("PRAGMA query_only=OFF")
        try:
            yield
        finally:
            driver(connection).execute("PRAGMA query_only=ON")

    def dispose(self) -> None:
        """Close every connection that nobody is using."""
        if self.writers is not None:
            self.writers.close()
        self.writer.dispose()
        self.reader.dispose()


@contextmanager
def _nothing_remembered(connection: Connection, is_postgres: bool) -> Iterator[None]:
    """Without statements that PostgreSQL prepared earlier: they know the tables by their place and
    would look past a temporary view of the same name. (SQLite forgets them by itself.)"""
    if not is_postgres:
        yield
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    kept, raw.prepare_threshold = raw.prepare_threshold, None
    try:
        yield
    finally:
        raw.prepare_threshold = kept


def _sqlite(url: str, *, readonly: bool, connections: int = 4) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    file = Path(make_url(url).database or "")

    @event.listens_for(engine, "do_connect")
    def _keep_private(*_: Any) -> None:
        owner_only(file)

    @event.listens_for(engine, "connect")
    def _prepare(dbapi: sqlite3.Connection, _record: Any) -> None:
        # The driver's own transactions begin late and deferred; ours are begun below instead.
        dbapi.isolation_level = None
        _write_ahead(dbapi)
        dbapi.execute("PRAGMA synchronous=FULL")
        dbapi.execute("PRAGMA foreign_keys=ON")
        # Without this, INSERT OR REPLACE would delete an event behind the back of its trigger.
        dbapi.execute("PRAGMA recursive_triggers=ON")
        if readonly:
            dbapi.execute("PRAGMA query_only=ON")
        else:
            # Room for the inner pages of large indexes, and room and hands for sorting one.
            dbapi.execute("PRAGMA cache_size=-65536")
            dbapi.execute("PRAGMA temp_store=MEMORY")
            dbapi.execute("PRAGMA threads=2")
            # Who writes waits for others when it begins, and nowhere else: see `_begin_writing`.
            dbapi.execute("PRAGMA busy_timeout=0")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if readonly:
            driver(connection).execute("BEGIN")
        else:
            _begin_writing(driver(connection))

    return engine


def owner_only(file: Path) -> None:
    """Make the file of a database readable by its owner alone, from the start. One that others
    could read is put right, and what lies beside it; SQLite makes the rest after the first."""
    with suppress(OSError):  # It is there already, or SQLite says better what is wrong.
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    for one in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        with suppress(OSError):
            mode = stat.S_IMODE(one.stat().st_mode)
            if mode & 0o077:
                one.chmod(mode & 0o700)
                logger.warning("%s could be read by others on this machine; no longer.", one)


def _begin_writing(dbapi: sqlite3.Connection) -> None:
    """Begin once no other process writes. SQLite itself would look after 1, 2, 5, 10 … 100 ms, and
    so wait for longer than the file is locked; this one looks every millisecond."""
    until = monotonic() + BUSY_SECONDS
    while True:
        try:
            dbapi.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(LOOK_AGAIN_SECONDS)
        else:
            return


def _write_ahead(dbapi: sqlite3.Connection) -> None:
    """Two who open a new file at once: SQLite tells one of them that it is locked, and does not
    wait as it does everywhere else."""
    until = monotonic() + BUSY_SECONDS
    while True:
        try:
            dbapi.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() > until:
                raise
            sleep(0.005)
        else:
            return


def _postgres(url: str, connections: int) -> Engine:
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    milliseconds = int(WAIT_SECONDS * 1000)
    return create_engine(
        parsed,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args={
            "connect_timeout": int(WAIT_SECONDS),
            "options": f"-c lock_timeout={milliseconds}"
            f" -c statement_timeout={STATEMENT_SECONDS * 1000}"
            # Enough for what a report groups, so that it need not be sorted on the disk.
            " -c timezone=UTC -c work_mem=8MB",
        },
    )
