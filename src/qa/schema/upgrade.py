"""Brings the kept tables of a database to this release, one revision a transaction.

Every transaction first takes a lock and then looks how far the database is. Two upgrades at once so
take turns, and one that was killed is taken up where it was: a revision is there whole or not at
all. An empty database is brought up in a single transaction, so that nobody ever sees half a store.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection

from qa.schema.revisions import VERSIONS, is_empty, pending

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

LOCK = "SELECT pg_advisory_xact_lock(hashtext('caseloop-upgrade'))"
WAIT_SECONDS = 2
"""How long a change waits for those who use a table, who in turn wait for it."""

Writing = Callable[[], AbstractContextManager[Connection]]


class Migration(NamedTuple):
    """One revision of the kept tables, and what it does in a line."""

    number: str
    does: str


def plan(connection: Connection, versions: Path = VERSIONS) -> list[Migration]:
    """What `upgrade` would do."""
    scripts = _scripts(versions)
    return [
        Migration(number, scripts.get_revision(number).doc.rstrip("."))
        for number in pending(connection, versions)
    ]


def upgrade(
    writing: Writing,
    after: Callable[[Connection], None] = lambda connection: None,
    *,
    tell: Callable[[Migration], None] = lambda done: None,
    versions: Path = VERSIONS,
) -> list[Migration]:
    """Carry out what is pending and give what was done.

    `after` runs in the last transaction, where nothing is pending any more; it must be repeatable.
    `tell` hears of each revision once it will last.

    Raises:
        Refused: a table is not as the release before left it; that revision changed nothing.
        Unavailable: the database is busy or gone. What was told of is done.
    """
    done: list[Migration] = []
    while True:
        with writing() as connection:
            _lock(connection)
            waiting = plan(connection, versions)
            now = waiting if is_empty(connection) else waiting[:1]
            for each in now:
                _carry_out(connection, each, versions)
            last = len(now) == len(waiting)
            if last:
                after(connection)
        for each in now:
            tell(each)
        done += now
        if last:
            return done


def _carry_out(connection: Connection, migration: Migration, versions: Path) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    scripts = _scripts(versions)
    context = MigrationContext.configure(connection)
    with Operations.context(context):
        scripts.get_revision(migration.number).module.upgrade()
    context.stamp(scripts, migration.number)


def _lock(connection: Connection) -> None:
    """Wait for another upgrade; on SQLite a writing transaction has the file to itself already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql(LOCK)
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")


@cache
def _scripts(versions: Path) -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(versions.parent), version_locations=[str(versions)])
