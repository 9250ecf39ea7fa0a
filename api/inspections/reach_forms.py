"""What a room opens, as it is asked for on a form: the scope, the cases, the tools."""

from __future__ import annotations

from typing import Any

from api.inspections.reading import open_cases, scopes, tools_of
from api.web.boxes import Box, FormValues
from api.web.context import Reading
from api.web.steps import command_box
from projections.inspections.tables import RoomRow
from qa.core.command import Command
from qa.core.errors import Refused
from qa.core.words import Scope

REACH = ("scope", "cases", "tools")


def reach_boxes(reading: Reading, command: type[Command], room: RoomRow | None = None) -> list[Box]:
    """The boxes, with what the room opens now, as far as the reader may know of it."""
    connection, cases, tools = reading.connection, list[str](), tuple[str, ...]()
    if room is not None:
        audits, children = open_cases(connection, reading.actor, room)
        cases, tools = [*audits.values(), *children], room.tools_named
    offered = scopes(connection)
    return [
        command_box(command, "scope", offered, "council" if room is None else room.scope),
        command_box(command, "cases", value="\n".join(cases)),
        command_box(command, "tools", tools_of(connection), "\n".join(tools)),
    ]


def reach_typed(values: FormValues) -> dict[str, Any]:
    """What was typed, by the fields of the command.

    Raises:
        Refused: a scope that is none.
    """
    try:
        scope = Scope.of(values.text("scope") or "council")
    except ValueError:
        sentence = "Choose a scope from the list."
        raise Refused(sentence, field="scope", code="scope-unknown") from None
    return {"scope": scope, "cases": values.lines("cases"), "tools": values.several("tools")}
