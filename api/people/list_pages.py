"""Who there is: the list, and making somebody known."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from api.lists.files import list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.people.listing import person_list
from api.people.sign_in import enrolled
from api.people.steps import Offered, offered
from api.web.boxes import FormValues
from api.web.context import Reader
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, Sent, command_step, form_routes
from qa.authorisation.policy import can
from qa.core.words import Resource
from qa.people import handlers
from qa.store.unit import Receipt

router = PageRouter(prefix="/people")
NAVIGATION = NavigationItem("People", "/people", 190, NavigationSection.SET_UP, "read-people")


@router.get("")
def list_people(reading: Reader) -> Response:
    links = []
    if can(reading.actor, "join-people", Resource()).allowed:
        links.append(("Names from files", "/people/from-files"))
    if can(reading.actor, "manage-people").allowed:
        links += [
            ("Add a person", "/people/new"),
            ("Import people from a spreadsheet", "/imports/new?kind=people"),
            ("Make one-time codes", "/people/codes"),
        ]
    return list_page(reading, person_list(reading), links=links)


list_files(router, "", person_list)


def _add(view: Offered, form: FormValues, sent: Sent) -> Receipt:
    done = _ADD.do(view, form, sent)
    enrolled(sent["desk"].store, {str(done.response["person"]): str(done.response["handle"])})
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
NEW = At.step("/people", "new")


def _new(reading: Reader) -> tuple[FormStep[Offered], Offered, At]:
    return ADD, offered(reading), NEW


form_routes(router, "/new", _new, "/people/{person}")
