"""The secret address of a person's calendar: one each, shown once, kept as SHA-256 (it holds 256
random bits, so no slow hash is owed)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from qa.core.clock import Clock, from_microseconds, microseconds
from qa.security.accounts import tables


def make(connection: Connection, clock: Clock, person: str) -> str:
    """A new secret; the one before opens nothing any more."""
    revoke(connection, person)
    secret = secrets.token_urlsafe(32)
    connection.execute(
        insert(tables.calendars).values(
            person=person, secret_sha256=_digest(secret), made_us=microseconds(clock.now())
        )
    )
    return secret


def revoke(connection: Connection, person: str) -> None:
    """Let the person's secret open nothing any more."""
    connection.execute(delete(tables.calendars).where(tables.calendars.c.person == person))


def made(connection: Connection, person: str) -> datetime | None:
    """When the person's secret was made; None where there is none."""
    table = tables.calendars.c
    us = connection.execute(select(table.made_us).where(table.person == person)).scalar()
    return None if us is None else from_microseconds(us)


def holder(connection: Connection, secret: str) -> str | None:
    """Whose secret this is; None where it opens nothing."""
    table = tables.calendars.c
    query = select(table.person).where(table.secret_sha256 == _digest(secret))
    return connection.execute(query).scalar_one_or_none()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
