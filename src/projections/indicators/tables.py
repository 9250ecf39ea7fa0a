"""The read tables of indicators: one row an indicator, one a value, one for everything beside.

Numbers are kept as text, with the precision they were given in.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import versioned_table

indicator_row = versioned_table(
    "indicator_row",
    Column("indicator", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("retired_after", Text),
    Column("retired_because", Text),
    key=("indicator",),
    indexes=(("name",),),
)

indicator_value = versioned_table(
    "indicator_value",
    Column("indicator", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("value", Text),
    Column("numerator", BigInteger),
    Column("denominator", BigInteger),
    Column("definition_version", Integer, nullable=False),
    Column("said", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("excluded", Text, nullable=False),
    Column("restated", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    key=("indicator", "period", "source"),
)
"""`period` is the label; `restated` says how often the value was replaced."""

indicator_beside = versioned_table(
    "indicator_beside",
    Column("indicator", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("which", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("reason", Text),
    Column("by", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    key=("indicator", "kind", "which"),
)
"""What stands beside the values, by `kind`, with its event's own fields as JSON in `content`:
``definition`` (by version), ``target`` (by first day), ``polarity`` (by the event's place in the
stream), ``comparator`` (by name and period), ``break`` and ``rebase`` (by period), ``claim``, and
``restatement`` (by the event's place in the stream)."""
