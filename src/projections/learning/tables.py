"""The read rows of learning."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import (
    journal_table,
    versioned_table,
)

learning_theme = versioned_table(
    "learning_theme",
    Column("theme", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("opened_on", Text, nullable=False),
    Column("closed_on", Text),
    key=("theme",),
)
"""`stage` is a key of `STAGES`."""

learning_tag = versioned_table(
    "learning_tag",
    Column("theme", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("part", Text, nullable=False),
    key=("theme", "kind", "record", "part"),
)

learning_step = journal_table(
    "learning_step",
    Column("theme", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("on", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("content", Text, nullable=False),
    indexes=(("theme",),),
)
"""What was shared, changed, found again and concluded; `content` holds the event's own fields."""

learning_exemplar = versioned_table(
    "learning_exemplar",
    Column("exemplar", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("theme", Text, nullable=False),
    Column("audit", Text, nullable=False),
    Column("strength", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("worker", Text, nullable=False),
    Column("thanks", Text, nullable=False),
    Column("shared_on", Text, nullable=False),
    Column("by", Text, nullable=False),
    key=("exemplar",),
    indexes=(("worker",), ("theme",)),
)
