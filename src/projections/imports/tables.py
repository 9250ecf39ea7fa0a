"""The read rows of imports."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import journal_table, versioned_table

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
