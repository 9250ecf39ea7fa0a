"""The list of actions, and exactly that list as a file."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.actions import reading as action_reading
from api.actions.listing import action_listing
from api.navigation import NavigationItem
from api.records.narrowing import require_known_in
from api.web import access_notes
from api.web.context import Reader, Reading
from api.web.forms import Errors
from api.web.listings import TYPES, render_listing
from api.web.paging import Page, pagination
from projections.actions.queries import ActionFilter, is_late
from projections.audits import queries as audit_queries
from projections.people import queries as people_queries
from qa.actions.states import ActionState
from qa.actions.words import RAISED_BY_LABELS
from qa.audits.words import ACTION_KINDS
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import Refused
from qa.core.words import Resource

router = APIRouter()
NAVIGATION = NavigationItem("Actions", "/actions", 60, "read-action")

PAGE = 25
VIEWS = {
    "mine": "My own",
    "team": "My team’s",
    "overdue": "Overdue",
    "overdue-first": "Overdue by their first date",
    "evidence": "Waiting for their evidence to be checked",
    "impact": "Impact can be checked now",
}
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


def asked(request: Request) -> dict[str, str]:
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


def _cursor(request: Request, name: str) -> int | None:
    given = request.query_params.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else None


def may_list(reading: Reading) -> None:
    require(reading.actor, "read-action", Resource(person=reading.actor.person, somewhere=True))


@router.get("/actions")
def list_actions(request: Request, reading: Reader) -> Response:
    """The actions that the reader may see, narrowed as asked."""
    may_list(reading)
    choices = _choices(reading)
    query = asked(request)
    wanted = narrowed(reading, query)
    require_known_in(reading.connection, wanted)
    connection, actor, at = reading.connection, reading.actor, reading.at
    before, after = _cursor(request, "before"), _cursor(request, "after")
    # The kit's cursors: "after" is the next page of a list that goes from newest to oldest.
    rows = action_reading.listed(
        connection, actor, wanted, at, before=after, after=before, limit=PAGE + 1
    )
    more = len(rows) > PAGE
    if more:
        rows = rows[1:] if before is not None else rows[:PAGE]
    older = bool(rows) and (more or before is not None)
    newer = bool(rows) and ((more and before is not None) or after is not None)
    page = Page(
        rows,
        next=str(rows[-1]["opened"]) if older else None,
        previous=str(rows[0]["opened"]) if newer else None,
    )
    names = people_queries.names(connection, {row["owner"] for row in rows}, position=at.position)
    references = audit_queries.references(connection, {row["audit"] for row in rows} - {""})
    named = people_queries.places(connection, position=at.position)
    return reading.page(
        "actions/list.html",
        title="Actions",
        wide=True,
        errors=Errors(reading.wrong.faults),
        rows=[_line(row, reading, names, references, named) for row in rows],
        total=action_reading.counted(connection, actor, wanted, at),
        query=query,
        choices={
            name: [{"value": "", "text": "Any"}]
            + [{"value": code, "text": text} for code, text in known.items()]
            for name, known in choices.items()
        },
        labels=NAMES,
        chosen=[
            {
                "text": f"{NAMES[name]}: {choices[name].get(value, value)}",
                "href": reading.link("/actions", {k: v for k, v in query.items() if k != name}),
            }
            for name, value in query.items()
        ],
        pages=pagination(page, "/actions", {**query, **reading.moment}),
        may_export=can(actor, "export").allowed,
        may_raise=can(actor, "raise-action").allowed and not at.is_past,
        reads_policy=can(actor, "read-tool").allowed,
    )


def _line(
    row: dict[str, Any],
    reading: Reading,
    names: dict[str, str],
    references: dict[str, str],
    named: dict[str, tuple[str, str]],
) -> dict[str, Any]:
    day = reading.at.on
    return {
        "action": row["action"],
        "text": row["text"] or "Opens on its own page",
        "reference": references.get(row["audit"], ""),
        "child": row["child"],
        "source": row["source"] or RAISED_BY_LABELS[row["raised_by"]],
        "owner": names.get(row["owner"], row["owner"]),
        "team": named.get(row["team"], (row["team"], ""))[0],
        "state": ActionState(row["state"]).label,
        "due_on": row["due_on"],
        "first_due_on": row["first_due_on"],
        "moved": row["moved"],
        "late": is_late(row, day),
        "late_first": is_late(row, day, "first"),
    }


@router.get("/actions/export.{kind}")
def export_actions(request: Request, reading: Reader, kind: Literal["csv", "xlsx"]) -> Response:
    """Exactly the list that the page with the same query shows, all of its pages."""
    may_list(reading)
    require(reading.actor, "export")
    if reading.wrong:
        raise Refused(reading.wrong.faults)
    choices = _choices(reading)
    query = asked(request)
    listing = action_listing(
        reading.services,
        reading.connection,
        reading.actor,
        reading.at,
        narrowed(reading, query),
        said=[(NAMES[name], choices[name].get(value, value)) for name, value in query.items()],
    )
    written = render_listing(listing, kind)
    detail = ", ".join(sorted(query))
    access_notes.note(
        reading.services,
        reading.actor,
        What.EXPORT,
        f"actions.{kind}",
        detail=detail,
        at=reading.at,
    )
    stamp = reading.at.file_stamp
    return Response(
        written,
        media_type=TYPES[kind],
        headers={
            **reading.at.headers,
            "Content-Disposition": f'attachment; filename="actions-{stamp}.{kind}"',
        },
    )
