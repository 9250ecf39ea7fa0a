"""Which revisions of the kept tables there are, and whether a database is at one we can work with.

A revision is a module ``r<number>_<name>.py`` of `qa.schema.versions`. The database says the last
one it was brought to in ``alembic_version``, and in ``store_meta`` the oldest `SCHEMA` of the code
that can still work with it. A revision that only adds leaves that number alone, so that the
release before goes on working while it is replaced; one that takes something away raises it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from qa.core.errors import Unavailable

SCHEMA = 1
"""The schema that this code works with; raised by a revision that contracts."""

VERSIONS = Path(__file__).parent / "versions"
NOT_INITIALISED = "store-not-initialised"
UPGRADE_NEEDED = "store-upgrade-needed"


@cache
def revisions(versions: Path = VERSIONS) -> tuple[str, ...]:
    """The numbers of all revisions, the oldest first."""
    names = (re.match(r"r(\d{4})_\w+\.py$", path.name) for path in versions.iterdir())
    return tuple(sorted(found[1] for found in names if found))


def current(connection: Connection) -> str | None:
    """The revision a database was brought to; None before its first upgrade."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def pending(connection: Connection, versions: Path = VERSIONS) -> tuple[str, ...]:
    """The revisions that a database still has to be brought to, in their order.

    None are where a later release has brought it further than this one knows.
    """
    at = current(connection)
    return tuple(number for number in revisions(versions) if at is None or number > at)


def is_empty(connection: Connection) -> bool:
    """Whether the database holds no records, not even an empty log."""
    return not inspect(connection).has_table("store_meta")


def check(connection: Connection) -> None:
    """Raise `Unavailable`, saying what is needed, unless this code can work with the database."""
    if is_empty(connection):
        raise Unavailable(
            "This database holds no Caseloop records yet. Run caseloop init.", code=NOT_INITIALISED
        )
    least = connection.execute(
        text("SELECT value FROM store_meta WHERE name = 'schema'")
    ).scalar_one()
    if int(least) > SCHEMA:
        raise Unavailable(
            "The records of this store are of a later release: this Caseloop is too old for them.",
            code="store-schema",
        )
    if pending(connection):
        raise upgrade_needed()


def upgrade_needed() -> Unavailable:
    return Unavailable(
        "The records of this store are of an earlier release: run caseloop upgrade.",
        code=UPGRADE_NEEDED,
    )
