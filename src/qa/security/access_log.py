"""Who looked at what, for what reason. Never mixed with events: reading changes no record.

Details say which page, list or filter it was, never the text of a case. Lines are only ever added:
the database refuses to change or remove one, and Caseloop never asks it to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    func,
    insert,
    select,
)

from qa.core.access import Access, What
from qa.core.clock import Clock, from_microseconds, microseconds
from qa.core.one_of import one_of
from qa.schema.kept_tables import kept_tables

_ID = BigInteger().with_variant(Integer(), "sqlite")

access_log = Table(
    "access_log",
    kept_tables,
    Column("id", _ID, primary_key=True, autoincrement=True),
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
    Index("access_log_by", "person", "id"),
    Index("access_log_at", "at_us", "id"),
    Index("access_log_what", "what", "id"),
)

access_purpose = Table(
    "access_purpose",
    kept_tables,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False),
    Column("session", String(64), nullable=False),
    Column("person", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("purpose", String(200), nullable=False),
    Index("access_purpose_session", "session", "subject"),
)
"""What somebody said, in one session, they opened a record for."""


_READ = (What.VIEW.value, What.EXPORT.value)
_LAST_AT = select(access_log.c.at_us).order_by(access_log.c.id.desc()).limit(1)

Subjects = Select[tuple[str]]
"""Asks for subjects of lines."""


@dataclass(frozen=True, slots=True)
class AccessLogFilter:
    """What the log is narrowed to. Empty means everything; `upto` is an exclusive end.

    `subjects` are looked for as they stand, `without` are left out; `purpose` is part of one.
    `within` asks for the subjects that the reader may see lines about.
    """

    person: str = ""
    subjects: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    within: Subjects | None = None
    what: What | None = None
    in_role: str = ""
    purpose: str = ""
    since: datetime | None = None
    upto: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccessLine:
    """A line to be written: who, in which role, did what to which subject, from where and for
    what, and the position of the log that they were shown."""

    person: str
    in_role: str
    what: What
    subject: str
    detail: str = ""
    purpose: str | None = None
    address_hash: str | None = None
    position: int | None = None


def last_noted_us(connection: Connection) -> int:
    """When the last line was written, in microseconds since 1970; 0 where there is none."""
    return connection.execute(_LAST_AT).scalar() or 0


def note(connection: Connection, clock: Clock, *lines: AccessLine) -> None:
    """Write lines, in the caller's transaction."""
    values = [
        asdict(line)
        | {
            "at_us": microseconds(clock.now()),
            "subject": line.subject[:200],
            "detail": line.detail[:400],
            "purpose": line.purpose and line.purpose[:200],
        }
        for line in lines
    ]
    if values:
        connection.execute(insert(access_log), values)


def seen(connection: Connection, person: str, subject: str, before: datetime | None = None) -> bool:
    """Whether this person has viewed the subject or taken it out (before an instant, exclusive)."""
    t = access_log.c
    which = select(t.id).where(t.person == person, t.subject == subject, t.what.in_(_READ))
    if before is not None:
        which = which.where(t.at_us < microseconds(before))
    return connection.execute(which.limit(1)).first() is not None


def say_purpose(
    connection: Connection, clock: Clock, *, session: str, person: str, subject: str, purpose: str
) -> None:
    """Keep what a person says they open a record for; it holds for this session."""
    connection.execute(
        insert(access_purpose).values(
            at_us=microseconds(clock.now()),
            session=session,
            person=person,
            subject=subject,
            purpose=purpose[:200],
        )
    )


def purpose_said(connection: Connection, *, session: str, subject: str) -> str | None:
    """What was last said in this session of opening the record."""
    t = access_purpose.c
    which = (
        select(t.purpose)
        .where(t.session == session, t.subject == subject)
        .order_by(t.id.desc())
        .limit(1)
    )
    return connection.execute(which).scalar_one_or_none()


def _conditions(log_filter: AccessLogFilter) -> list[ColumnElement[bool]]:
    t = access_log.c
    found: list[ColumnElement[bool]] = []
    for column, wanted in ((t.person, log_filter.person), (t.in_role, log_filter.in_role)):
        if wanted:
            found.append(column == wanted)
    if log_filter.what is not None:
        found.append(t.what == log_filter.what.value)
    if log_filter.subjects:
        found.append(one_of(t.subject, log_filter.subjects))
    if log_filter.without:
        found.append(~one_of(t.subject, log_filter.without))
    if log_filter.within is not None:
        found.append(t.subject.in_(log_filter.within))
    if log_filter.purpose:
        found.append(func.lower(t.purpose).contains(log_filter.purpose.lower(), autoescape=True))
    if log_filter.since is not None:
        found.append(t.at_us >= microseconds(log_filter.since))
    if log_filter.upto is not None:
        found.append(t.at_us < microseconds(log_filter.upto))
    return found


def page(
    connection: Connection,
    log_filter: AccessLogFilter | None = None,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[Access]:
    """Lines, the latest first, below the id `before`; at most `limit` (1 to 2,000)."""
    t = access_log.c
    which = (
        select(access_log)
        .where(*_conditions(log_filter or AccessLogFilter()))
        .order_by(t.id.desc())
    )
    if before is not None:
        which = which.where(t.id < before)
    return [_line(row) for row in connection.execute(which.limit(max(1, min(limit, 2000))))]


def between(connection: Connection, since: datetime, upto: datetime) -> Iterator[Access]:
    """Every line from `since` until `upto` (exclusive), oldest first."""
    t = access_log.c
    which = (
        select(access_log)
        .where(*_conditions(AccessLogFilter(since=since, upto=upto)))
        .order_by(t.id)
    )
    for row in connection.execute(which):
        yield _line(row)


def opened_by_week(
    connection: Connection, weeks: Collection[tuple[datetime, datetime]]
) -> list[dict[str, int]]:
    """For each week, how many different records each person opened or took out."""
    t = access_log.c
    found: list[dict[str, int]] = []
    for since, upto in weeks:
        which = (
            select(t.person, func.count(t.subject.distinct()))
            .where(
                t.what.in_(_READ),
                *_conditions(AccessLogFilter(since=since, upto=upto)),
            )
            .group_by(t.person)
        )
        found.append(dict(connection.execute(which).tuples().all()))
    return found


def _line(row: Row[tuple[object, ...]]) -> Access:
    return Access(
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
