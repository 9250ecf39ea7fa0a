"""A code with which a new person, or one who forgot, sets a password: once, and not for long."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select

from qa.core.clock import Clock, microseconds
from qa.security.accounts import tables

LASTS = timedelta(days=3)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without i, l, o, 0 and 1, which are misread on paper. 25 of them hold 123 bits."""


def make(connection: Connection, clock: Clock, *, person: str, lasts: timedelta = LASTS) -> str:
    """A code for this person; codes made for them before stop working. Told once, kept hashed."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(5)]
    code = "-".join(groups)
    connection.execute(delete(tables.codes).where(tables.codes.c.person == person))
    connection.execute(
        insert(tables.codes).values(
            code_sha256=_digest(code),
            person=person,
            expires_us=microseconds(clock.now() + lasts),
        )
    )
    return code


def holder(connection: Connection, clock: Clock, code: str) -> str | None:
    """Whose live code this is; None where it is unknown, used or too old."""
    table = tables.codes
    return connection.execute(
        select(table.c.person).where(
            table.c.code_sha256 == _digest(code),
            table.c.expires_us > microseconds(clock.now()),
        )
    ).scalar_one_or_none()


def spend(connection: Connection, clock: Clock, code: str) -> str | None:
    """Use the code up: whose it was, or None. Of two that race, one gets None."""
    person = holder(connection, clock, code)
    gone = connection.execute(
        delete(tables.codes).where(tables.codes.c.code_sha256 == _digest(code))
    )
    return person if gone.rowcount == 1 else None


def _digest(code: str) -> str:
    plain = code.strip().lower().replace(" ", "-")
    return hashlib.sha256(plain.encode()).hexdigest()
