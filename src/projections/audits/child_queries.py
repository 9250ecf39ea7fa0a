"""Audits of one child, whatever the letters of the reference and whichever of those joined."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.engine import Connection

from projections.audits.queries import hidden_for, masked
from projections.audits.tables import AUDITS, JOINED_CHILDREN, AuditRow, audit_row
from projections.audits.visible_queries import keys_open_to, visible
from projections.core.base import as_at
from qa.core.naming import reference_key
from qa.core.one_of import one_of
from qa.core.words import AuditStatus, Reach


def children_among(connection: Connection, references: Collection[str]) -> frozenset[str]:
    """Those of the references that the child of an audit has, however they are spelt there."""
    keys = one_of(audit_row.c.child_key, map(reference_key, references))
    query = select(audit_row.c.child).where(keys).distinct()
    return frozenset(connection.execute(query).scalars())


def same_child(
    connection: Connection, child: str, *, position: int | None = None
) -> frozenset[str]:
    """The key of a child's reference and of all that are joined to it, as known at `position`."""
    return JOINED_CHILDREN.keys(connection, [child], position=position)


def _of(connection: Connection, child: str, position: int | None = None) -> ColumnElement[bool]:
    keys = same_child(connection, child, position=position)
    return one_of(audit_row.c.child_key, keys)


def of_child(
    connection: Connection, reach: Reach, child: str, *, position: int | None = None
) -> list[AuditRow]:
    """Every audit of one child's file that the reader may see, oldest first."""
    sealed = hidden_for(connection, reach)
    keys = keys_open_to(connection, reach, child, position=position)
    of = one_of(audit_row.c.child_key, keys)
    query = AUDITS.select(of, visible(reach), position=position).order_by(audit_row.c.opened)
    return [masked(row, sealed) for row in AUDITS.rows(connection, query)]


def of_children(connection: Connection, children: Collection[str]) -> dict[str, list[AuditRow]]:
    """Every audit of each of several children, the latest first, whoever may see it."""
    joined = JOINED_CHILDREN.same(connection, position=None)
    same = {
        child: joined.get(reference_key(child), frozenset({reference_key(child)}))
        for child in children
    }
    some = one_of(audit_row.c.child_key, frozenset[str]().union(*same.values()))
    found = AUDITS.rows(connection, AUDITS.select(some, position=None))
    by_key: dict[str, list[AuditRow]] = {}
    for audit in found:
        by_key.setdefault(audit.child_key, []).append(audit)
    return {
        child: sorted(
            (audit for key in keys_of for audit in by_key.get(key, ())),
            key=lambda audit: audit.audit_date or "",
            reverse=True,
        )
        for child, keys_of in same.items()
    }


def recent_of_child(connection: Connection, child: str, since: date) -> str | None:
    """The reference of an audit of this child dated, or still open, on or after `since`."""
    ended = (AuditStatus.VOIDED.value, AuditStatus.WITHDRAWN.value)
    query = select(audit_row.c.reference).where(
        _of(connection, child),
        audit_row.c.status.not_in(ended),
        or_(audit_row.c.audit_date >= since.isoformat(), audit_row.c.audit_date.is_(None)),
        as_at(audit_row, None),
    )
    return connection.execute(query.limit(1)).scalar_one_or_none()


def child_as_typed(connection: Connection, child: str) -> str:
    """The reference as it was first typed for this child; as it is for a child not on record."""
    return children_as_typed(connection, [child]).get(reference_key(child), child)


def children_as_typed(connection: Connection, children: Collection[str]) -> dict[str, str]:
    """The same of several at once, by the key of each that is on record."""
    keys = sorted({reference_key(child) for child in children})
    columns = audit_row.c.child_key, audit_row.c.child
    query = select(*columns).where(audit_row.c.child_key.in_(keys)).order_by(audit_row.c.opened)
    found: dict[str, str] = {}
    for row in connection.execute(query):
        found.setdefault(row.child_key, row.child)
    return found


def references_of(connection: Connection, child: str) -> list[str]:
    """Every reference of a child's file, as its audits write it."""
    query = select(audit_row.c.child).where(_of(connection, child), as_at(audit_row, None))
    return sorted(connection.execute(query.distinct()).scalars())


def ids_of_child(connection: Connection, child: str, *, position: int | None = None) -> list[str]:
    """The ids of every audit of a child's file."""
    of = _of(connection, child, position)
    query = select(audit_row.c.audit).where(of, as_at(audit_row, position))
    return list(connection.execute(query).scalars())
