"""Who there is: the list, and making somebody known."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.navigation import NavigationItem, NavigationSection
from api.people.reading import has_left
from api.people.sign_in import enrolled
from api.people.steps import Offered, offered, places
from api.web.boxes import FormValues
from api.web.context import Reader
from api.web.steps import At, FormStep, Sent, command_step, form_routes
from projections.people import queries
from qa.authorisation.policy import can, require
from qa.people import handlers
from qa.store.unit import Receipt

router = APIRouter(prefix="/people")
NAVIGATION = NavigationItem("People", "/people", 190, NavigationSection.SET_UP, "read-people")


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
        if sought.casefold() in f"{row.name} {row.handle}".casefold()
    ]
    day = reading.at.on
    roles = {
        row.person: [
            grant
            for grant in queries.grants(connection, row.person, position=position)
            if grant.holds_on(day)
        ]
        for row in found
    }
    return reading.page(
        "people/list.html",
        title="People",
        wide=True,
        rows=found,
        gone={row.person for row in found if has_left(row, day)},
        roles=roles,
        places=places(reading),
        sought=sought,
        departed=departed,
        may_manage=can(reading.actor, "manage-people").allowed,
    )


def _add(view: Offered, asked: FormValues, sent: Sent) -> Receipt:
    done = _ADD.do(view, asked, sent)
    enrolled(sent["desk"].store, str(done.response["person"]), str(done.response["handle"]))
    return done


_ADD: FormStep[Offered] = command_step(
    handlers.add_person,
    title="Add a person",
    button="Add the person",
    done="The person is added. Give them a role, and a code to set their password.",
    verb="manage-people",
    choices={"team": lambda view: view.teams, "manager": lambda view: view.managers},
)
ADD = replace(_ADD, do=_add)
NEW = At("/people/new", "/people")


def _new(reading: Reader) -> tuple[FormStep[Offered], Offered, At]:
    return ADD, offered(reading), NEW


form_routes(router, "/new", _new, "/people/{person}")
