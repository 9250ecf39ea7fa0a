"""For whom a person stands in, and who stands in for them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.people.tables import DEPUTIES, DeputyRow, deputy_row
from qa.core.asking import Standing, Wanted, ask
from qa.core.one_of import one_of


def _covered(position: int | None) -> Standing:
    return Standing(
        select(deputy_row.c.person).where(
            deputy_row.c.deputy == bindparam("deputy"),
            deputy_row.c.since <= bindparam("day"),
            deputy_row.c.until >= bindparam("day"),
            as_at(deputy_row, position),
        )
    )


_COVERED = _covered(None)
"""Asked with every request, so put together once."""


def covered_by(
    connection: Connection, deputy: str, day: date, *, position: int | None = None
) -> list[str]:
    """The people for whom this one stands in on `day`."""
    return ask(connection, covered(deputy, day, position))


def covered(deputy: str, day: date, position: int | None = None) -> Wanted[list[str]]:
    """As `covered_by`, to be asked."""
    parameters = {"deputy": deputy, "day": day.isoformat()}
    standing = _COVERED if position is None else _covered(position)
    return Wanted(standing, parameters, lambda rows: sorted(person for (person,) in rows))


def of(
    connection: Connection, *people: str, day: date, position: int | None = None
) -> list[DeputyRow]:
    """Who stands in for these people on `day` or a later one, the next first."""
    query = DEPUTIES.select(
        one_of(deputy_row.c.person, people),
        deputy_row.c.until >= day.isoformat(),
        deputy_row.c.until >= deputy_row.c.since,
        position=position,
    )
    return DEPUTIES.rows(connection, query.order_by(deputy_row.c.since))


def in_force(connection: Connection, day: date) -> dict[str, str]:
    """Everybody for whom somebody stands in on `day`, with their deputy."""
    query = select(deputy_row.c.person, deputy_row.c.deputy).where(
        deputy_row.c.since <= day.isoformat(),
        deputy_row.c.until >= day.isoformat(),
        as_at(deputy_row, None),
    )
    return dict(connection.execute(query).tuples().all())


def stood_in(connection: Connection, person: str, since: date) -> frozenset[str]:
    """Whoever stood in for this person on any day from `since` on, as it is known now."""
    query = select(deputy_row.c.deputy).where(
        deputy_row.c.person == person,
        deputy_row.c.until >= since.isoformat(),
        deputy_row.c.until >= deputy_row.c.since,
        as_at(deputy_row, None),
    )
    return frozenset(connection.execute(query).scalars())
