"""The read rows of safeguarding."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import journal_table, versioned_table
from projections.core.policy_table import policy_table

concern_row = versioned_table(
    "concern_row",
    Column("concern", Text, nullable=False),
    Column("audit", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("reference", Text, nullable=False),
    Column("child", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("raised_us", BigInteger, nullable=False),
    Column("told", Text, nullable=False),
    Column("told_us", BigInteger),
    Column("acknowledge_by_us", BigInteger),
    Column("next_by_us", BigInteger),
    Column("rungs", Integer, nullable=False),
    Column("acknowledged_by", Text),
    Column("acknowledged_us", BigInteger),
    key=("audit", "concern"),
    indexes=(("opened",), ("team", "opened"), ("service", "opened")),
    open_indexes=(("acknowledged_us", "next_by_us"),),
)
"""`told` is a JSON list of people; `acknowledge_by_us` is the first deadline, which stays, and
`next_by_us` when it goes a rung higher."""

concern_step = journal_table(
    "concern_step",
    Column("audit", Text, nullable=False),
    Column("concern", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("content", Text, nullable=False),
    indexes=(("audit", "concern"),),
)
"""Every event of a concern in its order; `content` holds the event's own fields as JSON."""

concern_policy = policy_table("concern_policy")
