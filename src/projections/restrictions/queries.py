"""Which records are restricted and who reads them.

What is asked to decide who reads is always asked of the present: a restriction that was lifted
opens the past too, and a new one closes it. A restriction closes every reference of its child; of
several, whoever reads is named in each.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CTE, ColumnElement, and_, bindparam, case, exists, or_, select
from sqlalchemy.engine import Connection

from projections.core.base import as_at, present
from projections.restrictions.tables import (
    RESTRICTIONS,
    RestrictionRow,
    joined_child,
    restriction_reader,
    restriction_row,
)
from qa.core.asking import Rows, Standing, Wanted, ask
from qa.core.naming import reference_key


def _restricting(*where: ColumnElement[bool], position: int | None = None) -> CTE:
    """The restrictions that stand, each with the key of its child and of every joined to it."""
    standing = select(restriction_row.c.restriction, restriction_row.c.child_key).where(
        as_at(restriction_row, position), *where
    )
    found = standing.cte("restricting", recursive=True)
    pair, key, stands = joined_child.c, found.c.child_key, as_at(joined_child, position)
    # The condition stands twice, so that SQLite goes by the index of each column.
    joined = select(
        found.c.restriction, case((pair.child_key == key, pair.other_key), else_=pair.child_key)
    ).where(or_(and_(pair.child_key == key, stands), and_(pair.other_key == key, stands)))
    return found.union(joined)


def _children(restricting: CTE) -> Standing:
    return Standing(select(restricting.c.child_key))


def _keys(rows: Rows) -> frozenset[str]:
    return frozenset(child for (child,) in rows)


def _ids(rows: Rows) -> list[str]:
    return [restriction for (restriction,) in rows]


def _closed(position: int | None) -> Standing:
    """The children whose records the parameter `person` does not read on the parameter `day`."""
    reads = exists().where(
        restriction_reader.c.restriction == restriction_row.c.restriction,
        restriction_reader.c.person == bindparam("person"),
        or_(
            restriction_reader.c.until.is_(None),
            restriction_reader.c.until >= bindparam("day"),
        ),
        as_at(restriction_reader, position),
    )
    return _children(_restricting(~reads, position=position))


_CLOSED = _closed(None)
"""Asked with every request, so put together once."""
_EVERY = _restricting()
_RESTRICTED = _children(_EVERY)
_OF_CHILD = Standing(
    select(_EVERY.c.restriction)
    .where(_EVERY.c.child_key == bindparam("child"))
    .order_by(_EVERY.c.restriction)
)
"""Asked with every step of an audit, so put together once."""


def closed_to(connection: Connection, person: str, day: date) -> frozenset[str]:
    """The children, by the key of their reference, whose records are closed to a person."""
    return ask(present(connection), closed(person, day))


def closed(person: str, day: date, position: int | None = None) -> Wanted[frozenset[str]]:
    """As `closed_to`, to be asked of the present, or of what was known at a position."""
    parameters = {"person": person, "day": day.isoformat()}
    return Wanted(_CLOSED if position is None else _closed(position), parameters, _keys)


def restricted(connection: Connection) -> frozenset[str]:
    """The children, by the key of their reference, whose records are restricted now."""
    return ask(present(connection), Wanted(_RESTRICTED, {}, _keys))


def of_child(connection: Connection, child: str) -> list[str]:
    """The ids of the restrictions that stand on a child's records, under whichever reference."""
    wanted = Wanted(_OF_CHILD, {"child": reference_key(child)}, _ids)
    return ask(present(connection), wanted)


def rows(connection: Connection, *, position: int | None = None) -> list[RestrictionRow]:
    """Every restriction that stands, or stood at `position`, the latest first."""
    query = RESTRICTIONS.select(position=position)
    return RESTRICTIONS.rows(connection, query.order_by(restriction_row.c.opened.desc()))


def one(
    connection: Connection, restriction: str, *, position: int | None = None
) -> RestrictionRow | None:
    """A restriction that stands, or stood at `position`."""
    condition = restriction_row.c.restriction == restriction
    return RESTRICTIONS.one(connection, condition, position=position)


def readers(
    connection: Connection, restriction: str, *, position: int | None = None
) -> tuple[list[str], list[tuple[str, date]]]:
    """Who is named to read, and who broke the glass until which day, in the order of their ids."""
    table = restriction_reader.c
    query = select(table.person, table.until).where(
        table.restriction == restriction, as_at(restriction_reader, position)
    )
    found = connection.execute(query.order_by(table.person)).all()
    return (
        [row.person for row in found if row.until is None],
        [(row.person, date.fromisoformat(row.until)) for row in found if row.until is not None],
    )


def ever(connection: Connection, restriction: str) -> RestrictionRow | None:
    """A restriction as it last stood, lifted or not."""
    query = RESTRICTIONS.ever(restriction_row.c.restriction == restriction)
    ordered = query.order_by(restriction_row.c.valid_from.desc()).limit(1)
    return next(iter(RESTRICTIONS.rows(present(connection), ordered)), None)
