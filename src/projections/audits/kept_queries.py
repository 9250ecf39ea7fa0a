"""Which audits an inspector's room holds, where it is about less than its part of the council."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from projections.audits.queries import AT_ONCE
from projections.audits.tables import JOINED_CHILDREN, audit_row
from projections.core.base import as_at, present
from qa.core.naming import reference_key
from qa.core.words import Actor, Reach


def kept_of(
    connection: Connection, reader: Actor | Reach, audits: Collection[str]
) -> frozenset[str]:
    """Of these audits, those that the reader's room holds: all, where they are kept to none."""
    kept, wanted = reader.kept_to, frozenset(audits)
    if kept is None:
        return wanted
    tools = tools_of(connection, wanted) if kept.tools else {}
    return frozenset(one for one in wanted if kept.holds(one, tools.get(one)))


def tool_asked(connection: Connection, reader: Actor, audit: str) -> str | None:
    """The tool of an audit, where it decides whether the reader's room holds it."""
    kept = reader.kept_to
    return tools_of(connection, {audit}).get(audit) if kept and kept.tools else None


def tools_of(connection: Connection, audits: Collection[str]) -> dict[str, str]:
    """The tool that each of these audits was made with."""
    query = select(audit_row.c.audit, audit_row.c.tool).where(
        audit_row.c.audit.in_(sorted(audits)), as_at(audit_row, None)
    )
    return dict(present(connection).execute(query).tuples().all())


def cases_called(
    connection: Connection, named: Collection[str]
) -> list[tuple[str, str, str, str, str, str]]:
    """The audits with one of these references, or of the file of a child with one."""
    table, typed = audit_row.c, [one.strip() for one in named]
    names = ("audit", "reference", "child", "child_key", "service", "team")
    columns = [table[name] for name in names]
    found: dict[str, tuple[str, str, str, str, str, str]] = {}
    for start in range(0, len(typed), AT_ONCE):
        some = typed[start : start + AT_ONCE]
        called = or_(
            table.reference.in_(some),
            func.lower(table.reference).in_([one.lower() for one in some]),
            table.child_key.in_([reference_key(one) for one in some if one]),
        )
        query = select(*columns).where(called, as_at(audit_row, None)).order_by(table.opened)
        found |= {row[0]: tuple(row) for row in connection.execute(query)}
    return list(found.values())


def of_cases(
    connection: Connection,
    audits: Collection[str],
    children: Collection[str],
    *,
    joined_upto: int | None = None,
    position: int | None = None,
) -> frozenset[str]:
    """These audits, and those of the files of these children under any of their references, as
    these were joined up to a position."""
    table = audit_row.c
    keys = JOINED_CHILDREN.keys(connection, children, position=joined_upto)
    named = or_(table.audit.in_(sorted(audits)), table.child_key.in_(sorted(keys)))
    query = select(table.audit).where(named, as_at(audit_row, position))
    return frozenset(connection.execute(query).scalars())
