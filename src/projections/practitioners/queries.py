"""What practitioners said to the audits of their own cases, and what was answered."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.practitioners.tables import response_row


def of_audit(
    connection: Connection, audit: str, *, position: int | None = None
) -> list[dict[str, Any]]:
    """What was said to an audit, in its order."""
    query = (
        select(response_row)
        .where(response_row.c.audit == audit, as_at(response_row, position))
        .order_by(response_row.c.said_us, response_row.c.entry)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def version_of(rows: Collection[dict[str, Any]]) -> int:
    """The version of the stream that these rows of one audit come from."""
    return max((row["stream_version"] for row in rows), default=0)


def waiting(connection: Connection, *, position: int | None = None) -> list[dict[str, Any]]:
    """The disputed facts that nobody has answered, the oldest first."""
    query = (
        select(response_row)
        .where(
            response_row.c.kind == "dispute",
            response_row.c.outcome.is_(None),
            as_at(response_row, position),
        )
        .order_by(response_row.c.said_us)
    )
    return [dict(row._mapping) for row in connection.execute(query)]
