"""The batches that were imported, and the records each one brought."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.imports.tables import BATCHES, MAPPINGS, RECORDS, BatchRow, KeptMappingRow


def batches(connection: Connection, *, position: int | None = None) -> list[BatchRow]:
    """Every batch, newest first."""
    query = BATCHES.select(position=position).order_by(BATCHES.table.c.opened.desc())
    return BATCHES.rows(connection, query)


def one(connection: Connection, batch: str, *, position: int | None = None) -> BatchRow | None:
    return BATCHES.one(connection, BATCHES.table.c.batch == batch, position=position)


def records(connection: Connection, batch: str) -> list[tuple[str, str | None]]:
    """The streams a batch wrote to, each with the moderation it brought, in order."""
    row = RECORDS.table.c
    query = (
        select(row.stream, row.moderation)
        .where(row.batch == batch)
        .order_by(row.position, row.line)
    )
    return [(stream, moderation) for stream, moderation in connection.execute(query)]


def mappings(
    connection: Connection, kind: str, *, position: int | None = None
) -> list[KeptMappingRow]:
    """What is kept of how files of a kind are read, the latest first."""
    table = MAPPINGS.table.c
    query = MAPPINGS.select(table.kind == kind, position=position).order_by(table.opened.desc())
    return MAPPINGS.rows(connection, query)
