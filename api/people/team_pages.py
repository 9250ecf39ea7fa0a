"""The teams of the council: the list, opening, renaming and closing one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api.web.changes import Trouble, new_key, once, tried
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors, text
from projections.people import queries
from qa.authorisation.policy import can, require
from qa.core.errors import NotFound
from qa.core.words import CODE
from qa.people.commands import people
from qa.store.unit import Receipt

router = APIRouter(prefix="/teams")

TeamCode = Annotated[str, Path(pattern=CODE)]
DONE = {
    "opened": "The team is open.",
    "renamed": "The team is renamed. Records made before keep its old name.",
    "closed": "The team is closed to new audits.",
}


@router.get("")
def list_teams(request: Request, reading: Reader) -> Response:
    require(reading.actor, "read-people")
    closed = request.query_params.get("closed") == "yes"
    return reading.page(
        "people/team_list.html",
        title="Teams",
        said=DONE.get(request.query_params.get("done", "")),
        rows=queries.teams(reading.connection, with_closed=closed, position=reading.at.position),
        closed=closed,
        may_manage=can(reading.actor, "manage-people").allowed,
    )


@router.get("/new")
def new_team(reading: Reader) -> Response:
    require(reading.actor, "manage-people")
    return _new(reading, {}, Errors())


def _new(reading: Reading, typed: Mapping[str, str], errors: Errors, status: int = 200) -> Response:
    held = queries.teams(reading.connection, with_closed=True)
    return reading.page(
        "people/team_new.html",
        status=status,
        title="Open a team",
        errors=errors,
        back="/teams",
        as_at=None,
        key=new_key(),
        typed=typed,
        services=sorted({team["service_name"] for team in held}),
    )


@router.post("/new")
def open_team(request: Request, reading: Reader, form: Posted) -> Response:
    typed = {name: text(form, name) for name in ("name", "service_name")}

    def do() -> Receipt:
        return people.open_team(reading.desk, **typed, by=reading.actor, once=once(form, request))

    done = tried(do, ("name", "service_name"))
    if isinstance(done, Trouble):
        return _new(reading, typed, done.errors, done.status)
    return RedirectResponse("/teams?done=opened", status_code=303)


def _found(reading: Reading, code: str) -> dict[str, Any]:
    require(reading.actor, "manage-people")
    for team in queries.teams(reading.connection, with_closed=True, position=reading.at.position):
        if team["team"] == code:
            return team
    raise NotFound("There is no such team.")


@router.get("/{team}")
def show_team(team: TeamCode, reading: Reader) -> Response:
    found = _found(reading, team)
    return _team(reading, found, found["name"], Errors())


def _team(
    reading: Reading, found: Mapping[str, Any], name: str, errors: Errors, status: int = 200
) -> Response:
    return reading.page(
        "people/team.html",
        status=status,
        title=f"Team {found['name']}",
        errors=errors,
        back="/teams",
        as_at=None,
        key=new_key(),
        closing=new_key(),
        team=found,
        name=name,
    )


@router.post("/{team}/name")
def rename_team(team: TeamCode, request: Request, reading: Reader, form: Posted) -> Response:
    name = text(form, "name")

    def do() -> Receipt:
        return people.rename_team(
            reading.desk, team=team, name=name, by=reading.actor, once=once(form, request)
        )

    return _done(reading, team, name, do, "renamed")


@router.post("/{team}/close")
def close_team(team: TeamCode, request: Request, reading: Reader, form: Posted) -> Response:
    def do() -> Receipt:
        return people.close_team(
            reading.desk, team=team, by=reading.actor, once=once(form, request)
        )

    return _done(reading, team, None, do, "closed")


def _done(
    reading: Reading, team: str, name: str | None, do: Callable[[], Receipt], word: str
) -> Response:
    found = _found(reading, team)
    done = tried(do, ("name",))
    if isinstance(done, Trouble):
        shown = found["name"] if name is None else name
        return _team(reading, found, shown, done.errors, done.status)
    return RedirectResponse(f"/teams?done={word}", status_code=303)
