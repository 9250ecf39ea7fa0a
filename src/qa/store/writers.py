"""Who writes next, and when what was written is made to last.

SQLite has one writer at a time, and a commit waits for the disk for longer than most units of work
take. So the units that wait for their turn **share a commit**: the next one begins where the one
before ended, inside the same transaction and behind a savepoint of its own, and the last one
commits for all. None of them is acknowledged before; if the commit fails, each is told so. On
PostgreSQL the server sees to all this, and every writer has a connection of its own.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from threading import Lock, get_ident
from typing import Protocol

from sqlalchemy import Connection, Engine

from qa.core.errors import Unavailable
from qa.store.trouble import database_trouble

BUSY_SECONDS = 10.0

SHARING = 16
"""So many units share one commit at most: the first of them waits for the last."""

_MARK = "SAVEPOINT unit"
_UNDO = "ROLLBACK TO unit"
_DONE = "RELEASE unit"


class WriterQueue:
    """A lock that is handed over in the order of asking, with a limit to the waiting.

    Not re-entrant: a unit of work inside another one would wait for itself, so it is refused.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[tuple[Lock, bool]] = deque()
        self._holder: int | None = None

    def take(self, seconds: float, *, shares: bool = False) -> None:
        """Wait for the turn; `shares` says that it may be taken inside an open transaction.

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
            place = (turn, shares)
            self._waiting.append(place)
        if not turn.acquire(timeout=seconds):
            with self._guard:
                if place in self._waiting:
                    self._waiting.remove(place)
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
                self._next()
            else:
                self._holder = None

    def pass_on(self) -> bool:
        """Hand the turn over inside the open transaction, if whoever is next shares one."""
        with self._guard:
            if not self._waiting or not self._waiting[0][1]:
                return False
            self._next()
            return True

    def _next(self) -> None:
        self._holder = -1
        self._waiting.popleft()[0].release()


class Turn(Protocol):
    """One writer's transaction: it ends by `commit` or `undo`, and `end` always comes last."""

    connection: Connection

    def commit(self) -> None:
        """Returns when what was written will last; raises what the database raised if it won't."""

    def undo(self) -> None:
        """Forget what this writer wrote. The connection can still be asked questions."""

    def end(self) -> None:
        """Give the connection back; what was not committed is undone."""


class OwnTurn:
    """A transaction that is nobody else's."""

    def __init__(self, connection: Connection, writers: Writers | None = None) -> None:
        self.connection = connection
        self._writers = writers

    def commit(self) -> None:
        self.connection.commit()

    def undo(self) -> None:
        roll_back(self.connection)

    def end(self) -> None:
        if self._writers is None:
            self.connection.close()
            return
        if self.connection.in_transaction():
            roll_back(self.connection)
        self._writers.give_back(self.connection)


class SharedCommit:
    """The units whose events one commit makes last."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.units = 0
        self.undone = False
        self._error: Exception | None = None
        self._done = Lock()
        self._done.acquire()

    def finish(self, error: Exception | None) -> None:
        self._error = error
        self._done.release()

    def wait(self) -> None:
        """Until it is done; raises what the database raised if it was not."""
        with self._done:
            pass
        if self._error is not None:
            raise self._error


class SharedTurn:
    """A unit's part of a transaction that may hold the parts of others before and after it."""

    def __init__(self, writers: Writers, shared: SharedCommit) -> None:
        self.connection = shared.connection
        self._writers = writers
        self._shared = shared
        self._first = shared.units == 0
        self._over = False

    def mark(self) -> None:
        """Draw the line between the units before and this one."""
        try:
            driver(self.connection).execute(_MARK)
        except BaseException:
            self._leave()
            raise

    def commit(self) -> None:
        if not self._first:
            driver(self.connection).execute(_DONE)
        self._shared.units += 1
        self._leave()
        self._shared.wait()

    def undo(self) -> None:
        if self._over:
            return
        if self._first:
            roll_back(self.connection)
            return
        try:
            driver(self.connection).execute(_UNDO)
        except sqlite3.Error:
            # SQLite may undo a whole transaction by itself, for example on a full disk.
            self._shared.undone = True
            roll_back(self.connection)

    def end(self) -> None:
        if self._over:
            return
        self.undo()
        if self._first:
            self._over = True
            self._writers.shared = None
            self._writers.give_back(self.connection)
            return
        # What this unit read, and perhaps answers, is not yet sure to last either.
        self._leave()
        self._shared.wait()

    def _leave(self) -> None:
        """Leave the transaction to whoever is next, or commit it for all."""
        self._over = True
        whole = not self._shared.undone
        if whole and self._shared.units < SHARING and self._writers.queue.pass_on():
            return
        error: Exception | None = sqlite3.OperationalError("the transaction was undone as a whole")
        try:
            if whole:
                self.connection.commit()
                error = None
        except database_trouble() as failure:
            error = failure
            roll_back(self.connection)
        finally:
            self._writers.shared = None
            self._writers.give_back(self.connection)
            self._shared.finish(error)


class Writers:
    """The writers of this process to one SQLite file. They take turns on one connection."""

    def __init__(self, engine: Engine) -> None:
        self.queue = WriterQueue()
        self.shared: SharedCommit | None = None
        self._engine = engine
        self._kept: Connection | None = None

    def begin(self, *, lasting: bool, shares: bool) -> Turn:
        """Wait for the turn and begin, or go on with the open transaction."""
        self.queue.take(BUSY_SECONDS, shares=shares)
        if self.shared is not None:
            turn = SharedTurn(self, self.shared)
            turn.mark()
            return turn
        connection = None
        try:
            connection, self._kept = self._kept or self._engine.connect(), None
            # Not to be changed inside a transaction. NORMAL: the file stays whole, and only what
            # is not yet in it may be lost.
            mode = "FULL" if lasting else "NORMAL"
            driver(connection).execute(f"PRAGMA synchronous={mode}")
            connection.begin()
        except BaseException:
            if connection is not None:
                connection.close()
            self.queue.give_back()
            raise
        if not shares:
            return OwnTurn(connection, self)
        self.shared = SharedCommit(connection)
        return SharedTurn(self, self.shared)

    def give_back(self, connection: Connection) -> None:
        """The next one takes the connection as it is."""
        if connection.invalidated:
            connection.close()
        else:
            self._kept = connection
        self.queue.give_back()

    def close(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()


def roll_back(connection: Connection) -> None:
    """Undo what the transaction did; a connection too broken for that is thrown away."""
    try:
        connection.rollback()
    except database_trouble():
        connection.invalidate()


def driver(connection: Connection) -> sqlite3.Connection:
    """The SQLite driver's own connection, for the few statements every save must make."""
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw
