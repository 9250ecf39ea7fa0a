"""People, their roles, and teams."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Moment, New, NewRecord, Reads, Snapshot, tag
from api.json.routing import ApiRouter
from api.people.schemas import (
    MoveOut,
    NameFromFileOut,
    NamesFromFilesOut,
    OneTimeCodeOfOut,
    OneTimeCodeOut,
    OneTimeCodesIn,
    PeopleOut,
    PersonOut,
    PersonRecordOut,
    TeamOut,
    TeamRecordOut,
    TeamsOut,
)
from api.people.sign_in import enrolled, one_time_code, one_time_codes, ways_in_ended
from projections.people import queries
from projections.people.file_queries import names_from_files
from qa.authorisation.policy import require
from qa.core.errors import NotFound
from qa.core.words import CODE, Resource
from qa.people import handlers
from qa.store.unit import Receipt

router = ApiRouter(prefix="/people", tags=["people"])
team_router = ApiRouter(prefix="/teams", tags=["people"])

PersonId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$")]
TeamCode = Annotated[str, Path(pattern=CODE)]


@router.get("", operation_id="listPeople")
def list_people(
    actor: Reads, connection: Snapshot, at: Moment, departed: bool = False
) -> PeopleOut:
    """Everybody who can be given work, by name."""
    require(actor, "read-people")
    found = queries.everybody(connection, with_departed=departed, position=at.position, day=at.on)
    people = [PersonOut.of(row, version=row.stream_version) for row in found]
    return PeopleOut(as_at=at.day, position=at.shown, people=people)


@router.record("/{person}", operation_id="readPerson")
def read_person(
    actor: Reads, connection: Snapshot, at: Moment, person: PersonId, response: Response
) -> PersonRecordOut:
    """One person with every grant they hold or held, and the moves that are still to come."""
    require(actor, "read-people")
    row = queries.person(connection, person, position=at.position, day=at.on)
    if row is None:
        raise NotFound("There is no such person.")
    tag(response, at, row.stream_version)
    ahead = queries.moves_ahead(connection, person, at.on, position=at.position)
    return PersonRecordOut.of(
        row,
        version=row.stream_version,
        grants=queries.grants(connection, person, position=at.position),
        moves_ahead=[*map(MoveOut.of, ahead)],
    )


def _enrol(new: NewRecord, done: Receipt) -> None:
    enrolled(new.desk.store, {str(done.response["person"]): str(done.response["handle"])})


def _end_ways_in(new: NewRecord, _done: Receipt) -> None:
    ways_in_ended(new.desk.store, new.request.path_params["person"])


command_endpoint(router, "POST", "", handlers.add_person, located_by="person", after=_enrol)


@router.post("/{person}/one-time-code", status_code=201, operation_id="makeOneTimeCode")
def make_one_time_code(new: New, person: PersonId) -> OneTimeCodeOut:
    """A code with which this person sets a password. It is told this once; earlier ones end."""
    return OneTimeCodeOut(code=one_time_code(new.desk, person, by=new.actor))


@router.post("/one-time-codes", status_code=201, operation_id="makeOneTimeCodes")
def make_one_time_codes(new: New, asked: OneTimeCodesIn) -> list[OneTimeCodeOfOut]:
    """A code for each of these people, told this once; earlier ones end."""
    with new.desk.store.reading() as connection:
        found = [queries.person(connection, person) for person in dict.fromkeys(asked.people)]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        raise NotFound("There is no such person.")
    made = one_time_codes(new.desk, known, by=new.actor)
    return [OneTimeCodeOfOut(person=one.person, handle=one.handle, code=code) for one, code in made]


command_endpoint(router, "POST", "/{person}/access/end", handlers.end_access, after=_end_ways_in)


@router.get("/from-files", operation_id="listNamesFromFiles")
def list_names_from_files(actor: Reads, connection: Snapshot, at: Moment) -> NamesFromFilesOut:
    """Whoever is known only from files, and who each was said to be. `version` is the one to send
    as If-Match."""
    require(actor, "join-people", Resource())
    found = names_from_files(connection, position=at.position)
    names = [NameFromFileOut.of(row, version=row.stream_version) for row in found]
    return NamesFromFilesOut(as_at=at.day, position=at.shown, names=names)


command_endpoint(router, "POST", "/{person}/joining", handlers.join_person)
command_endpoint(router, "POST", "/{person}/joining/end", handlers.part_person)
command_endpoint(router, "PUT", "/{person}/name", handlers.rename_person)
command_endpoint(router, "PUT", "/{person}/place", handlers.move_person)
command_endpoint(router, "POST", "/{person}/grants", handlers.grant_role)
command_endpoint(router, "POST", "/{person}/grants/end", handlers.end_role)
command_endpoint(
    router, "POST", "/{person}/departure", handlers.depart, operation_id="departPerson"
)


@team_router.get("", operation_id="listTeams")
def list_teams(actor: Reads, connection: Snapshot, at: Moment, closed: bool = False) -> TeamsOut:
    """The teams of the council by service."""
    found = queries.teams(connection, with_closed=closed, position=at.position, day=at.on)
    teams = [TeamOut.of(row, version=row.stream_version) for row in found]
    return TeamsOut(as_at=at.day, position=at.shown, teams=teams)


@team_router.record("/{team}", operation_id="readTeam")
def read_team(
    actor: Reads, connection: Snapshot, at: Moment, team: TeamCode, response: Response
) -> TeamRecordOut:
    """A team. Its ETag is the version to send as If-Match with a change."""
    row = queries.team(connection, team, position=at.position, day=at.on)
    if row is None:
        raise NotFound("There is no such team.")
    tag(response, at, row.stream_version)
    found = TeamOut.of(row, version=row.stream_version)
    return TeamRecordOut(as_at=at.day, position=at.shown, team=found)


command_endpoint(team_router, "POST", "", handlers.open_team, located_by="team")
command_endpoint(team_router, "PUT", "/{team}/name", handlers.rename_team)
command_endpoint(team_router, "POST", "/{team}/closing", handlers.close_team)
command_endpoint(team_router, "PUT", "/{team}/service", handlers.change_team_service)
command_endpoint(team_router, "POST", "/{team}/reopening", handlers.reopen_team)
