"""The read rows of inspections."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import journal_table, versioned_table

inspection_row = versioned_table(
    "inspection_row",
    Column("room", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("inspector", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("pin", BigInteger),
    Column("pinned_on", Text),
    Column("closed", Integer, nullable=False),
    Column("closed_because", Text),
    key=("room",),
    open_indexes=(("inspector",),),
)

inspection_said = journal_table(
    "inspection_said",
    Column("room", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("is_answer", Integer, nullable=False),
    Column("said", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    indexes=(("room", "position"),),
)
"""Questions and answers in the order in which they were said."""
