"""The rows of history: entries, what stood before a restatement, and what belongs to which audit.

An entry holds what the event changed and no names: people are shown under the name they had then,
teams and roles as they stand in the event's envelope. Its sentence is not kept: it is made of the
event when the entry is read, so that a better word needs no rebuild. Entries are a journal, so that
the history as at a date is simply the beginning of it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import journal_table, versioned_table

history_entry = journal_table(
    "history_entry",
    Column("stream", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("part", Text),
    Column("type", Text, nullable=False),
    Column("fact_id", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    Column("effective_on", Text, nullable=False),
    Column("late", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("in_role", Text, nullable=False),
    Column("team_then", Text),
    Column("reason", Text),
    Column("imported", Integer, nullable=False),
    Column("about_person", Text),
    Column("changes", Text, nullable=False),
    indexes=(("stream", "position"), ("by", "position")),
    long_rows=True,
)
"""`part` is the moderation or the team that an entry of a shared stream is about; `late` the days
from the effective date to the day of recording, never below 0."""

history_standing = journal_table(
    "history_standing",
    Column("stream", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("fields", Text, nullable=False),
    indexes=(("stream", "kind", "position"),),
    long_rows=True,
)
"""The values an event leaves standing that states them whole and not what they were before. The row
before it on the same stream and kind holds the old ones."""

history_part = versioned_table(
    "history_part",
    Column("thing", Text, nullable=False),
    Column("audit", Text, nullable=False),
    key=("thing", "audit"),
    by_key=True,
    indexes=(("audit",),),
)
"""``action:<id>`` and ``moderation:<id>`` with the audit they belong to. An imported moderation may
come in again under another audit, once its batch was reversed: the later row is where it is."""
