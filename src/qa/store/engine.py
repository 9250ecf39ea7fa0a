"""From a URL to connections: SQLite and PostgreSQL, set up so that a fact once acknowledged stays.

Two ways in, on both databases alike: `writing()` (one transaction that may change things) and
`reading()` (one consistent snapshot that cannot). Database trouble of any kind leaves here as
`qa.errors.Unavailable`.

SQLite: write-ahead log, ``synchronous=FULL``, ``BEGIN IMMEDIATE`` for writers behind a fair queue
of this process (SQLite's own busy handler lets one thread starve), plain ``BEGIN`` for readers on
connections that refuse to write. PostgreSQL: short limits on every wait, so that a database in
trouble costs a request seconds and not minutes.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, get_ident
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from qa.errors import Unavailable

POOL_SIZE = 48
"""FastAPI runs plain functions on 40 threads; none may wait for a connection because of another."""

WAIT_SECONDS = 2.0
BUSY_SECONDS = 10.0
STATEMENT_SECONDS = 60

DATABASE_TROUBLE = (
    OperationalError,
    InterfaceError,
    InternalError,
    PoolTimeout,
    sqlite3.OperationalError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
"""Read rows are written through the driver itself, whose errors come as they are."""


class WriterQueue:
    """A lock that is handed over in the order of asking, with a limit to the waiting.

    Not re-entrant: a unit of work inside another one would wait for itself, so it is refused.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()
        self._holder: int | None = None

    def take(self, seconds: float) -> None:
        """Wait for the turn.

        Raises `Unavailable` when it does not come within `seconds`, `RuntimeError` when this
        thread has it already.
        """
        me = get_ident()
        with self._guard:
            if self._holder is None:
                self._holder = me
                return
            if self._holder == me:
                raise RuntimeError("a unit of work was opened inside another one")
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        if not turn.acquire(timeout=seconds):
            with self._guard:
                if turn in self._waiting:
                    self._waiting.remove(turn)
                    raise Unavailable("Too much is being saved at once. Try again in a moment.")
        self._holder = me

    @property
    def waiting(self) -> int:
        """How many are in the queue."""
        return len(self._waiting)

    def give_back(self) -> None:
        """Hand the turn to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._holder = -1
                self._waiting.popleft().release()
            else:
                self._holder = None


@contextmanager
def trouble_named() -> Iterator[None]:
    """Turn what a database raises when it cannot go on into `Unavailable`."""
    try:
        yield
    except DATABASE_TROUBLE as error:
        raise unavailable(error) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise unavailable(error) from error
        raise


def unavailable(error: BaseException) -> Unavailable:
    """The refusal for a database error. Its text stays in the chained cause: it may quote rows."""
    text = str(getattr(error, "orig", None) or error).lower()
    if "full" in text or "no space" in text:
        return Unavailable(
            "There is no room left to save to. Nothing was saved.", code="store-full"
        )
    if any(word in text for word in ("locked", "timeout", "busy", "timed out")):
        return Unavailable(
            "The records are busy. Nothing was saved; try again in a moment.", code="store-busy"
        )
    return Unavailable("The records cannot be reached just now. Nothing was saved.")


class Engines:
    """The connections of one database: `writer`, `reader` and the queue of this process's writers.

    On PostgreSQL the two are the same engine; on SQLite readers have connections of their own, so
    that a queue of writers never keeps a reader waiting.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend == "sqlite":
            if parsed.database in (None, "", ":memory:"):
                raise ValueError("the records need a database file, not one in memory")
            self.writer = _sqlite(url, readonly=False)
            self.reader = _sqlite(url, readonly=True)
            self.queue: WriterQueue | None = WriterQueue()
        elif backend == "postgresql":
            self.writer = self.reader = _postgres(url)
            self.queue = None
        else:
            raise ValueError(f"the records are kept in SQLite or PostgreSQL, not in {backend}")
        self.is_postgres = backend == "postgresql"
        self._kept: Connection | None = None

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[Connection]:
        """One writing transaction, committed at the end of the block, or not at all.

        Where it need not be `lasting`, its commit does not wait for the disk; later ones that do
        make it last too.
        """
        with trouble_named():
            connection = self.begin_writing(lasting=lasting)
            try:
                yield connection
                connection.commit()
            except BaseException:
                roll_back(connection)
                raise
            finally:
                self.end_writing(connection)

    def begin_writing(self, *, lasting: bool = True) -> Connection:
        """A connection in a writing transaction; the caller must give it to `end_writing`."""
        if self.queue is not None:
            self.queue.take(BUSY_SECONDS)
        try:
            connection, self._kept = self._kept or self.writer.connect(), None
            try:
                if not self.is_postgres:
                    # Not to be changed inside a transaction. NORMAL: the file stays whole, and
                    # only what is not yet in it may be lost.
                    mode = "FULL" if lasting else "NORMAL"
                    driver(connection).execute(f"PRAGMA synchronous={mode}")
                connection.begin()
                if self.is_postgres and not lasting:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            except BaseException:
                connection.close()
                raise
        except BaseException:
            if self.queue is not None:
                self.queue.give_back()
            raise
        return connection

    def end_writing(self, connection: Connection) -> None:
        """Give the connection back; what was not committed is undone."""
        if self.queue is None:
            connection.close()
            return
        try:
            if connection.in_transaction():
                roll_back(connection)
            if connection.invalidated:
                connection.close()
            else:
                # One writer at a time: the next one takes this connection as it is.
                self._kept = connection
        finally:
            self.queue.give_back()

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
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()
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


def roll_back(connection: Connection) -> None:
    """Undo what the transaction did; a connection too broken for that is thrown away."""
    try:
        connection.rollback()
    except DATABASE_TROUBLE:
        connection.invalidate()


def _sqlite(url: str, *, readonly: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=4 if not readonly else POOL_SIZE,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )
    begin = "BEGIN" if readonly else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def _prepare(dbapi: sqlite3.Connection, _record: Any) -> None:
        # The driver's own transactions begin late and deferred; ours are begun below instead.
        dbapi.isolation_level = None
        dbapi.execute("PRAGMA journal_mode=WAL")
        dbapi.execute("PRAGMA synchronous=FULL")
        dbapi.execute("PRAGMA foreign_keys=ON")
        # Without this, INSERT OR REPLACE would delete a fact behind the back of its trigger.
        dbapi.execute("PRAGMA recursive_triggers=ON")
        if readonly:
            dbapi.execute("PRAGMA query_only=ON")
        else:
            # Room for the inner pages of large indexes, and room and hands for sorting one.
            dbapi.execute("PRAGMA cache_size=-65536")
            dbapi.execute("PRAGMA temp_store=MEMORY")
            dbapi.execute("PRAGMA threads=2")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver(connection).execute(begin)

    return engine


def _postgres(url: str) -> Engine:
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    milliseconds = int(WAIT_SECONDS * 1000)
    return create_engine(
        parsed,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args={
            "connect_timeout": int(WAIT_SECONDS),
            "options": f"-c lock_timeout={milliseconds}"
            f" -c statement_timeout={STATEMENT_SECONDS * 1000}"
            " -c timezone=UTC",
        },
    )


def driver(connection: Connection) -> sqlite3.Connection:
    """The SQLite driver's own connection, for the few statements every save must make."""
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw
