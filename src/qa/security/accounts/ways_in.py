"""Every way in that somebody has beside their password, ended at once."""

from __future__ import annotations

from sqlalchemy import Connection

from qa.core.clock import Clock
from qa.security.accounts import calendars, sessions, tokens


def end_all(connection: Connection, clock: Clock, person: str) -> None:
    """End a person's sessions, API tokens and the address of their calendar: whoever holds one of
    them may not be the person any more."""
    sessions.end_all(connection, person)
    tokens.revoke_all(connection, clock, person)
    calendars.revoke(connection, person)
