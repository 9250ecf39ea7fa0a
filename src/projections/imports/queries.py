"""The batches that were imported, and the records each one brought."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.imports.tables import batch_record, batch_row


def batches(connection: Connection, *, position: int | None = None) -> list[dict[str, Any]]:
    """Every batch, newest first."""
    query = select(batch_row).where(as_at(batch_row, position)).order_by(batch_row.c.opened.desc())
    return [
        {**row._mapping, "mapping": json.loads(row.mapping)} for row in connection.execute(query)
    ]


def records(connection: Connection, batch: str) -> list[tuple[str, str | None]]:
    """The streams a batch wrote to, each with the moderation it brought, in order."""
    query = (
        select(batch_record.c.stream, batch_record.c.moderation)
        .where(batch_record.c.batch == batch)
        .order_by(batch_record.c.position, batch_record.c.line)
    )
    return [(row.stream, row.moderation) for row in connection.execute(query)]
