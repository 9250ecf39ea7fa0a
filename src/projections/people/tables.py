"""The read rows of people."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import Column, Integer, Text

from projections.core.base import versioned_table
from projections.core.typed_rows import ReadTable

person_row = versioned_table(
    "person_row",
    Column("person", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("handle", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("departed_on", Text),
    Column("known_only_from_file", Integer, nullable=False),
    key=("person",),
    indexes=(("handle",),),
)

placement_row = versioned_table(
    "placement_row",
    Column("person", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("job_title", Text, nullable=False),
    Column("team", Text),
    Column("service", Text),
    Column("manager", Text),
    key=("person", "since"),
    indexes=(("manager",),),
)
"""Where somebody works from a day on, until the next one of theirs; the first has no day ("")."""

grant_row = versioned_table(
    "grant_row",
    Column("person", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text),
    key=("person", "role", "scope", "since"),
    indexes=(("role",),),
)

team_row = versioned_table(
    "team_row",
    Column("team", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("closed", Integer, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("successor", Text),
    key=("team",),
)

team_service_row = versioned_table(
    "team_service_row",
    Column("team", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("service_name", Text, nullable=False),
    key=("team", "since"),
)
"""Which service a team belongs to from a day on, until its next one; the first has no day ("")."""


class DeputyRow(NamedTuple):
    """A standing in. Days are ISO text; one that ended before it began has its last day before its
    first."""

    person: str
    deputy: str
    since: str
    until: str

    @property
    def first_day(self) -> date:
        return date.fromisoformat(self.since)

    @property
    def last_day(self) -> date:
        return date.fromisoformat(self.until)


DEPUTIES = ReadTable(
    DeputyRow, "deputy_row", key=("person", "deputy", "since"), indexes=(("deputy",),)
)
deputy_row = DEPUTIES.table
