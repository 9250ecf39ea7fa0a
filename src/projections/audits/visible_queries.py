"""Which audits a reader may know of, and which references of a child they may learn from one."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import Connection

from projections.audits.tables import JOINED_CHILDREN, audit_row
from projections.core.base import as_at
from projections.core.reach import within_reach
from projections.figures.joined_children import JoinedChildRow, same_children
from qa.core.naming import reference_key
from qa.core.one_of import one_of
from qa.core.words import Reach


def visible(reach: Reach) -> ColumnElement[bool]:
    """The rows a reader may know of: the same rules as the policy table, as a condition."""
    return within_reach(reach, audit_row, audit_row.c.overall.is_not(None))


def _keys(row: JoinedChildRow) -> set[str]:
    return {row.child_key, row.other_key}


def joinings_open_to(
    connection: Connection,
    reach: Reach,
    *,
    of: str | None = None,
    ever: bool = False,
    position: int | None = None,
) -> list[JoinedChildRow]:
    """The joinings that stand (or `ever` did) of children whose records are not closed to the
    reader, who may see an audit under each of the two references, as nobody learns the one
    from the other; those `of` one child, if one is named."""
    if ever:
        rows = JOINED_CHILDREN.rows(connection, JOINED_CHILDREN.ever())
    else:
        rows = JOINED_CHILDREN.standing(connection, position=position)
    if of is not None:
        same = JOINED_CHILDREN.keys(connection, [of], position=position)
        rows = [row for row in rows if _keys(row) & same]
    rows = [row for row in rows if not _keys(row) & reach.closed]
    query = select(audit_row.c.child_key).where(
        one_of(audit_row.c.child_key, set[str]().union(*map(_keys, rows))),
        visible(reach),
        as_at(audit_row, position),
    )
    seen = set(connection.execute(query.distinct()).scalars()) if rows else set[str]()
    return [row for row in rows if _keys(row) <= seen]


def keys_open_to(
    connection: Connection, reach: Reach, child: str, *, position: int | None = None
) -> frozenset[str]:
    """The key of a reference, and of those joined to it that the reader may learn from it."""
    rows = joinings_open_to(connection, reach, of=child, position=position)
    key = reference_key(child)
    same = same_children((row.child_key, row.other_key) for row in rows)
    return same.get(key, frozenset({key}))
