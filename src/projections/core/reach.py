"""A reader's reach as a condition on rows: the one place where lists ask what the table allows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, false, or_, true

from qa.core.one_of import one_of
from qa.core.words import Reach


def not_closed(reach: Reach, table: Table) -> ColumnElement[bool]:
    """The rows about children whose records are not restricted to others than the reader, for a
    table with `child_key`. Where nothing is restricted the question costs nothing."""
    return ~one_of(table.c.child_key, reach.closed) if reach.closed else true()


def kept_rows(reach: Reach, table: Table) -> ColumnElement[bool]:
    """The rows that the reader's room holds, for a table with `audit` and `tool`; of a table of no
    audits a room of cases or tools holds none."""
    kept = reach.kept_to
    if kept is None:
        return true()
    if "audit" not in table.c:
        return false()
    listed = true() if kept.audits is None else one_of(table.c.audit, kept.audits)
    return and_(listed, table.c.tool.in_(sorted(kept.tools)) if kept.tools else true())


def within_reach(
    reach: Reach, table: Table, submitted: ColumnElement[bool] | None = None
) -> ColumnElement[bool]:
    """The rows of audits that the reader may read, for a table with `service`, `team`, `child_key`,
    `audit` and `tool`.

    `submitted` says which were submitted, None that all of them were. Own audits are told by those
    columns that the table has.
    """
    open_to = and_(not_closed(reach, table), kept_rows(reach, table))
    if reach.everything or (reach.everything_submitted and submitted is None):
        return open_to
    columns: Any = table.c
    parts: list[ColumnElement[bool]] = [
        columns[name] == reach.person for name in sorted(reach.own) if name in columns
    ]
    parts += [
        columns.service.in_(sorted(reach.services)),
        columns.team.in_(sorted(reach.teams)),
    ]
    if reach.everything_submitted and submitted is not None:
        parts.append(submitted)
    handed_in = or_(
        columns.service.in_(sorted(reach.services_submitted)),
        columns.team.in_(sorted(reach.teams_submitted)),
    )
    parts.append(handed_in if submitted is None else and_(submitted, handed_in))
    # Nobody may be named in a row: unknown is not yes.
    return and_(open_to, or_(*(part.is_(True) for part in parts)))
