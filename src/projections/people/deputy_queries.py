"""For whom a person stands in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.people.tables import deputy_row
from qa.core.asking import Standing, Wanted, ask

_COVERED = select(deputy_row.c.person).where(
    deputy_row.c.deputy == bindparam("deputy"),
    deputy_row.c.since <= bindparam("day"),
    deputy_row.c.until >= bindparam("day"),
)
_COVERED_NOW = Standing(_COVERED.where(as_at(deputy_row, None)))
"""Asked with every request, so put together once."""


def covered_by(
    connection: Connection, deputy: str, day: date, *, position: int | None = None
) -> list[str]:
    """The people for whom this one stands in on `day`."""
    if position is None:
        return ask(connection, covered_now(deputy, day))
    query = _COVERED.where(as_at(deputy_row, position))
    found = connection.execute(query, {"deputy": deputy, "day": day.isoformat()})
    return sorted(found.scalars())


def covered_now(deputy: str, day: date) -> Wanted[list[str]]:
    """The people for whom this one stands in on `day`, as it is known now."""
    asked = {"deputy": deputy, "day": day.isoformat()}
    return Wanted(_COVERED_NOW, asked, lambda rows: sorted(person for (person,) in rows))
