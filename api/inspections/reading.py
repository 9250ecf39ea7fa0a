"""What pages and the API tell of an inspector's room: its state, and what was opened in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from api.access.listing import told
from projections.inspections import queries as inspection_queries
from projections.people import queries
from qa.authorisation.policy import can
from qa.core.clock import from_microseconds, start_of_day
from qa.core.words import Actor, Resource, Scope, part_of_council
from qa.security import access_log
from qa.security.access_log import AccessLogFilter

PAGE = 50


def resource_of(connection: Connection, room: Mapping[str, Any]) -> Resource:
    """The room as the policy table sees it: as much of the council as it opens."""
    teams = queries.teams(connection, with_closed=True)
    services = {one["team"]: one["service"] for one in teams}
    return part_of_council(room["scope"], services, room["inspector"])


def rooms_of(
    connection: Connection, actor: Actor, *, position: int | None = None
) -> list[dict[str, Any]]:
    """The rooms that the reader runs, the latest to end first."""
    return [
        room
        for room in inspection_queries.rooms(connection, position=position)
        if can(actor, "run-inspection", resource_of(connection, room)).allowed
    ]


def room_words(room: Mapping[str, Any], today: date) -> dict[str, Any]:
    """A room with its state in words: ``open``, ``closed``, ``over`` or ``not yet open``."""
    day = today.isoformat()
    if room["closed"]:
        state = "Closed"
    elif day > room["until"]:
        state = "Over"
    elif day < room["since"]:
        state = "Not yet open"
    else:
        state = "Open"
    scope: Scope = room["scope"]
    reach = "The whole council" if scope.code is None else f"The {scope.kind} {scope.code}"
    return {**room, "state": state, "reach": reach}


def scopes(connection: Connection) -> list[dict[str, str]]:
    """What a room can be narrowed to."""
    teams = queries.teams(connection, with_closed=True)
    services = {one["service"]: one["service_name"] for one in teams}
    return [
        {"value": "council", "text": "The whole council"},
        *({"value": f"service:{code}", "text": name} for code, name in sorted(services.items())),
        *({"value": f"team:{one['team']}", "text": one["name"]} for one in teams),
    ]


def opened_by(
    connection: Connection, actor: Actor, room: Mapping[str, Any], *, before: str = ""
) -> tuple[list[dict[str, Any]], str]:
    """What the inspector opened since the room began, the latest first, and the next cursor.

    Both sides see the same lines; they come from the access log, which nobody can edit.
    """
    cursor = int(before) if before.isdecimal() and len(before) < 19 else None
    begun = start_of_day(date.fromisoformat(room["since"]))
    asked = AccessLogFilter(person=room["inspector"], since=begun)
    found = access_log.page(connection, asked, before=cursor, limit=PAGE + 1)
    lines = found[:PAGE]
    return told(connection, actor, lines), str(lines[-1].id) if len(found) > PAGE else ""


def with_names(
    connection: Connection, actor: Actor, asked: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Questions and answers with the names of those who wrote them, as the reader knows them."""
    by = {one["by"] for one in asked} | {a["by"] for one in asked for a in one["answers"]}
    names = queries.names(connection, by, position=actor.pin)
    return [
        {
            **one,
            "name": names.get(one["by"], one["by"]),
            "at": from_microseconds(one["recorded_us"]),
            "answers": [
                {
                    **a,
                    "name": names.get(a["by"], a["by"]),
                    "at": from_microseconds(a["recorded_us"]),
                }
                for a in one["answers"]
            ],
        }
        for one in asked
    ]
