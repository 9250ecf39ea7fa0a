"""Which audits an inspector's room holds, where it is about less than its part of the council."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from projections.audits.tables import JOINED_CHILDREN, audit_row
from projections.core.base import as_at, present
from qa.core.naming import reference_key
from qa.core.one_of import one_of
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
        one_of(audit_row.c.audit, audits), as_at(audit_row, None)
    )
    return dict(present(connection).execute(query).tuples().all())


def cases_called(
    connection: Connection, named: Collection[str]
) -> list[tuple[str, str, str, str, str, str]]:
    """The audits with one of these references, or of the file of a child with one."""
    table, typed = audit_row.c, [one.strip() for one in named]
    names = ("audit", "reference", "child", "child_key", "service", "team")
    columns = [table[name] for name in names]
    called = or_(
        one_of(table.reference, typed),
        one_of(func.lower(table.reference), map(str.lower, typed)),
        one_of(table.child_key, map(reference_key, filter(None, typed))),
    )
    query = select(*columns).where(called, as_at(audit_row, None)).order_by(table.opened)
    return [tuple(row) for row in connection.execute(query)]


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
    named = or_(one_of(table.audit, audits), one_of(table.child_key, keys))
    query = select(table.audit).where(named, as_at(audit_row, position))
    return frozenset(connection.execute(query).scalars())
