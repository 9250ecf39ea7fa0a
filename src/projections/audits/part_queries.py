"""Who has a part in an audit."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.audits.tables import audit_row
from projections.core.base import as_at, present
from qa.core.one_of import one_of


class AuditParts(NamedTuple):
    """Whose audit it is: its team, its child and the people with a part in it."""

    audit: str
    team: str
    child: str
    case_holder: str | None
    auditor: str
    moderator: str | None
    decider: str | None


def whose(
    connection: Connection, audits: Collection[str], *, position: int | None = None
) -> dict[str, AuditParts]:
    """Team, child and the people with a part in these audits, by their ids."""
    query = select(*(audit_row.c[name] for name in AuditParts._fields)).where(
        one_of(audit_row.c.audit, audits), as_at(audit_row, position)
    )
    return {row.audit: AuditParts._make(row) for row in present(connection).execute(query)}
