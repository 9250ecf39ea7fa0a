"""The read rows of publishing."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import journal_table, versioned_table

published_row = versioned_table(
    "published_row",
    Column("published", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("as_at", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("published_us", BigInteger, nullable=False),
    Column("told_at", BigInteger, nullable=False),
    Column("withdrawn_because", Text),
    key=("published",),
    indexes=(("published_us",),),
)
"""`told_at` is the position up to which readers were told how the figures changed."""

published_said = journal_table(
    "published_said",
    Column("published", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("upto", BigInteger),
    Column("figures", Integer),
    Column("by", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    indexes=(("published", "position"),),
)
"""Commentaries (kind ``commentary``) and restatements (``restatement``), as they were said."""
