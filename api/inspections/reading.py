"""What pages and the API tell of an inspector's room: its state, and what was opened in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from api.access.listing import Line, access_list, in_words
from api.inspections.schemas import InspectorAnswerOut, QuestionOut
from api.lists.page import ShownList, whole_table
from api.web.access_notes import Look
from api.web.context import Reading
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.inspections import queries as inspection_queries
from projections.inspections.queries import Spoken
from projections.inspections.tables import RoomRow
from projections.people import queries
from qa.authorisation.policy import can
from qa.core.clock import start_of_day
from qa.core.naming import reference_key
from qa.core.words import Actor, Resource, part_of_council
from qa.security import access_log
from qa.security.access_log import AccessLogFilter

PAGE = 50


def resource_of(connection: Connection, room: RoomRow) -> Resource:
    """The room as the policy table sees it, of the present: as much of the council as it opens."""
    teams = queries.teams(present(connection), with_closed=True)
    services = {one.team: one.service for one in teams}
    return part_of_council(room.within, services, room.inspector)


def rooms_of(connection: Connection, actor: Actor, *, position: int | None = None) -> list[RoomRow]:
    """The rooms that the reader runs, the latest to end first."""
    return [
        room
        for room in inspection_queries.rooms(connection, position=position)
        if can(actor, "run-inspection", resource_of(connection, room)).allowed
    ]


def room_words(room: RoomRow, today: date) -> dict[str, str]:
    """The state of a room and its reach, in words."""
    day = today.isoformat()
    if room.closed:
        state = "Closed"
    elif day > room.until:
        state = "Over"
    elif day < room.since:
        state = "Not yet open"
    else:
        state = "Open"
    scope = room.within
    part = "The whole council" if scope.code is None else f"The {scope.kind} {scope.code}"
    # Not how many: the page lists those that its reader may know of. History and comparison count
    # all of them and name none (ADR 60), so that no change of a room goes unseen.
    kept = ["cases that are named"] if room.cases else []
    kept += ["tools that are named"] if room.tools_named else []
    return {"state": state, "reach": ": ".join(filter(None, (part, ", ".join(kept))))}


def tools_of(connection: Connection, position: int | None = None) -> list[tuple[str, str]]:
    """The tools that a room can be narrowed to, with what they are called."""
    rows = tool_queries.tools(connection, position=position)
    return [(row.tool, row.title) for row in rows]


def open_cases(
    connection: Connection, actor: Actor, room: RoomRow
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The audits and children that the room is about, but those whose records are restricted from
    the reader: nobody else learns that they are there."""
    closed = audit_queries.restricted_from(connection, actor)
    audits = {one: name for one, name in room.audits_named.items() if one not in closed}
    children = (c for c in room.children_named if reference_key(c) not in actor.closed)
    return audits, tuple(children)


def cases_words(
    connection: Connection, actor: Actor, room: RoomRow, position: int | None = None
) -> list[tuple[str, str]]:
    """What the room is about, where it is less than its part of the council."""
    titles = dict(tools_of(connection, position))
    audits, children = open_cases(connection, actor, room)
    parts = (
        ("Audits", ", ".join(audits.values())),
        ("Children’s files", ", ".join(children)),
        ("Tools", ", ".join(titles.get(one, one) for one in room.tools_named)),
    )
    return [(label, words) for label, words in parts if words]


def left_out_words(response: Mapping[str, Any]) -> str:
    """How many of the cases that were named are left out, for the address that follows."""
    left_out = len(response["left_out"])
    return f"&left_out={left_out}" if left_out else ""


def done_words(sentence: str, left_out: str) -> str:
    """What was done, and that cases were left out."""
    if not (sentence and left_out.isdecimal()):
        return sentence
    cases = "1 case is" if left_out == "1" else f"{left_out} cases are"
    return f"{sentence} {cases} left out: their records are restricted to people who are named."


def scopes(connection: Connection) -> list[tuple[str, str]]:
    """What a room can be narrowed to."""
    teams = queries.teams(connection, with_closed=True)
    services = {one.service: one.service_name for one in teams}
    return [
        ("council", "The whole council"),
        *((f"service:{code}", name) for code, name in sorted(services.items())),
        *((f"team:{one.team}", one.name) for one in teams),
    ]


def opened_by(look: Look, room: RoomRow, *, before: str = "") -> tuple[list[dict[str, Any]], str]:
    """What the inspector opened since the room began, the latest first, and the next cursor.

    Both sides see the same lines; they come from the access log, which nobody can edit.
    """
    cursor = int(before) if before.isdecimal() and len(before) < 19 else None
    begun = start_of_day(date.fromisoformat(room.since))
    log_filter = AccessLogFilter(
        person=room.inspector, since=begun, upto=look.at.until(look.actor.pin)
    )
    found = access_log.page(look.connection, log_filter, before=cursor, limit=PAGE + 1)
    lines = found[:PAGE]
    onward = str(lines[-1].id) if len(found) > PAGE else ""
    return in_words(look.connection, look.actor, lines, look.at.position), onward


def opened_lines(reading: Reading, path: str, lines: Sequence[Line]) -> ShownList:
    """What the inspector opened, as both sides' pages show it; `path` is where lines are sought."""
    empty = ("Nothing was opened yet", "Every page, search and file will be listed here.")
    title = "What the inspector opened"
    return whole_table(reading, replace(access_list(path, lines), title=title, empty=empty))


def with_names(
    connection: Connection, questions: list[Spoken], position: int | None
) -> list[QuestionOut]:
    """Questions and answers with the names of those who wrote them, as the reader knows them."""
    by = {one.row.by for each in questions for one in (each, *each.answers)}
    names = queries.names(connection, by, position=position)

    def told_by(one: Spoken) -> dict[str, Any]:
        name = names.get(one.row.by, one.row.by)
        return {"position": one.position, "line": one.line, "name": name, "at": one.row.at}

    return [
        QuestionOut.of(
            one.row,
            **told_by(one),
            answers=[InspectorAnswerOut.of(each.row, **told_by(each)) for each in one.answers],
        )
        for one in questions
    ]
