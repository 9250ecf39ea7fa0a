"""Which records are restricted and who reads them.

What is asked to decide who reads is always asked of the present: a restriction that was lifted
opens the past too, and a new one closes it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.engine import Connection

from projections.core.base import as_at, present
from projections.restrictions.tables import (
    RESTRICTIONS,
    RestrictionRow,
    restriction_reader,
    restriction_row,
)
from qa.core.asking import Standing, Wanted, ask
from qa.core.naming import reference_key

_CLOSED = Standing(
    select(restriction_row.c.child_key).where(
        as_at(restriction_row, None),
        ~exists().where(
            restriction_reader.c.restriction == restriction_row.c.restriction,
            restriction_reader.c.person == bindparam("person"),
            or_(
                restriction_reader.c.until.is_(None), restriction_reader.c.until >= bindparam("day")
            ),
            as_at(restriction_reader, None),
        ),
    )
)
"""Asked with every request, so put together once."""


_OF_CHILD = Standing(
    select(restriction_row.c.restriction).where(
        restriction_row.c.child_key == bindparam("child"), as_at(restriction_row, None)
    )
)
"""Asked with every step of an audit, so put together once."""


def closed_to(connection: Connection, person: str, day: date) -> frozenset[str]:
    """The children, by the key of their reference, whose records are closed to a person."""
    return ask(present(connection), closed_now(person, day))


def closed_now(person: str, day: date) -> Wanted[frozenset[str]]:
    """As `closed_to`; to be asked of the present."""
    asked = {"person": person, "day": day.isoformat()}
    return Wanted(_CLOSED, asked, lambda rows: frozenset(child for (child,) in rows))


def restricted(connection: Connection) -> frozenset[str]:
    """The children, by the key of their reference, whose records are restricted now."""
    query = select(restriction_row.c.child_key).where(as_at(restriction_row, None))
    return frozenset(present(connection).execute(query).scalars())


def of_child(connection: Connection, child: str) -> str | None:
    """The id of the restriction that stands on a child's records, or None."""
    asked = {"child": reference_key(child)}
    return ask(
        present(connection), Wanted(_OF_CHILD, asked, lambda rows: rows[0][0] if rows else None)
    )


def rows(connection: Connection, *, position: int | None = None) -> list[RestrictionRow]:
    """Every restriction that stands, or stood at `position`, the latest first."""
    query = RESTRICTIONS.select(position=position)
    return RESTRICTIONS.rows(connection, query.order_by(restriction_row.c.opened.desc()))


def one(connection: Connection, restriction: str) -> RestrictionRow | None:
    """A restriction that stands now."""
    asked = restriction_row.c.restriction == restriction
    return RESTRICTIONS.one(present(connection), asked, position=None)


def readers(connection: Connection, restriction: str) -> tuple[list[str], list[tuple[str, date]]]:
    """Who is named to read, and who broke the glass until which day, in the order of their ids."""
    table = restriction_reader.c
    query = select(table.person, table.until).where(
        table.restriction == restriction, as_at(restriction_reader, None)
    )
    found = present(connection).execute(query.order_by(table.person)).all()
    return (
        [row.person for row in found if row.until is None],
        [(row.person, date.fromisoformat(row.until)) for row in found if row.until is not None],
    )


def ever(connection: Connection, restriction: str) -> RestrictionRow | None:
    """A restriction as it last stood, lifted or not."""
    query = RESTRICTIONS.ever(restriction_row.c.restriction == restriction)
    ordered = query.order_by(restriction_row.c.valid_from.desc()).limit(1)
    return next(iter(RESTRICTIONS.rows(present(connection), ordered)), None)
