"""The read rows of practitioners."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import versioned_table

response_row = versioned_table(
    "response_row",
    Column("audit", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("said_us", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("should_be", Text),
    Column("outcome", Text),
    Column("answer", Text),
    Column("answered_by", Text),
    Column("answered_us", BigInteger),
    key=("audit", "entry"),
    open_indexes=(("kind", "outcome"),),
)
"""`kind` is "reflection" or "dispute"; `entry` is the dispute's id, or the reflection's version."""
