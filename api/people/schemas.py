"""What the API answers about people, who stands in for whom, and teams."""

from __future__ import annotations

from pydantic import BaseModel

from api.json.deps import Body
from api.json.moment_out import OfMomentOut
from api.json.row_out import RowOut
from projections.people.file_queries import NameFromFile
from projections.people.tables import DeputyRow, PlacedPerson, PlacedTeam, PlacementRow
from qa.core.words import Grant


class PersonOut(RowOut, row=PlacedPerson, without=("stream_version", "known_only_from_file")):
    """Somebody who can be given work; `version` is what a change of their record is made from."""

    version: int


class MoveOut(RowOut, row=PlacementRow, without=("person",)):
    """Where somebody works from a day on that is still to come."""


class PersonRecordOut(PersonOut):
    """One person with every grant they hold or held, and the moves that are still to come."""

    grants: list[Grant]
    moves_ahead: list[MoveOut]


class PeopleOut(OfMomentOut):
    """Everybody who can be given work, by name."""

    people: list[PersonOut]


class NameFromFileOut(RowOut, row=NameFromFile, without=("stream_version",)):
    """Somebody known only from files; `joined_to` is who they count as."""

    version: int


class NamesFromFilesOut(OfMomentOut):
    """Everybody known only from files, by name."""

    names: list[NameFromFileOut]


class OneTimeCodesIn(Body):
    """The ids of the people who are to set a password."""

    people: list[str]


class OneTimeCodeOut(BaseModel):
    """What somebody sets a password with: once, within three days, at `page`."""

    code: str
    page: str = "/set-password"


class OneTimeCodeOfOut(OneTimeCodeOut):
    """The same, with whose it is."""

    person: str
    handle: str


class DeputyOut(RowOut, row=DeputyRow, without=("person",)):
    """Somebody who stands in, with the first day and the last."""


class DeputiesOut(OfMomentOut):
    """Who stands in for somebody on the day asked about or later."""

    deputies: list[DeputyOut]


class TeamOut(RowOut, row=PlacedTeam, without=("stream_version",)):
    """A team; `version` is what a change of it is made from."""

    version: int


class TeamsOut(OfMomentOut):
    """The teams of the council by service."""

    teams: list[TeamOut]


class TeamRecordOut(OfMomentOut):
    """A team. Its ETag is the version to send as If-Match with a change."""

    team: TeamOut
