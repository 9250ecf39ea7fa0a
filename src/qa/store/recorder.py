"""`SqlRecorder`: the event library's recorder on our tables, one class for both databases.

Positions come from the one row of ``head``, taken as late as possible in the transaction: whoever
holds that row is the only one adding events, so positions have no gaps and stand in the order of
the commits, and `recorded_us` never goes back. On PostgreSQL the counter, the rows and the wake-up
of followers are one statement: the row is held for one journey over the network.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from threading import Condition, Event
from typing import TYPE_CHECKING, Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError as SqlIntegrityError

from qa.core.asking import postgres_errors, rows_of_all
from qa.store.engine import Engines
from qa.store.tables import event, head
from qa.store.timekeeping import DATABASE_NOW_US
from qa.store.writers import driver

if TYPE_CHECKING:
    import psycopg

CHANNEL = "caseloop_fact"
POLL_SECONDS = 0.5
"""How long a follower sleeps at most: a lost wake-up costs this and nothing more."""

_SQLITE_HEAD = (
    "UPDATE head SET position = position + ?, recorded_us = max(recorded_us, ?) WHERE id = 1"
    " RETURNING position, recorded_us"
)
_SQLITE_EVENT = (
    "INSERT INTO fact (position, stream, version, type, recorded_us, state)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_POSTGRES_HEAD = (
    "WITH h AS (UPDATE head SET position = position + %s,"
    " recorded_us = greatest(recorded_us, %s) WHERE id = 1 RETURNING position, recorded_us),"
)
_POSTGRES_ONE = (
    _POSTGRES_HEAD + " f AS (INSERT INTO fact (position, stream, version, type, recorded_us, state)"
    " SELECT position, %s, %s, %s, recorded_us, %b FROM h)"
    f" SELECT position, recorded_us, {DATABASE_NOW_US}, pg_notify('{CHANNEL}', '') FROM h"
)
_POSTGRES_MANY = (
    _POSTGRES_HEAD + " f AS (INSERT INTO fact (position, stream, version, type, recorded_us, state)"
    " SELECT h.position - %s + t.ord, t.stream, t.version, t.type, h.recorded_us, t.state"
    " FROM h, unnest(%s::text[], %s::int[], %s::text[], %b::bytea[])"
    " WITH ORDINALITY AS t(stream, version, type, state, ord))"
    f" SELECT position, recorded_us, {DATABASE_NOW_US}, pg_notify('{CHANNEL}', '') FROM h"
)


def taken() -> tuple[type[Exception], ...]:
    """How the two databases say that a version of a stream exists already."""
    return (SqlIntegrityError, sqlite3.IntegrityError, *postgres_errors("IntegrityError"))


class SqlRecorder(ApplicationRecorder):
    """Inserts and selects stored events. The library's topic is our `type`; ids are plain text."""

    def __init__(self, engines: Engines, now_us: Callable[[], int]) -> None:
        self.engines = engines
        self._now_us = now_us
        self._recorded = Condition()

    def append(
        self,
        connection: Connection,
        events: Sequence[StoredEvent],
        first: Sequence[tuple[str, Any]] = (),
        now_us: int | None = None,
    ) -> tuple[int, int, int | None]:
        """Add `events` inside the caller's transaction: (last position, recorded_us, what the
        database's own clock says in microseconds; None on SQLite, which has none). Statements that
        come `first` are carried out with it. They are recorded at `now_us`, or now.

        Raises one of `taken()` where a version of a stream is taken.
        """
        now = self._now_us() if now_us is None else now_us
        count = len(events)
        if self.engines.is_postgres:
            return self._append_postgres(connection, events, now, first)
        rows_of_all(connection, first)
        raw = driver(connection)
        last, recorded_us = raw.execute(_SQLITE_HEAD, (count, now)).fetchone()
        before = last - count + 1
        raw.executemany(
            _SQLITE_EVENT,
            [
                (
                    before + n,
                    str(e.originator_id),
                    e.originator_version,
                    e.topic,
                    recorded_us,
                    e.state,
                )
                for n, e in enumerate(events)
            ],
        )
        return last, recorded_us, None

    def _append_postgres(
        self,
        connection: Connection,
        events: Sequence[StoredEvent],
        now: int,
        first: Sequence[tuple[str, Any]],
    ) -> tuple[int, int, int]:
        count = len(events)
        parameters: tuple[Any, ...]
        if count == 1:
            e = events[0]
            statement = _POSTGRES_ONE
            parameters = (1, now, str(e.originator_id), e.originator_version, e.topic, e.state)
        else:
            statement = _POSTGRES_MANY
            parameters = (
                count,
                now,
                count,
                [str(e.originator_id) for e in events],
                [e.originator_version for e in events],
                [e.topic for e in events],
                [e.state for e in events],
            )
        *_, [added] = rows_of_all(connection, [*first, (statement, parameters)])
        last, recorded_us, now_us, _ = added
        return last, recorded_us, now_us

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Record `stored_events` in a transaction of their own and return their positions."""
        if not stored_events:
            return []
        try:
            with self.engines.writing() as connection:
                last, *_ = self.append(connection, stored_events)
        except taken() as error:
            raise IntegrityError("a version of this stream is taken") from error
        self.wake()
        return list(range(last - len(stored_events) + 1, last + 1))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream, in the order of their versions."""
        query = select(event.c.version, event.c.type, event.c.state).where(
            event.c.stream == str(originator_id)
        )
        if gt is not None:
            query = query.where(event.c.version > gt)
        if lte is not None:
            query = query.where(event.c.version <= lte)
        query = query.order_by(event.c.version.desc() if desc else event.c.version).limit(limit)
        with self.engines.reading() as connection:
            return [
                StoredEvent(originator_id, version, topic, state)
                for version, topic, state in connection.execute(query)
            ]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The events of the log in the order of their positions."""
        columns = (event.c.stream, event.c.version, event.c.type, event.c.state, event.c.position)
        query = select(*columns).order_by(event.c.position).limit(limit)
        if start is not None:
            reached = event.c.position >= start if inclusive_of_start else event.c.position > start
            query = query.where(reached)
        if stop is not None:
            query = query.where(event.c.position <= stop)
        if topics:
            query = query.where(event.c.type.in_(topics))
        with self.engines.reading() as connection:
            return [Notification(*row) for row in connection.execute(query)]

    def max_notification_id(self) -> int | None:
        """The last position, or None while nothing is recorded."""
        with self.engines.reading() as connection:
            return connection.execute(select(head.c.position)).scalar() or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Every event after `gt`, those recorded and those to come, until it is stopped."""
        return SqlSubscription(self, gt, topics)

    def wake(self) -> None:
        """Tell this process's followers that there is something new."""
        with self._recorded:
            self._recorded.notify_all()

    def wait_for_more(self, seconds: float) -> None:
        """Sleep until something is recorded in this process, or `seconds` are over."""
        with self._recorded:
            self._recorded.wait(seconds)


class SqlSubscription(Subscription[SqlRecorder]):
    """Reads by position and sleeps when there is nothing more.

    It looks again after every sleep whatever woke it, so wake-ups (this process's own, and
    PostgreSQL's NOTIFY for other processes) only save time and may be lost.
    """

    BATCH = 500

    def __init__(self, recorder: SqlRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder, gt, topics)
        self._ready: list[Notification] = []
        self._stopped = Event()
        self._listening: psycopg.Connection[Any] | None = None

    def __next__(self) -> Notification:
        while not self._stopped.is_set():
            if not self._ready:
                self._ready = list(
                    self._recorder.select_notifications(
                        self._last_notification_id or 0,
                        self.BATCH,
                        topics=self._topics,
                        inclusive_of_start=False,
                    )
                )
                self._ready.reverse()
            if self._ready:
                notification = self._ready.pop()
                self._last_notification_id = notification.id
                return notification
            self._sleep()
        raise StopIteration

    def _sleep(self) -> None:
        if not self._recorder.engines.is_postgres:
            self._recorder.wait_for_more(POLL_SECONDS)
            return
        if self._listening is None:
            import psycopg

            url = self._recorder.engines.writer.url.set(drivername="postgresql")
            self._listening = psycopg.connect(
                url.render_as_string(hide_password=False), autocommit=True
            )
            self._listening.execute(f"LISTEN {CHANNEL}")
            return
        for _ in self._listening.notifies(timeout=POLL_SECONDS, stop_after=1):
            return

    def stop(self) -> None:
        super().stop()
        self._stopped.set()
        self._recorder.wake()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        super().__exit__(*args, **kwargs)
        if self._listening is not None:
            self._listening.close()
            self._listening = None
