"""Who there is: the list, and making somebody known."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.navigation import NavigationItem, NavigationSection
from api.people.reading import has_left
from api.people.sign_in import enrolled
from api.web.changes import Trouble, new_key, once, tried
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors, text
from projections.core.base import present
from projections.people import queries
from qa.authorisation.policy import can, require
from qa.people.commands import people
from qa.store.unit import Receipt

router = APIRouter(prefix="/people")
NAVIGATION = NavigationItem("People", "/people", 190, NavigationSection.SET_UP, "read-people")

FIELDS = ("handle", "name", "job_title", "team", "manager")


@router.get("")
def list_people(request: Request, reading: Reader) -> Response:
    require(reading.actor, "read-people")
    connection, position = reading.connection, reading.at.position
    departed = request.query_params.get("departed") == "yes"
    sought = request.query_params.get("name", "").strip()
    found = [
        row
        for row in queries.everybody(
            connection, with_departed=departed, position=position, day=reading.at.on
        )
        if sought.casefold() in f"{row['name']} {row['handle']}".casefold()
    ]
    day = reading.at.on
    roles = {
        row["person"]: [
            grant
            for grant in queries.grants(connection, row["person"], position=position)
            if grant.holds_on(day)
        ]
        for row in found
    }
    return reading.page(
        "people/list.html",
        title="People",
        wide=True,
        rows=found,
        gone={row["person"] for row in found if has_left(row, day)},
        roles=roles,
        places=places(reading),
        sought=sought,
        departed=departed,
        may_manage=can(reading.actor, "manage-people").allowed,
    )


def places(reading: Reading) -> dict[str, str]:
    """The name of every team and service, by its kind and code."""
    found: dict[str, str] = {}
    known = present(reading.connection)
    for team in queries.teams(known, with_closed=True, position=reading.at.position):
        found[f"team:{team['team']}"] = team["name"]
        found[f"service:{team['service']}"] = team["service_name"]
    return found


def choices(reading: Reading) -> dict[str, list[dict[str, str]]]:
    """The teams and people that a form offers."""
    teams = queries.teams(reading.connection)
    here = queries.everybody(reading.connection)
    return {
        "team": [
            {"value": one["team"], "text": f"{one['name']} ({one['service_name']})"}
            for one in teams
        ],
        "manager": [{"value": one["person"], "text": one["name"]} for one in here],
    }


@router.get("/new")
def new_person(reading: Reader) -> Response:
    require(reading.actor, "manage-people")
    return _new(reading, {}, Errors())


def _new(reading: Reading, typed: dict[str, str], errors: Errors, status: int = 200) -> Response:
    return reading.page(
        "people/new.html",
        status=status,
        title="Add a person",
        errors=errors,
        back="/people",
        key=new_key(),
        typed=typed,
        offered=choices(reading),
    )


@router.post("/new")
def add_person(request: Request, reading: Reader, form: Posted) -> Response:
    typed = {name: text(form, name) for name in FIELDS}

    def add() -> Receipt:
        given: dict[str, Any] = {name: typed[name] for name in ("handle", "name", "job_title")}
        return people.add_person(
            reading.desk,
            **given,
            team=typed["team"] or None,
            manager=typed["manager"] or None,
            by=reading.actor,
            once=once(form, request),
        )

    done = tried(add, FIELDS)
    if isinstance(done, Trouble):
        return _new(reading, typed, done.errors, done.status)
    person = str(done.response["person"])
    enrolled(reading.services, person, str(done.response["handle"]))
    return RedirectResponse(f"/people/{person}?done=added", status_code=303)
