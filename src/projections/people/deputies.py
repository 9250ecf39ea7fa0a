"""Who stands in for whom, and on which days; now or as known then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Column, Text, bindparam, select
from sqlalchemy.engine import Connection

from projections.core.base import Amend, Change, Put, as_at, versioned_table
from qa.core.fact import Recorded
from qa.people.events import DeputyEnded, DeputyNamed

deputy_row = versioned_table(
    "deputy_row",
    Column("person", Text, nullable=False),
    Column("deputy", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text, nullable=False),
    key=("person", "deputy", "since"),
    indexes=(("deputy",),),
)
"""Days are ISO text. One that ended before it began has its last day before its first."""


class Deputies:
    """Projects the facts of standing in."""

    name = "deputies"
    version = 1
    tables = (deputy_row,)
    handles = (DeputyNamed, DeputyEnded)

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        fact, person = recorded.fact, recorded.stream.partition(":")[2]
        key = (person, fact.deputy, fact.since.isoformat())
        if isinstance(fact, DeputyNamed):
            names = ("person", "deputy", "since")
            row = {**dict(zip(names, key, strict=True)), "until": fact.until.isoformat()}
            return [Put(deputy_row, row)]
        last = recorded.meta.effective_on - timedelta(days=1)
        return [Amend(deputy_row, key, {"until": last.isoformat()})]


def of(
    connection: Connection, person: str, day: date, *, position: int | None = None
) -> list[dict[str, Any]]:
    """Who stands in for this person on `day` or a later one, the next first."""
    query = (
        select(deputy_row)
        .where(
            deputy_row.c.person == person,
            deputy_row.c.until >= day.isoformat(),
            deputy_row.c.until >= deputy_row.c.since,
            as_at(deputy_row, position),
        )
        .order_by(deputy_row.c.since)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def first_day(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(row["since"])


def last_day(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(row["until"])


_COVERED = select(deputy_row.c.person).where(
    deputy_row.c.deputy == bindparam("deputy"),
    deputy_row.c.since <= bindparam("day"),
    deputy_row.c.until >= bindparam("day"),
)
_COVERED_NOW = _COVERED.where(as_at(deputy_row, None))
"""Asked with every request, so put together once."""


def covered_by(
    connection: Connection, deputy: str, day: date, *, position: int | None = None
) -> list[str]:
    """The people for whom this one stands in on `day`."""
    query = _COVERED_NOW
    if position is not None:
        query = _COVERED.where(as_at(deputy_row, position))
    found = connection.execute(query, {"deputy": deputy, "day": day.isoformat()})
    return sorted(found.scalars())


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
