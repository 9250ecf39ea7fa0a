"""The read rows of people."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from projections.core.typed_rows import ReadTable
from projections.figures.joined_people import JoinedPeople


class PersonRow(NamedTuple):
    person: str
    stream_version: int
    handle: str
    name: str
    departed_on: str | None = None
    known_only_from_file: int = 0


class PlacementRow(NamedTuple):
    """Where somebody works from a day on, until the next one of theirs; the first has no day
    ("")."""

    person: str
    since: str
    job_title: str
    team: str | None = None
    service: str | None = None
    manager: str | None = None


class GrantRow(NamedTuple):
    """A role; its scope is told as ``council``, or ``team:`` or ``service:`` with the code."""

    person: str
    role: str
    scope: str
    since: str
    until: str | None = None


class TeamRow(NamedTuple):
    team: str
    name: str
    closed: int
    stream_version: int
    successor: str | None = None


class TeamServiceRow(NamedTuple):
    """Which service a team belongs to from a day on, until its next one; the first has no day
    ("")."""

    team: str
    since: str
    service: str
    service_name: str


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


PEOPLE = ReadTable(PersonRow, "person_row", key=("person",), indexes=(("handle",),))
PLACEMENTS = ReadTable(
    PlacementRow, "placement_row", key=("person", "since"), indexes=(("manager",),)
)
GRANTS = ReadTable(
    GrantRow, "grant_row", key=("person", "role", "scope", "since"), indexes=(("role",),)
)
TEAMS = ReadTable(TeamRow, "team_row", key=("team",))
TEAM_SERVICES = ReadTable(TeamServiceRow, "team_service_row", key=("team", "since"))
JOINED_PEOPLE = JoinedPeople("joined_person_row")
DEPUTIES = ReadTable(
    DeputyRow, "deputy_row", key=("person", "deputy", "since"), indexes=(("deputy",),)
)
person_row = PEOPLE.table
placement_row = PLACEMENTS.table
grant_row = GRANTS.table
team_row = TEAMS.table
team_service_row = TEAM_SERVICES.table
deputy_row = DEPUTIES.table


class PlacedPerson(NamedTuple):
    """A person and where they work on a day."""

    person: str
    stream_version: int
    handle: str
    name: str
    departed_on: str | None
    known_only_from_file: int
    job_title: str
    team: str | None
    service: str | None
    manager: str | None


class PlacedTeam(NamedTuple):
    """A team and the service that it belongs to on a day."""

    team: str
    name: str
    service: str
    service_name: str
    closed: int
    successor: str | None
    stream_version: int
