"""Files that somebody has sent and not yet confirmed: scratch, per person, gone after a day.

Between the steps of an import the bytes stay here and never come back from the browser, so what is
recorded is what was shown. After the import only its outcome and the rejected rows are left.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    String,
    Table,
    Text,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy import delete as sql_delete
from sqlalchemy.engine import Connection

from qa.core.clock import Clock, microseconds
from qa.core.errors import NotFound, Refused
from qa.schema.kept_tables import kept_tables

upload_table = Table(
    "upload",
    kept_tables,
    Column("upload", String(32), primary_key=True),
    Column("person", String(64), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("name", String(200), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("asked", Text, nullable=False),
    Column("outcome", Text),
)

LASTS = timedelta(days=1)
LARGEST = 20_000_000
MOST = 5
"""Files a person can have waiting; the oldest goes first."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits. `asked` is what is to be done with it; `outcome` what came of it, and
    then `data` holds the rejected rows alone."""

    id: str
    name: str
    data: bytes
    asked: Mapping[str, Any]
    outcome: Mapping[str, Any] | None


def keep(
    connection: Connection,
    clock: Clock,
    *,
    person: str,
    name: str,
    data: bytes,
    answers: Mapping[str, Any],
) -> str:
    """Keep a file for a day; gives its id. Older files of everybody go.

    Raises:
        Refused: the file is too large.
    """
    if len(data) > LARGEST:
        raise Refused(
            f"The file is larger than {LARGEST // 1_000_000} MB.",
            field="file",
            code="file-too-large",
        )
    table = upload_table.c
    waiting = (
        select(table.upload)
        .where(table.person == person)
        .order_by(table.made_us.desc(), table.upload)
        .offset(MOST - 1)
    )
    surplus = list(connection.execute(waiting).scalars())
    connection.execute(
        sql_delete(upload_table).where(
            or_(table.upload.in_(surplus), table.made_us < microseconds(clock.now() - LASTS))
        )
    )
    upload = secrets.token_hex(16)
    connection.execute(
        insert(upload_table).values(
            upload=upload,
            person=person,
            made_us=microseconds(clock.now()),
            name=name[:200],
            data=data,
            asked=json.dumps(dict(answers), ensure_ascii=False),
        )
    )
    return upload


def load(connection: Connection, clock: Clock, *, person: str, upload: str) -> Upload:
    """A person's own file.

    Raises:
        NotFound: no such file of this person, or it is older than a day.
    """
    table = upload_table.c
    row = connection.execute(
        select(upload_table).where(
            table.upload == upload,
            table.person == person,
            table.made_us >= microseconds(clock.now() - LASTS),
        )
    ).one_or_none()
    if row is None:
        raise NotFound("The file is no longer here. Send it again.")
    outcome = None if row.outcome is None else json.loads(row.outcome)
    return Upload(row.upload, row.name, row.data, json.loads(row.asked), outcome)


def ask(connection: Connection, *, person: str, upload: str, answers: Mapping[str, Any]) -> None:
    """Change what is to be done with a file that still waits."""
    connection.execute(
        update(upload_table)
        .where(
            upload_table.c.upload == upload,
            upload_table.c.person == person,
            upload_table.c.outcome.is_(None),
        )
        .values(asked=json.dumps(dict(answers), ensure_ascii=False))
    )


def amend(
    connection: Connection,
    *,
    person: str,
    upload: str,
    change: Callable[[dict[str, Any]], Mapping[str, Any]],
) -> None:
    """Change what is to be done with a file that still waits, from what it is now."""
    row = connection.execute(
        select(upload_table.c.asked)
        .where(
            upload_table.c.upload == upload,
            upload_table.c.person == person,
            upload_table.c.outcome.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if row is not None:
        ask(connection, person=person, upload=upload, answers=change(json.loads(row.asked)))


def settle(
    connection: Connection,
    *,
    person: str,
    upload: str,
    outcome: Mapping[str, Any],
    rejects: bytes,
) -> None:
    """Put the outcome and the rejected rows in the place of the file."""
    connection.execute(
        update(upload_table)
        .where(upload_table.c.upload == upload, upload_table.c.person == person)
        .values(outcome=json.dumps(dict(outcome), ensure_ascii=False), data=rejects)
    )
