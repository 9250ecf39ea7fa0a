"""Named views: the list of them, keeping and removing one, and the list or file that one means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs, urlencode

from fastapi import Path
from starlette.responses import RedirectResponse, Response

from api.lists.files import ListFileKind
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.views import reading as view_reading
from api.views.listing import NOBODY, view_list
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, Options, command_step, form_routes
from qa.authorisation.policy import can, require
from qa.core.fields import ID
from qa.core.policy_lines import STAFF
from qa.views import handlers

router = PageRouter(prefix="/views")
NAVIGATION = NavigationItem("Saved lists", "/views", 17, NavigationSection.HOME, "keep-view")
ViewId = Annotated[str, Path(pattern=ID)]


@dataclass(frozen=True, slots=True)
class ViewForm:
    """What the form is given: the list as it is arranged, and who the view can be shared with."""

    path: str
    query: str
    roles: Options


KEEP: FormStep[ViewForm] = command_step(
    handlers.keep,
    title="Save this list",
    button="Save the list",
    done="The list is saved.",
    intro=(
        "Its filters, columns and order are saved, not the words that you searched for. It "
        "replaces your own saved list of the same name.",
    ),
    verb="keep-view",
    asks=("name", "role"),
    choices={"role": lambda view: view.roles},
    target=lambda view: {"path": view.path, "query": view.query},
)
REMOVE: FormStep[str] = command_step(
    handlers.remove,
    title="Remove this saved list",
    button="Remove it",
    done="The saved list is removed.",
    intro=("It goes for everybody it is shared with. The records in it stay as they are.",),
    verb="keep-view",
    warns=True,
    target=lambda view: {"view": view},
)


@router.get("")
def list_views(reading: Reader) -> Response:
    require(reading.actor, "keep-view")
    rows = view_reading.views(reading.connection, reading.actor, position=reading.at.position)
    done = {"new": KEEP.done, "remove": REMOVE.done}
    notice = reading.notice(done)
    return list_page(reading, view_list(reading, rows), said=notice)


def _new(reading: Reader) -> tuple[FormStep[ViewForm], ViewForm, At]:
    given = reading.request.query_params
    path, query = given.get("list", ""), given.get("query", "")
    shares = STAFF if can(reading.actor, "share-view").allowed else ()
    roles = [("", NOBODY), *((role.value, role.label) for role in shares)]
    here = f"/views/new?{urlencode({'list': path, 'query': query})}"
    return KEEP, ViewForm(path, query, roles), At(here, "/views")


form_routes(router, "/new", _new)


@router.get("/{view}")
def show_view(view: ViewId, reading: Reader) -> Response:
    """The list itself, with its filter, columns and order, at the moment asked for."""
    return _onward(reading, view)


@router.get("/{view}/export.{kind}")
def export_view(view: ViewId, kind: ListFileKind, reading: Reader) -> Response:
    """The same as a file."""
    return _onward(reading, view, f"/export.{kind}")


def _onward(reading: Reading, view: str, ending: str = "") -> Response:
    row = view_reading.view(reading.connection, reading.actor, view, position=reading.at.position)
    return RedirectResponse(reading.link(row.path + ending, parse_qs(row.query)), status_code=303)


def _remove(reading: Reader, view: ViewId) -> tuple[FormStep[str], str, At]:
    row = view_reading.view(reading.connection, reading.actor, view)
    at = At(f"/views/{view}/remove", "/views", row.stream_version, caption=row.name)
    return REMOVE, view, at


form_routes(router, "/{view}/remove", _remove)
