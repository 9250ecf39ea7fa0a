"""The read rows of restrictions: which records are restricted now, and who reads them.

`until` is the last day of a reader who is not named and broke the glass.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import versioned_table

restriction_row = versioned_table(
    "restriction_row",
    Column("restriction", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("child", Text, nullable=False),
    Column("child_key", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_on", Text, nullable=False),
    Column("why", Text, nullable=False),
    key=("restriction",),
    open_indexes=(("child_key",),),
)

restriction_reader = versioned_table(
    "restriction_reader",
    Column("restriction", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("until", Text),
    key=("restriction", "person"),
)
