"""The list of actions, and exactly that list as a file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fastapi import Request
from starlette.responses import Response

from api.actions import reading as action_reading
from api.actions.clock_pages import TITLE as LIMITS
from api.actions.listing import action_list, action_listing
from api.lists.declaration import ListRequest
from api.lists.files import ListFileKind, send_listing
from api.lists.page import ShownFilter, drawn_page, offered, page_of
from api.navigation import NavigationItem, NavigationSection
from api.records.narrowing import require_known_in
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from projections.actions.queries import ActionFilter
from projections.people import queries as people_queries
from qa.actions.states import ActionState
from qa.actions.words import RAISED_BY_LABELS
from qa.audits.words import ACTION_KINDS
from qa.authorisation.policy import can, require
from qa.core.errors import Refused
from qa.core.words import Resource, Role

router = PageRouter()
NAVIGATION = NavigationItem(
    "Actions",
    "/actions",
    60,
    NavigationSection.ACTIONS,
    "read-action",
    empty_for=frozenset({Role.ADMINISTRATOR}),
)

VIEWS = {
    "mine": "My own",
    "team": "My team’s",
    "overdue": "Overdue",
    "overdue-first": "Overdue by their first date",
    "evidence": "Waiting for their evidence to be checked",
    "impact": "Impact can be checked now",
}
DECIDED = {"team": "team", "evidence": "state"}
"""The filter that a view decides, whatever is chosen in it."""
NAMES = {"view": "Show", "state": "State", "kind": "Kind", "raised_by": "Raised by",
         "team": "Team", "service": "Service"}  # fmt: skip


def narrowed(reading: Reading, query: dict[str, str]) -> ActionFilter:
    """The filter that a query asks for."""
    day, view = reading.at.on, query.get("view", "")
    state = query.get("state", "")
    return ActionFilter(
        owner=reading.actor.person if view == "mine" else "",
        team=reading.actor.team or "" if view == "team" else query.get("team", ""),
        service=query.get("service", ""),
        state=(ActionState.CLAIMED.value,) if view == "evidence" else (state,) if state else (),
        kind=query.get("kind", ""),
        raised_by=query.get("raised_by", ""),
        late_on=day if view in ("overdue", "overdue-first") else None,
        late_by="first" if view == "overdue-first" else "current",
        verifiable_on=day if view == "impact" else None,
    )


def filters_of(request: Request) -> dict[str, str]:
    """The filters of a request."""
    given = request.query_params
    query = {name: given[name].strip() for name in NAMES if given.get(name, "").strip()}
    if query.get("view", "mine") not in VIEWS:
        raise Refused("There is no such view.", field="view", code="view-unknown")
    return query


def _choices(reading: Reading) -> dict[str, dict[str, str]]:
    teams = people_queries.teams(reading.connection, with_closed=True, position=reading.at.position)
    return {
        "view": VIEWS,
        "state": {state.value: state.label for state in ActionState},
        "kind": ACTION_KINDS,
        "raised_by": RAISED_BY_LABELS,
        "team": {team.team: team.name for team in teams},
        "service": {team.service: team.service_name for team in teams},
    }


def may_list(reading: Reading) -> None:
    require(reading.actor, "read-action", Resource(person=reading.actor.person, somewhere=True))


def _request_of(reading: Reading) -> tuple[ListRequest, ActionFilter]:
    """What the request asks of the list, and the filter that it means."""
    query = filters_of(reading.request)
    wanted = narrowed(reading, query)
    require_known_in(reading.connection, wanted)
    shown = action_list(reading.connection, (), reading.at)
    return shown.request(query, reading.request.query_params), wanted


@router.get("/actions")
def list_actions(reading: Reader) -> Response:
    """The actions that the reader may see, narrowed and sorted as asked."""
    may_list(reading)
    request, wanted = _request_of(reading)
    connection, actor, at = reading.connection, reading.actor, reading.at
    page = page_of(partial(action_reading.listed, connection, actor, wanted, at), request)
    choices, chosen = _choices(reading), request.chosen
    view = chosen.get("view", "")
    filters = {name: code for name, code in chosen.items() if name != DECIDED.get(view)}
    tally = action_reading.tallied(reading, narrowed(reading, {"view": view}))
    shown = drawn_page(
        reading,
        action_list(connection, page.rows, at),
        request,
        page,
        action_reading.counted(reading, wanted) if tally is None else tally.total(filters),
        filters=[
            ShownFilter(
                name,
                label,
                items=offered(
                    choices[name],
                    chosen.get(name, ""),
                    tally.of(name, filters) if tally and name in tally.names else None,
                ),
            )
            for name, label in NAMES.items()
        ],
        chosen=_filter_words(choices, chosen),
    )
    raises = can(actor, "raise-action").allowed and not at.is_past
    limits = (LIMITS, reading.link("/action-policy"))
    return reading.page(
        "lists/list.html",
        title=shown.title,
        wide=True,
        shown=shown,
        links=[
            *([("Raise an action", "/actions/new")] if raises else []),
            *([limits] if can(actor, "read-tool").allowed else []),
        ],
    )


def _filter_words(
    choices: Mapping[str, Mapping[str, str]], chosen: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Each filter that is set: its name, its value in words, and its key."""
    return [(NAMES[name], choices[name].get(value, value), name) for name, value in chosen.items()]


@router.get("/actions/export.{kind}")
def export_actions(reading: Reader, kind: ListFileKind) -> Response:
    """Exactly the list that the page with the same query shows, all of its pages."""
    may_list(reading)
    request, wanted = _request_of(reading)
    connection, at = reading.connection, reading.at
    filters = [(name, words) for name, words, _ in _filter_words(_choices(reading), request.chosen)]
    parts = reading.services, connection, reading.actor, at, wanted, request, filters
    return send_listing(reading, partial(action_listing, *parts), "actions", request, kind)
