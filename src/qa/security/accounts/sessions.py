"""Sessions kept on the server: the browser holds a random id, the database only its SHA-256.

A session ends 30 minutes after it was last used, 12 hours after it began, or when it is ended.
The id changes at sign-in and whenever the role changes.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, update

from qa.core.clock import Clock, from_microseconds, microseconds
from qa.security.accounts import tables

IDLE = timedelta(minutes=30)
WHOLE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
"""Use is written down at most this often, so that reading a page seldom writes."""


@dataclass(frozen=True, slots=True)
class Session:
    """A live session. `handle` names it to its owner; it opens nothing."""

    handle: str
    person: str
    role: str | None
    csrf: str
    started: datetime
    seen: datetime
    agent: str

    @property
    def idle_seconds(self) -> int:
        """Seconds without use after which the session ends."""
        return int(IDLE.total_seconds())


def start(
    connection: Connection, clock: Clock, *, person: str, role: str | None = None, agent: str = ""
) -> tuple[str, Session]:
    """A new session and its secret id, which is told once and not kept."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    session = Session(
        secrets.token_hex(8), person, role, secrets.token_urlsafe(32), now, now, agent[:200]
    )
    connection.execute(
        insert(tables.sessions).values(
            id_sha256=_digest(secret),
            handle=session.handle,
            person=person,
            role=role,
            csrf=session.csrf,
            started_us=microseconds(now),
            seen_us=microseconds(now),
            agent=session.agent,
        )
    )
    return secret, session


def find(connection: Connection, clock: Clock, secret: str) -> Session | None:
    """The live session of this id, or None. Does not write: see `touch`."""
    row = connection.execute(
        select(tables.sessions).where(tables.sessions.c.id_sha256 == _digest(secret))
    ).one_or_none()
    if row is None:
        return None
    session = _session(row)
    now = clock.now()
    live = now < session.seen + IDLE and now < session.started + WHOLE
    return session if live else None


def needs_touch(session: Session, clock: Clock) -> bool:
    """Whether its last use is old enough to be written down again."""
    return clock.now() - session.seen >= TOUCH_EVERY


def touch(connection: Connection, clock: Clock, session: Session) -> None:
    """Write down that the session is in use now."""
    table = tables.sessions
    connection.execute(
        update(table)
        .where(table.c.handle == session.handle)
        .values(seen_us=microseconds(clock.now()))
    )


def of(connection: Connection, clock: Clock, person: str) -> list[Session]:
    """A person's live sessions, the latest first."""
    table = tables.sessions
    rows = connection.execute(
        select(table)
        .where(table.c.person == person, ~_over(clock))
        .order_by(table.c.seen_us.desc(), table.c.handle)
    )
    return [_session(row) for row in rows]


def end(connection: Connection, *, person: str, handle: str) -> bool:
    """End one of a person's own sessions; False where they have none of that handle."""
    table = tables.sessions
    gone = connection.execute(
        delete(table).where(table.c.person == person, table.c.handle == handle)
    )
    return gone.rowcount == 1


def end_all(connection: Connection, person: str) -> int:
    """End all of a person's sessions; how many."""
    gone = connection.execute(delete(tables.sessions).where(tables.sessions.c.person == person))
    return gone.rowcount


def sweep(connection: Connection, clock: Clock) -> int:
    """Delete the sessions that are over; how many went."""
    return connection.execute(delete(tables.sessions).where(_over(clock))).rowcount


def _over(clock: Clock) -> ColumnElement[bool]:
    now = clock.now()
    table = tables.sessions
    return or_(
        table.c.seen_us <= microseconds(now - IDLE), table.c.started_us <= microseconds(now - WHOLE)
    )


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(
        row.handle,
        row.person,
        row.role,
        row.csrf,
        from_microseconds(row.started_us),
        from_microseconds(row.seen_us),
        row.agent,
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
