"""Drafts: a person's scratch copy of a form, outside the log, gone when the work is submitted.

A draft holds the fields as typed, unvalidated, sealed under the same key as the events will be.
Saving names the revision that was seen, so that two devices never overwrite one another unseen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy import delete as sql_delete
from sqlalchemy.engine import Connection

from qa.core.asking import Standing, Wanted
from qa.core.clock import Clock, from_microseconds, microseconds
from qa.core.errors import Conflict
from qa.schema.kept_tables import kept_tables

if TYPE_CHECKING:
    from qa.security.vault import Vault

draft_table = Table(
    "draft",
    kept_tables,
    Column("subject", String(120), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("saved_us", BigInteger, nullable=False),
    Column("about", String(160), nullable=False),
    Column("fields", LargeBinary, nullable=False),
    Index("draft_person", "person"),
)

LARGEST = 400_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A saved draft: its fields as typed, its revision, and when it was saved."""

    fields: Mapping[str, str]
    revision: int
    saved_at: datetime


class DraftMovedOn(Conflict):
    """The draft was saved from another device since it was opened here. `current` is that copy."""

    code = "draft-moved-on"

    def __init__(self, current: Draft) -> None:
        super().__init__("This draft was saved on another device since you opened it here.")
        self.current = current


def _aad(subject: str, person: str, revision: int) -> bytes:
    return f"draft\n{subject}\n{person}\n{revision}".encode()


def load(connection: Connection, vault: Vault, *, subject: str, person: str) -> Draft | None:
    """The person's draft of `subject` (for example ``case-audit:<id>``), or None."""
    row = connection.execute(
        select(draft_table).where(draft_table.c.subject == subject, draft_table.c.person == person)
    ).one_or_none()
    if row is None:
        return None
    opened = vault.open(connection, row.about, row.fields, _aad(subject, person, row.revision))
    fields = {} if opened is None else json.loads(opened)
    return Draft(fields, row.revision, from_microseconds(row.saved_us))


def save(
    connection: Connection,
    vault: Vault,
    clock: Clock,
    *,
    subject: str,
    person: str,
    about: str,
    fields: Mapping[str, str],
    seen: int,
) -> Draft:
    """Save the fields as revision `seen` + 1.

    Raises:
        DraftMovedOn: another revision was saved since; nothing is overwritten.
        Conflict: the draft is too large.
    """
    current = load(connection, vault, subject=subject, person=person)
    if (0 if current is None else current.revision) != seen:
        raise DraftMovedOn(current or Draft({}, 0, clock.now()))
    if current is not None and dict(current.fields) == dict(fields):
        return current
    revision = seen + 1
    plain = json.dumps(dict(fields), ensure_ascii=False).encode()
    if len(plain) > LARGEST:
        raise Conflict("This draft is too long to save.", code="draft-too-long")
    now = clock.now()
    values = {
        "revision": revision,
        "saved_us": microseconds(now),
        "about": about,
        "fields": vault.seal(connection, about, plain, _aad(subject, person, revision)),
    }
    if current is None:
        connection.execute(insert(draft_table).values(subject=subject, person=person, **values))
    else:
        done = connection.execute(
            update(draft_table)
            .where(
                draft_table.c.subject == subject,
                draft_table.c.person == person,
                draft_table.c.revision == seen,
            )
            .values(**values)
        )
        if done.rowcount != 1:
            raise DraftMovedOn(current)
    return Draft(fields, revision, now)


@dataclass(frozen=True, slots=True)
class DraftKept:
    """That somebody has a draft of `subject`, sealed under the key of `about`."""

    subject: str
    about: str
    saved_at: datetime


def of_person(connection: Connection, person: str) -> list[DraftKept]:
    """The drafts of a person, the last saved first."""
    table = draft_table.c
    query = select(table.subject, table.about, table.saved_us).where(table.person == person)
    return [
        DraftKept(subject, about, from_microseconds(saved))
        for subject, about, saved in connection.execute(query.order_by(table.saved_us.desc()))
    ]


def throw_away(connection: Connection, *, subject: str, person: str) -> None:
    """Drop a person's draft of `subject`, whatever it holds."""
    table = draft_table.c
    which = (table.subject == subject, table.person == person)
    connection.execute(sql_delete(draft_table).where(*which))


_SENT = Standing(
    sql_delete(draft_table).where(
        draft_table.c.subject == bindparam("subject"), draft_table.c.person == bindparam("person")
    )
)


def sent(*, subject: str, person: str) -> Wanted[None]:
    """Drop a person's draft of `subject`, with what is saved of it."""
    return Wanted(_SENT, {"subject": subject, "person": person}, lambda _: None)
