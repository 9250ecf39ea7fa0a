"""The teams of the council: the list, opening, renaming and closing one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api.web.changes import Trouble, flat, new_key, once, seen, tried
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.dates import date_input, day_typed_in
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
    "reopened": "The team is open again.",
    "moved": "The service of the team is changed. Records made before keep theirs.",
}


@router.get("")
def list_teams(request: Request, reading: Reader) -> Response:
    require(reading.actor, "read-people")
    closed = request.query_params.get("closed") == "yes"
    return reading.page(
        "people/team_list.html",
        title="Teams",
        said=DONE.get(request.query_params.get("done", "")),
        rows=queries.teams(
            reading.connection,
            with_closed=closed,
            position=reading.at.position,
            day=reading.at.on,
        ),
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
    return _team(reading, found, {"name": found["name"]}, Errors())


def _team(
    reading: Reading,
    found: Mapping[str, Any],
    typed: Mapping[str, str],
    errors: Errors,
    status: int = 200,
) -> Response:
    open_teams = queries.teams(reading.connection, position=reading.at.position)
    others = [one for one in open_teams if one["team"] != found["team"]]
    names = {one["team"]: one["name"] for one in open_teams}
    return reading.page(
        "people/team.html",
        status=status,
        title=f"Team {found['name']}",
        errors=errors,
        back="/teams",
        as_at=None,
        key=new_key(),
        closing=new_key(),
        moving=new_key(),
        team=found,
        name=typed.get("name", found["name"]),
        typed=typed,
        date_input=date_input,
        services=sorted({one["service_name"] for one in open_teams} - {found["service_name"]}),
        successor=typed.get("successor", ""),
        successor_name=names.get(found["successor"], found["successor"]),
        others=[{"value": one["team"], "text": one["name"]} for one in others],
    )


Command = Callable[..., Receipt]
CHANGES: Mapping[str, tuple[Command, str, tuple[str, ...]]] = {
    "name": (people.rename_team, "renamed", ("name",)),
    "close": (people.close_team, "closed", ("successor",)),
    "reopen": (people.reopen_team, "reopened", ()),
    "service": (people.change_team_service, "moved", ("service_name", "on")),
}
"""The command of each change to a team, the word for what was done, and what the form asks."""


@router.post("/{team}/{change}")
def change_team(
    team: TeamCode, change: str, request: Request, reading: Reader, form: Posted
) -> Response:
    found = _found(reading, team)
    if change not in CHANGES:
        raise NotFound("There is no page at this address.")
    command, word, fields = CHANGES[change]
    typed = flat(form)

    def do() -> Receipt:
        asked = {name: day_typed_in(typed, name) if name == "on" else typed.get(name, "").strip()
                 for name in fields}  # fmt: skip
        return command(
            reading.desk,
            team=team,
            **asked,
            seen=seen(form),
            by=reading.actor,
            once=once(form, request),
        )

    done = tried(do, fields)
    if isinstance(done, Trouble):
        return _team(reading, found, typed, done.errors, done.status)
    return RedirectResponse(f"/teams?done={word}", status_code=303)
