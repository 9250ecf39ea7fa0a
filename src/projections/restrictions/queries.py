"""Which records are restricted and who reads them.

What is asked to decide who reads is always asked of the present: a restriction that was lifted
opens the past too, and a new one closes it. A restriction closes every reference of its child; of
several, whoever reads is named in each.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, exists, literal_column, or_, select, union_all
from sqlalchemy.engine import Connection

from projections.core.base import as_at, present
from projections.figures.joined_children import joined_with
from projections.restrictions.tables import (
    RESTRICTIONS,
    RestrictionRow,
    joined_child,
    restriction_reader,
    restriction_row,
)
from qa.core.asking import Rows, Standing, Wanted, ask
from qa.core.naming import reference_key

_JOINED = select(joined_child.c.child_key, joined_child.c.other_key).where(
    as_at(joined_child, None)
)
_RESTRICTED = select(restriction_row.c.child_key, literal_column("''")).where(
    as_at(restriction_row, None)
)


def _with_joined(rows: Rows) -> frozenset[str]:
    """The children of the rows, and all who are joined to them: of a child the other key is empty,
    of a joining it is not."""
    return joined_with([one for one, other in rows if not other], [row for row in rows if row[1]])


_CLOSED = Standing(
    union_all(
        _RESTRICTED.where(
            ~exists().where(
                restriction_reader.c.restriction == restriction_row.c.restriction,
                restriction_reader.c.person == bindparam("person"),
                or_(
                    restriction_reader.c.until.is_(None),
                    restriction_reader.c.until >= bindparam("day"),
                ),
                as_at(restriction_reader, None),
            ),
        ),
        _JOINED,
    )
)
"""Asked with every request, so put together once."""


_OF_CHILD = Standing(
    select(restriction_row.c.restriction).where(
        restriction_row.c.child_key == bindparam("child"), as_at(restriction_row, None)
    )
)
"""Asked with every step of an audit, so put together once."""
_PAIRS = Standing(_JOINED)
_EVERY = Standing(union_all(_RESTRICTED, _JOINED))


def closed_to(connection: Connection, person: str, day: date) -> frozenset[str]:
    """The children, by the key of their reference, whose records are closed to a person."""
    return ask(present(connection), closed_now(person, day))


def closed_now(person: str, day: date) -> Wanted[frozenset[str]]:
    """As `closed_to`; to be asked of the present."""
    asked = {"person": person, "day": day.isoformat()}
    return Wanted(_CLOSED, asked, _with_joined)


def restricted(connection: Connection) -> frozenset[str]:
    """The children, by the key of their reference, whose records are restricted now."""
    return ask(present(connection), Wanted(_EVERY, {}, _with_joined))


def of_child(connection: Connection, child: str) -> list[str]:
    """The ids of the restrictions that stand on a child's records, under whichever reference."""
    now, key = present(connection), reference_key(child)
    keys = ask(now, Wanted(_PAIRS, {}, lambda pairs: joined_with([key], pairs)))
    return [
        restriction
        for one in sorted(keys)
        for (restriction,) in ask(now, Wanted(_OF_CHILD, {"child": one}, list))
    ]


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
