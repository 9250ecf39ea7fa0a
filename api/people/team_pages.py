"""The teams of the council: the list, opening, renaming and closing one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Path, Request
from starlette.responses import RedirectResponse, Response

from api.lists.files import list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.people.listing import team_list
from api.web.boxes import Box, drawn
from api.web.changes import Trouble, key_of, new_key, seen, tried
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.dates import day_in
from api.web.forms import Errors, flat
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, command_box, command_step, form_routes
from projections.people import queries
from projections.people.tables import PlacedTeam
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import can, require
from qa.core.errors import NotFound
from qa.core.words import CODE
from qa.people import handlers
from qa.people.commands import ChangeTeamService, CloseTeam, OpenTeam, RenameTeam
from qa.store.unit import Receipt

router = PageRouter(prefix="/teams")
NAVIGATION = NavigationItem("Teams", "/teams", 195, NavigationSection.SET_UP, "read-people")

TeamCode = Annotated[str, Path(pattern=CODE)]
DONE = {
    "new": "The team is open.",
    "renamed": "The team is renamed. Records made before keep its old name.",
    "closed": "The team is closed to new audits.",
    "reopened": "The team is open again.",
    "moved": "The service of the team is changed. Records made before keep theirs.",
}


@router.get("")
def list_teams(request: Request, reading: Reader) -> Response:
    links = []
    if can(reading.actor, "manage-people").allowed:
        links.append(("Open a team", "/teams/new"))
    if can(reading.actor, "import-teams").allowed:
        links.append(("Import teams from a spreadsheet", "/imports/new?kind=teams"))
    return list_page(
        reading,
        team_list(reading),
        said=reading.notice(DONE),
        links=links,
    )


list_files(router, "", team_list)


def _opening(services: Sequence[str]) -> list[Box]:
    service = command_box(OpenTeam, "service_name")
    known = f" There are: {', '.join(services)}." if services else ""
    return [command_box(OpenTeam, "name"), replace(service, hint=service.hint + known)]


OPEN: FormStep[Sequence[str]] = replace(
    command_step(
        handlers.open_team,
        title="Open a team",
        button="Open the team",
        done="The team is open.",
        verb="manage-people",
    ),
    boxes=_opening,
)
NEW = At.step("/teams", "new")


def _services(teams: Iterable[PlacedTeam]) -> list[str]:
    return sorted({team.service_name for team in teams})


def _new(reading: Reader) -> tuple[FormStep[Sequence[str]], Sequence[str], At]:
    require(reading.actor, "manage-people")
    return OPEN, _services(queries.teams(reading.connection, with_closed=True)), NEW


form_routes(router, "/new", _new)


def _found(reading: Reading, code: str) -> PlacedTeam:
    require(reading.actor, "manage-people")
    found = queries.team(reading.connection, code, position=reading.at.position, day=reading.at.on)
    if found is None:
        raise NotFound("There is no such team.")
    return found


@router.get("/{team}")
def show_team(team: TeamCode, reading: Reader) -> Response:
    return _team(reading, _found(reading, team), {}, Errors())


def _team(
    reading: Reading,
    found: PlacedTeam,
    typed: Mapping[str, str],
    errors: Errors,
    status: int = 200,
) -> Response:
    open_teams = queries.teams(reading.connection, position=reading.at.position, day=reading.at.on)
    names = {one.team: one.name for one in open_teams}
    others = [(code, name) for code, name in names.items() if code != found.team]
    services = set(_services(open_teams)) - {found.service_name}
    hint = f"Services there are: {', '.join(sorted(services))}" if services else ""
    boxes = (
        command_box(RenameTeam, "name", value=found.name),
        replace(command_box(ChangeTeamService, "service_name"), hint=hint),
        command_box(ChangeTeamService, "on"),
        command_box(CloseTeam, "successor", [("", "None"), *others]),
    )
    shown = {box.name: box.value for box in boxes} | dict(typed)
    return reading.page(
        "people/team.html",
        status=status,
        title=f"Team {found.name}",
        errors=errors,
        back=reading.link("/teams"),
        key=new_key(),
        closing=new_key(),
        moving=new_key(),
        team=found,
        boxes=dict(zip((box.name for box in boxes), drawn(boxes, shown, errors), strict=True)),
        successor_name=names.get(found.successor or "", found.successor),
    )


CHANGES: Mapping[str, tuple[CommandHandler[Any], str]] = {
    "name": (handlers.rename_team, "renamed"),
    "close": (handlers.close_team, "closed"),
    "reopen": (handlers.reopen_team, "reopened"),
    "service": (handlers.change_team_service, "moved"),
}
"""What carries out each change to a team, and the word for what was done."""


@router.post("/{team}/{change}")
def change_team(team: TeamCode, change: str, reading: Reader, form: Posted) -> Response:
    found = _found(reading, team)
    if change not in CHANGES:
        raise NotFound("There is no page at this address.")
    handler, word = CHANGES[change]
    typed = flat(form)
    fields = [name for name in handler.command.model_fields if name != "team"]

    def do() -> Receipt:
        values = {name: day_in(typed, name) if name == "on" else typed.get(name, "").strip()
                 for name in fields}  # fmt: skip
        command = handler.command(team=team, **values)
        key = key_of(form)
        return handler(reading.desk, command, by=reading.actor, seen=seen(form), key=key)

    done = tried(do, fields)
    if isinstance(done, Trouble):
        return _team(reading, found, typed, done.errors, done.status)
    return RedirectResponse(f"/teams?done={word}", status_code=303)
