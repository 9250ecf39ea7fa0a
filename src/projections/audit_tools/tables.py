"""The read rows of audit tools."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import versioned_table

tool_row = versioned_table(
    "tool_row",
    Column("tool", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("retired", Integer, nullable=False),
    Column("working", Text, nullable=False),
    Column("working_differs", Integer, nullable=False),
    key=("tool",),
)

tool_version_row = versioned_table(
    "tool_version_row",
    Column("tool", Text, nullable=False),
    Column("tool_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("changes", Text, nullable=False),
    Column("published_us", BigInteger, nullable=False),
    Column("published_by", Text, nullable=False),
    key=("tool", "tool_version"),
)

scale_row = versioned_table(
    "scale_row",
    Column("scale", Text, nullable=False),
    Column("scale_version", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    key=("scale", "scale_version"),
)

policy_row = versioned_table(
    "policy_row",
    Column("policy", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    Column("set_us", BigInteger, nullable=False),
    Column("set_by", Text, nullable=False),
    key=("policy",),
)
