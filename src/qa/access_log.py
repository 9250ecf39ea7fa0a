"""Who looked at what, for what reason. Never mixed with facts: reading changes no record.

Details say which page, list or filter it was, never the text of a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    select,
)

from qa.clock import Clock, from_microseconds, microseconds

METADATA = MetaData()

access_log = Table(
    "access_log",
    METADATA,
    Column(
        "id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    ),
    Column("at_us", BigInteger, nullable=False),
    Column("person", String(64), nullable=False),
    Column("in_role", String(40), nullable=False),
    Column("what", String(20), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", String(400), nullable=False),
    Column("purpose", String(200)),
    Column("address_hash", String(64)),
    Column("position", BigInteger),
    Index("access_log_person", "person", "subject", "id"),
    Index("access_log_subject", "subject", "id"),
)


class What(StrEnum):
    """What was done."""

    VIEW = "view"
    SEARCH = "search"
    EXPORT = "export"
    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the log. `position`: the place in the log of facts the reader saw it at."""

    id: int
    at: datetime
    person: str
    in_role: str
    what: What
    subject: str
    detail: str
    purpose: str | None
    address_hash: str | None
    position: int | None


def create(bind: Engine | Connection) -> None:
    """Make the table where it is missing."""
    METADATA.create_all(bind)


def note(
    connection: Connection,
    clock: Clock,
    *,
    person: str,
    in_role: str,
    what: What,
    subject: str,
    detail: str = "",
    purpose: str | None = None,
    address_hash: str | None = None,
    position: int | None = None,
) -> None:
    """Write one line, in the caller's transaction."""
    connection.execute(
        insert(access_log).values(
            at_us=microseconds(clock.now()),
            person=person,
            in_role=in_role,
            what=what.value,
            subject=subject[:200],
            detail=detail[:400],
            purpose=purpose and purpose[:200],
            address_hash=address_hash,
            position=position,
        )
    )


def seen(connection: Connection, person: str, subject: str, before: datetime | None = None) -> bool:
    """Whether this person has viewed the subject (before an instant, exclusive, if given)."""
    t = access_log.c
    which = select(t.id).where(t.person == person, t.subject == subject, t.what == What.VIEW.value)
    if before is not None:
        which = which.where(t.at_us < microseconds(before))
    return connection.execute(which.limit(1)).first() is not None


def page(
    connection: Connection,
    *,
    before: int | None = None,
    limit: int = 50,
    person: str | None = None,
    subject: str | None = None,
    what: What | None = None,
) -> list[Access]:
    """Lines, the latest first, below the id `before`; at most `limit` (1 to 500)."""
    t = access_log.c
    which = select(access_log).order_by(t.id.desc()).limit(max(1, min(limit, 500)))
    if before is not None:
        which = which.where(t.id < before)
    for column, wanted in ((t.person, person), (t.subject, subject), (t.what, what)):
        if wanted is not None:
            which = which.where(column == str(wanted))
    return [
        Access(
            row.id,
            from_microseconds(row.at_us),
            row.person,
            row.in_role,
            What(row.what),
            row.subject,
            row.detail,
            row.purpose,
            row.address_hash,
            row.position,
        )
        for row in connection.execute(which)
    ]
