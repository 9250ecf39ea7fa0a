"""Notices: what somebody is told, once. Their texts are made of references, never of a case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, true, update

from qa.core.clock import Clock, from_microseconds, microseconds
from qa.core.one_of import one_of
from qa.outbox.tables import notice

ASKED_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class NewNotice:
    """What somebody is to be told. `key` names the event or the step; `audit` is the audit that the
    thing stands on, so that the notice is closed while that is sealed from the person."""

    person: str
    key: str
    kind: str
    thing: str
    href: str
    text: str
    audit: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody was told, and whether they said that they read it."""

    id: int
    person: str
    kind: str
    thing: str
    audit: str
    href: str
    text: str
    due_on: date | None
    made: datetime
    read: datetime | None


def add(connection: Connection, clock: Clock, notices: Sequence[NewNotice]) -> int:
    """Keep what was not told before, within the transaction that holds the lock of the outbox; how
    many are new."""
    fresh = unknown(connection, notices)
    if fresh:
        made = microseconds(clock.now())
        connection.execute(
            insert(notice),
            [
                {
                    "person": one.person,
                    "key": one.key,
                    "kind": one.kind,
                    "thing": one.thing,
                    "audit": one.audit,
                    "href": one.href,
                    "text": one.text,
                    "due_on": None if one.due_on is None else one.due_on.isoformat(),
                    "made_us": made,
                }
                for one in fresh
            ],
        )
    return len(fresh)


def unknown(connection: Connection, notices: Sequence[NewNotice]) -> list[NewNotice]:
    """Those of them that nobody was told yet, each once."""
    wanted = {(one.person, one.key): one for one in notices}
    keys = sorted({one.key for one in notices})
    for start in range(0, len(keys), ASKED_AT_ONCE):
        query = select(notice.c.person, notice.c.key).where(
            notice.c.key.in_(keys[start : start + ASKED_AT_ONCE])
        )
        for row in connection.execute(query):
            wanted.pop((row.person, row.key), None)
    return list(wanted.values())


def reminders(connection: Connection, person: str, kinds: Collection[str]) -> dict[str, int]:
    """How many notices of these kinds the person was given, by thing."""
    query = (
        select(notice.c.thing, func.count())
        .where(notice.c.person == person, notice.c.kind.in_(sorted(kinds)))
        .group_by(notice.c.thing)
    )
    return dict(connection.execute(query).tuples().all())


def _open(sealed: Collection[str]) -> ColumnElement[bool]:
    of_audit = or_(one_of(notice.c.audit, sealed), one_of(notice.c.thing, sealed))
    return ~of_audit if sealed else true()


def unread(connection: Connection, person: str, sealed: Collection[str] = ()) -> int:
    """How many notices the person has not read, without those of audits, or things, sealed from
    them."""
    query = select(func.count()).where(
        notice.c.person == person, notice.c.read_us.is_(None), _open(sealed)
    )
    return int(connection.execute(query).scalar_one())


def of(
    connection: Connection,
    person: str,
    sealed: Collection[str] = (),
    *,
    only_unread: bool = False,
    before: int | None = None,
    limit: int = 50,
) -> list[Notice]:
    """A page of the person's notices, the newest first."""
    query = select(notice).where(notice.c.person == person, _open(sealed))
    if only_unread:
        query = query.where(notice.c.read_us.is_(None))
    if before is not None:
        query = query.where(notice.c.id < before)
    rows = connection.execute(query.order_by(notice.c.id.desc()).limit(limit))
    return [read_row(row) for row in rows]


def mark_read(
    connection: Connection,
    clock: Clock,
    person: str,
    sealed: Collection[str] = (),
    *,
    upto: int | None = None,
    only: int | None = None,
) -> int:
    """Mark a person's notices as read: all of them, all up to one, or only one; how many were
    unread. Those of audits sealed from them stay unread."""
    query = update(notice).where(
        notice.c.person == person, notice.c.read_us.is_(None), _open(sealed)
    )
    if upto is not None:
        query = query.where(notice.c.id <= upto)
    if only is not None:
        query = query.where(notice.c.id == only)
    return connection.execute(query.values(read_us=microseconds(clock.now()))).rowcount


def read_row(row: Row[tuple[object, ...]]) -> Notice:
    """A notice from its row."""
    return Notice(
        row.id,
        row.person,
        row.kind,
        row.thing,
        row.audit,
        row.href,
        row.text,
        None if row.due_on is None else date.fromisoformat(row.due_on),
        from_microseconds(row.made_us),
        None if row.read_us is None else from_microseconds(row.read_us),
    )
