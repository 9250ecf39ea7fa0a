"""A reader's reach as a condition on rows: the one place where lists ask what the table allows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, or_, true

from qa.core.words import Reach


def within_reach(
    reach: Reach, table: Table, submitted: ColumnElement[bool] | None = None
) -> ColumnElement[bool]:
    """The rows of audits that the reader may read, for a table with their `service` and `team`.

    `submitted` says which were submitted, None that all of them were. Own audits are told by those
    columns that the table has.
    """
    if reach.everything or (reach.everything_submitted and submitted is None):
        return true()
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
    return or_(*(part.is_(True) for part in parts))
