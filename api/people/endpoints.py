"""People, their roles, and teams."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Response
from pydantic import BaseModel

from api.json.deps import (
    Body,
    Change,
    Moment,
    New,
    NewRecord,
    Reads,
    ReasonIn,
    ReceiptOut,
    Snapshot,
)
from api.json.routing import ApiRouter
from api.people.sign_in import end_ways_in, enrolled, one_time_code
from projections.people import queries
from qa.authorisation.policy import require
from qa.core.errors import NotFound
from qa.core.words import CODE, Grant, Role, Scope
from qa.people.commands import people
from qa.people.events import ORGANISATION, person_stream

router = ApiRouter(prefix="/people", tags=["people"])
team_router = ApiRouter(prefix="/teams", tags=["people"])

PersonId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$")]


def _out(row: dict[str, Any]) -> dict[str, Any]:
    hidden = ("valid_from", "valid_to", "stream_version", "known_only_from_file")
    shown = {name: value for name, value in row.items() if name not in hidden}
    return {**shown, "version": row["stream_version"]}


@router.get("", operation_id="listPeople")
def list_people(
    actor: Reads, connection: Snapshot, at: Moment, departed: bool = False
) -> dict[str, Any]:
    """Everybody who can be given work, by name."""
    require(actor, "read-people")
    found = queries.everybody(connection, with_departed=departed, position=at.position, day=at.on)
    return {"as_at": at.day, "position": at.shown, "people": [_out(row) for row in found]}


@router.record("/{person}", operation_id="readPerson")
def read_person(
    actor: Reads, connection: Snapshot, at: Moment, person: PersonId, response: Response
) -> dict[str, Any]:
    """One person with every grant they hold or held, and the moves that are still to come."""
    require(actor, "read-people")
    row = queries.person(connection, person, position=at.position, day=at.on)
    if row is None:
        raise NotFound("There is no such person.")
    if not at.is_past:
        response.headers["ETag"] = f'"{row["stream_version"]}"'
    held = queries.grants(connection, person, position=at.position)
    return {
        **_out(row),
        "grants": [grant.model_dump(mode="json") for grant in held],
        "moves_ahead": queries.moves_ahead(connection, person, at.on, position=at.position),
    }


class PersonIn(Body):
    handle: str
    name: str
    job_title: str = ""
    team: str | None = None
    manager: str | None = None


@router.post("", status_code=201, operation_id="addPerson")
def add_person(new: New, body: PersonIn) -> ReceiptOut:
    """Make somebody known, with `handle` to sign in with. They set a password with a one-time
    code: ask for one at ``/people/{person}/one-time-code``."""
    done = people.add_person(new.desk, **body.model_dump(), **new.made(body))
    person = str(done.response["person"])
    enrolled(new.services, person, str(done.response["handle"]))
    return new.receipt(done, person_stream(person), location=person)


class OneTimeCodeOut(BaseModel):
    """What somebody sets a password with: once, within three days, at `page`."""

    code: str
    page: str = "/set-password"


@router.post("/{person}/one-time-code", status_code=201, operation_id="makeOneTimeCode")
def make_one_time_code(new: New, person: PersonId) -> OneTimeCodeOut:
    """A code with which this person sets a password. It is told this once; earlier ones end."""
    require(new.actor, "manage-people")
    row = _found(new, person)
    return OneTimeCodeOut(code=one_time_code(new.services, person, row["handle"], by=new.actor))


@router.post("/{person}/access/end", status_code=201, operation_id="endAccess")
def end_access(new: New, person: PersonId) -> ReceiptOut:
    """End this person's sessions, API tokens and calendar address; their password stays."""
    require(new.actor, "manage-people")
    _found(new, person)
    return new.receipt(end_ways_in(new.services, person, **new.made()), person_stream(person))


def _found(new: NewRecord, person: str) -> dict[str, Any]:
    with new.services.store.reading() as connection:
        row = queries.person(connection, person)
    if row is None or row["known_only_from_file"]:
        raise NotFound("There is no such person.")
    return row


class NameIn(Body):
    name: str


@router.put("/{person}/name", operation_id="renamePerson")
def rename_person(change: Change, person: PersonId, body: NameIn) -> ReceiptOut:
    """Change a name; what was done before keeps the old one."""
    done = people.rename_person(change.desk, person=person, name=body.name, **change.made(body))
    return change.receipt(done, person_stream(person))


class PlaceIn(Body):
    team: str | None
    manager: str | None
    job_title: str = ""
    effective_on: date | None = None


@router.put("/{person}/place", operation_id="movePerson")
def move_person(change: Change, person: PersonId, body: PlaceIn) -> ReceiptOut:
    """Record a change of team, line manager or job title."""
    done = people.move_person(change.desk, person=person, **body.model_dump(), **change.made(body))
    return change.receipt(done, person_stream(person))


class GrantIn(Body):
    role: Role
    scope: Scope = Scope()
    since: date | None = None
    until: date | None = None
    reason: str | None = None


@router.post("/{person}/grants", status_code=201, operation_id="grantRole")
def grant_role(change: Change, person: PersonId, body: GrantIn) -> ReceiptOut:
    """Grant a role with its reach and dates."""
    done = people.grant_role(
        change.desk,
        person=person,
        role=body.role,
        scope=body.scope,
        since=body.since,
        until=body.until,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, person_stream(person))


class GrantEndIn(Body):
    """The last day of a grant: today if it is not given, an earlier or a later one."""

    grant: Grant
    on: date | None = None
    reason: str | None = None


@router.post("/{person}/grants/end", status_code=201, operation_id="endRole")
def end_role(change: Change, person: PersonId, body: GrantEndIn) -> ReceiptOut:
    """End a role."""
    done = people.end_role(
        change.desk,
        person=person,
        grant=body.grant,
        on=body.on,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, person_stream(person))


class DepartureIn(ReasonIn):
    """Why, and the last day: today if it is not given, an earlier or a later one."""

    on: date | None = None


@router.post("/{person}/departure", status_code=201, operation_id="departPerson")
def depart_person(change: Change, person: PersonId, body: DepartureIn) -> ReceiptOut:
    """Record that somebody leaves or left."""
    done = people.depart(change.desk, person=person, **body.model_dump(), **change.made(body))
    return change.receipt(done, person_stream(person))


@team_router.get("", operation_id="listTeams")
def list_teams(
    actor: Reads, connection: Snapshot, at: Moment, closed: bool = False
) -> dict[str, Any]:
    """The teams of the council by service."""
    found = queries.teams(connection, with_closed=closed, position=at.position, day=at.on)
    return {"as_at": at.day, "position": at.shown, "teams": [_team(row) for row in found]}


def _team(row: Mapping[str, Any]) -> dict[str, Any]:
    keep = ("team", "name", "service", "service_name", "closed", "successor")
    return {**{name: row[name] for name in keep}, "version": row["stream_version"]}


TeamCode = Annotated[str, Path(pattern=CODE)]


@team_router.record("/{team}", operation_id="readTeam")
def read_team(
    actor: Reads, connection: Snapshot, at: Moment, team: TeamCode, response: Response
) -> dict[str, Any]:
    """A team. Its ETag is the version to send as If-Match with a change."""
    teams = queries.teams(connection, with_closed=True, position=at.position, day=at.on)
    row = next((one for one in teams if one["team"] == team), None)
    if row is None:
        raise NotFound("There is no such team.")
    if not at.is_past:
        response.headers["ETag"] = f'"{row["stream_version"]}"'
    return {"as_at": at.day, "position": at.shown, "team": _team(row)}


class TeamIn(Body):
    name: str
    service_name: str


@team_router.post("", status_code=201, operation_id="openTeam")
def open_team(new: New, body: TeamIn) -> ReceiptOut:
    """Open a team in a service."""
    done = people.open_team(
        new.desk, name=body.name, service_name=body.service_name, **new.made(body)
    )
    return new.receipt(done, ORGANISATION, location=str(done.response["team"]))


@team_router.put("/{team}/name", operation_id="renameTeam")
def rename_team(change: Change, team: TeamCode, body: NameIn) -> ReceiptOut:
    """Rename a team; records made before keep its old name."""
    done = people.rename_team(change.desk, team=team, name=body.name, **change.made(body))
    return change.receipt(done, ORGANISATION)


class SuccessorIn(Body):
    successor: str | None = None


@team_router.post("/{team}/closing", status_code=201, operation_id="closeTeam")
def close_team(change: Change, team: TeamCode, body: SuccessorIn) -> ReceiptOut:
    """Close a team to new audits, and say which team takes over: its people, the audits that are
    not submitted, and the actions, follow-ups, supervision and concerns that go on are handed to
    that team. While any of these runs, a team is closed only with a successor."""
    done = people.close_team(change.desk, team=team, successor=body.successor, **change.made(body))
    return change.receipt(done, ORGANISATION)


class ServiceIn(Body):
    """The service, and the first day in it: today if it is not given, an earlier or a later one."""

    service_name: str
    on: date | None = None


@team_router.put("/{team}/service", operation_id="changeTeamService")
def change_team_service(change: Change, team: TeamCode, body: ServiceIn) -> ReceiptOut:
    """Let a team belong to another service from a day on, with its people; records keep theirs."""
    done = people.change_team_service(
        change.desk, team=team, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, ORGANISATION)


@team_router.post("/{team}/reopening", status_code=201, operation_id="reopenTeam")
def reopen_team(change: Change, team: TeamCode) -> ReceiptOut:
    """Open a closed team again."""
    return change.receipt(people.reopen_team(change.desk, team=team, **change.made()), ORGANISATION)
