"""Where somebody wants to be written to: their own affair, and never an event."""

from __future__ import annotations

import re

from sqlalchemy import Connection, delete, insert, select

from qa.core.clock import Clock, microseconds
from qa.core.errors import Refused
from qa.security.accounts import tables

_FORM = re.compile(r"[^@\s,;<>\"()]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def of(connection: Connection, person: str) -> str | None:
    """A person's address, or None."""
    return connection.execute(
        select(tables.addresses.c.address).where(tables.addresses.c.person == person)
    ).scalar_one_or_none()


def all_of(connection: Connection) -> dict[str, str]:
    """Everybody's address."""
    columns = select(tables.addresses.c.person, tables.addresses.c.address)
    return dict(connection.execute(columns).tuples().all())


def check(address: str) -> None:
    """Raises `Refused` for what is no e-mail address."""
    if len(address) > 200 or not _FORM.fullmatch(address):
        raise Refused(
            "Enter an e-mail address, like name@council.gov.uk, or leave it empty.",
            field="address",
            code="address-malformed",
        )


def put(connection: Connection, clock: Clock, *, person: str, address: str) -> None:
    """Keep a person's address, or none where it is empty.

    Raises:
        Refused: it is no e-mail address.
    """
    address = address.strip()
    if address:
        check(address)
    connection.execute(delete(tables.addresses).where(tables.addresses.c.person == person))
    if address:
        connection.execute(
            insert(tables.addresses).values(
                person=person, address=address, set_us=microseconds(clock.now())
            )
        )
