"""Audits of one child, whatever the letters of the reference."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.engine import Connection

from projections.audits.queries import AT_ONCE, hidden_for, masked, visible
from projections.audits.tables import AUDITS, AuditRow, audit_row
from projections.core.base import as_at
from qa.core.naming import reference_key
from qa.core.words import AuditStatus, Reach


def children_among(connection: Connection, references: Collection[str]) -> frozenset[str]:
    """Those of the references that the child of an audit has, however they are spelt there."""
    asked = sorted(map(reference_key, references))
    query = select(audit_row.c.child).where(audit_row.c.child_key.in_(asked)).distinct()
    return frozenset(connection.execute(query).scalars())


def _of(child: str) -> ColumnElement[bool]:
    return audit_row.c.child_key == reference_key(child)


def of_child(
    connection: Connection, reach: Reach, child: str, *, position: int | None = None
) -> list[AuditRow]:
    """Every audit of one child's file that the reader may see, oldest first."""
    sealed = hidden_for(connection, reach)
    query = AUDITS.select(_of(child), visible(reach), position=position).order_by(
        audit_row.c.opened
    )
    return [masked(row, sealed) for row in AUDITS.rows(connection, query)]


def of_children(connection: Connection, children: Collection[str]) -> list[AuditRow]:
    """Every audit of several children at once, the latest first, whoever may see it."""
    keys, found = sorted({reference_key(child) for child in children}), list[AuditRow]()
    for start in range(0, len(keys), AT_ONCE):
        some = audit_row.c.child_key.in_(keys[start : start + AT_ONCE])
        query = AUDITS.select(some, position=None).order_by(audit_row.c.audit_date.desc())
        found += AUDITS.rows(connection, query)
    return found


def recent_of_child(connection: Connection, child: str, since: date) -> str | None:
    """The reference of an audit of this child dated, or still open, on or after `since`."""
    ended = (AuditStatus.VOIDED.value, AuditStatus.WITHDRAWN.value)
    query = select(audit_row.c.reference).where(
        _of(child),
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


def ids_of_child(connection: Connection, child: str) -> list[str]:
    """The ids of every audit of a child's file."""
    query = select(audit_row.c.audit).where(_of(child), as_at(audit_row, None))
    return list(connection.execute(query).scalars())
