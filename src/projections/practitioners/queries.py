"""What practitioners said to the audits of their own cases, and what was answered."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from projections.practitioners.tables import RESPONSES, ResponseRow, response_row


def of_audit(
    connection: Connection, audit: str, *, position: int | None = None
) -> list[ResponseRow]:
    """What was said to an audit, in its order."""
    query = RESPONSES.select(response_row.c.audit == audit, position=position)
    return RESPONSES.rows(connection, query.order_by(response_row.c.said_us, response_row.c.entry))


def version_of(rows: Collection[ResponseRow]) -> int:
    """The version of the stream that these rows of one audit come from."""
    return max((row.stream_version for row in rows), default=0)


def waiting(connection: Connection, *, position: int | None = None) -> list[ResponseRow]:
    """The disputed facts that nobody has answered, the oldest first."""
    query = RESPONSES.select(
        response_row.c.kind == "dispute", response_row.c.outcome.is_(None), position=position
    )
    return RESPONSES.rows(connection, query.order_by(response_row.c.said_us))
