"""People, their roles, and teams."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, New, NewRecord, tag
from api.json.routing import ApiRouter
from api.people import schemas
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
def list_people(call: Call, departed: bool = False) -> schemas.PeopleOut:
    """Everybody who can be given work, by name."""
    require(call.actor, "read-people")
    found = queries.everybody(
        call.connection, with_departed=departed, position=call.at.position, day=call.at.on
    )
    people = [schemas.PersonOut.of(row, version=row.stream_version) for row in found]
    return schemas.PeopleOut(**call.moment, people=people)


@router.record("/{person}", operation_id="readPerson")
def read_person(call: Call, person: PersonId, response: Response) -> schemas.PersonRecordOut:
    """One person with every grant they hold or held, and the moves that are still to come."""
    require(call.actor, "read-people")
    row = queries.person(call.connection, person, position=call.at.position, day=call.at.on)
    if row is None:
        raise NotFound("There is no such person.")
    tag(response, call.at, row.stream_version)
    ahead = queries.moves_ahead(call.connection, person, call.at.on, position=call.at.position)
    return schemas.PersonRecordOut.of(
        row,
        version=row.stream_version,
        grants=queries.grants(call.connection, person, position=call.at.position),
        moves_ahead=[*map(schemas.MoveOut.of, ahead)],
    )


def _enrol(new: NewRecord, done: Receipt) -> None:
    enrolled(new.desk.store, {str(done.response["person"]): str(done.response["handle"])})


def _end_ways_in(new: NewRecord, _done: Receipt) -> None:
    ways_in_ended(new.desk.store, new.request.path_params["person"])


command_endpoint(router, "POST", "", handlers.add_person, located_by="person", after=_enrol)


@router.post("/{person}/one-time-code", status_code=201, operation_id="makeOneTimeCode")
def make_one_time_code(new: New, person: PersonId) -> schemas.OneTimeCodeOut:
    """A code with which this person sets a password. It is told this once; earlier ones end."""
    return schemas.OneTimeCodeOut(code=one_time_code(new.desk, person, by=new.actor))


@router.post("/one-time-codes", status_code=201, operation_id="makeOneTimeCodes")
def make_one_time_codes(new: New, body: schemas.OneTimeCodesIn) -> list[schemas.OneTimeCodeOfOut]:
    """A code for each of these people, told this once; earlier ones end."""
    with new.desk.store.reading() as connection:
        found = [queries.person(connection, person) for person in dict.fromkeys(body.people)]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        raise NotFound("There is no such person.")
    made = one_time_codes(new.desk, known, by=new.actor)
    return [
        schemas.OneTimeCodeOfOut(person=one.person, handle=one.handle, code=code)
        for one, code in made
    ]


command_endpoint(router, "POST", "/{person}/access/end", handlers.end_access, after=_end_ways_in)


@router.get("/from-files", operation_id="listNamesFromFiles")
def list_names_from_files(call: Call) -> schemas.NamesFromFilesOut:
    """Whoever is known only from files, and who each was said to be. `version` is the one to send
    as If-Match."""
    require(call.actor, "join-people", Resource())
    found = names_from_files(call.connection, position=call.at.position)
    names = [schemas.NameFromFileOut.of(row, version=row.stream_version) for row in found]
    return schemas.NamesFromFilesOut(**call.moment, names=names)


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
def list_teams(call: Call, closed: bool = False) -> schemas.TeamsOut:
    """The teams of the council by service."""
    found = queries.teams(
        call.connection, with_closed=closed, position=call.at.position, day=call.at.on
    )
    teams = [schemas.TeamOut.of(row, version=row.stream_version) for row in found]
    return schemas.TeamsOut(**call.moment, teams=teams)


@team_router.record("/{team}", operation_id="readTeam")
def read_team(call: Call, team: TeamCode, response: Response) -> schemas.TeamRecordOut:
    """A team. Its ETag is the version to send as If-Match with a change."""
    row = queries.team(call.connection, team, position=call.at.position, day=call.at.on)
    if row is None:
        raise NotFound("There is no such team.")
    tag(response, call.at, row.stream_version)
    found = schemas.TeamOut.of(row, version=row.stream_version)
    return schemas.TeamRecordOut(**call.moment, team=found)


command_endpoint(team_router, "POST", "", handlers.open_team, located_by="team")
command_endpoint(team_router, "PUT", "/{team}/name", handlers.rename_team)
command_endpoint(team_router, "POST", "/{team}/closing", handlers.close_team)
command_endpoint(team_router, "PUT", "/{team}/service", handlers.change_team_service)
command_endpoint(team_router, "POST", "/{team}/reopening", handlers.reopen_team)
