"""The batches that were imported, and the records each one brought."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, Text, select
from sqlalchemy.engine import Connection

from projections.core.base import Amend, Change, Note, Put, as_at, journal_table, versioned_table
from qa.core.clock import microseconds
from qa.core.fact import Recorded
from qa.imports import events as facts
from qa.moderation.events import ModerationImported

batch_row = versioned_table(
    "batch_row",
    Column("batch", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("imported", Integer, nullable=False),
    Column("already_there", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("mapping", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    Column("reversed_because", Text),
    key=("batch",),
)

batch_record = journal_table(
    "batch_record",
    Column("batch", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("moderation", Text),
    Column("source_row", Integer, nullable=False),
    indexes=(("batch",),),
)


class Imports:
    """Projects imported facts and their batches."""

    name = "imports"
    version = 1
    tables = (batch_row, batch_record)

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        fact, source = recorded.fact, recorded.meta.source
        match fact:
            case facts.ImportBatchRecorded():
                row = {
                    **fact.model_dump(exclude={"mapping"}),
                    "opened": recorded.position,
                    "mapping": json.dumps({m.heading: m.field for m in fact.mapping}),
                    "by": recorded.meta.by,
                    "recorded_us": microseconds(recorded.recorded_at),
                }
                return [Put(batch_row, row)]
            case facts.ImportBatchReversed():
                because = {"reversed_because": recorded.meta.reason or ""}
                return [Amend(batch_row, (fact.batch,), because)]
        if source is None:
            return ()
        moderation = fact.moderation if isinstance(fact, ModerationImported) else None
        row = {
            "batch": source.batch,
            "stream": recorded.stream,
            "moderation": moderation,
            "source_row": source.row,
        }
        return [Note(batch_record, row)]


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
