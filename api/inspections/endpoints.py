"""Inspectors' rooms: opening, extending and closing them, and the questions asked in them."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from fastapi import Path, Response

from api.inspections.answers_document import AnswersFileKind, answers_file
from api.inspections.reading import (
    open_cases,
    opened_by,
    resource_of,
    room_words,
    rooms_of,
    with_names,
)
from api.inspections.schemas import (
    OpenedLineOut,
    OpenedRoomOut,
    RoomAuditOut,
    RoomOut,
    RoomsOut,
)
from api.json.command_endpoint import command_endpoint
from api.json.deps import Call
from api.json.routing import ApiRouter
from api.lists.files import download
from api.web.access_notes import Look
from projections.inspections import queries
from projections.inspections.tables import RoomRow
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import NotFound
from qa.inspections import handlers
from qa.inspections.events import inspection_stream

router = ApiRouter(prefix="/inspections", tags=["inspections"])

RoomId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the room.")]


def _added(call: Call, row: RoomRow) -> dict[str, Any]:
    """What both answers add to the columns of a row."""
    audits, children = open_cases(call.connection, call.actor, row)
    return {
        "scope": row.within,
        "audits": [RoomAuditOut(audit=one, reference=name) for one, name in audits.items()],
        "children": list(children),
        "tools": list(row.tools_named),
        "version": row.stream_version,
        **room_words(row, call.at.on),
    }


def _opened(look: Look, room: str) -> RoomRow:
    """A room for one of its two sides."""
    actor = look.actor
    found = queries.room(look.connection, room, position=look.at.own_position(actor.pin))
    own = found is not None and found.inspector == actor.person
    if found is None or not (
        own or can(actor, "run-inspection", resource_of(look.connection, found)).allowed
    ):
        raise NotFound("There is no such inspector room.")
    return found


@router.get("", operation_id="listInspectorRooms")
def list_rooms(call: Call) -> RoomsOut:
    """Every room within the reader's own reach, the latest to end first."""
    require(call.actor, "run-inspection")
    found = rooms_of(call.connection, call.actor, position=call.at.position)
    return RoomsOut(rooms=[RoomOut.of(row, **_added(call, row)) for row in found])


@router.record("/{room}", operation_id="readInspectorRoom")
def read_room(call: Call, room: RoomId, response: Response) -> OpenedRoomOut:
    """A room with its questions and answers and what was last opened, for both of its sides."""
    position = call.at.own_position(call.actor.pin)
    found = _opened(call, room)
    if position is None and call.at.true_on is None:
        response.headers["ETag"] = f'"{found.stream_version}"'
    lines, _ = opened_by(call, found)
    spoken = queries.questions(call.connection, room, position=position)
    return OpenedRoomOut.of(
        found,
        **_added(call, found),
        questions=with_names(call.connection, spoken, call.at.position),
        opened=[OpenedLineOut.model_validate(line) for line in lines],
    )


@router.file(
    "/{room}/questions.{file}", get_args(AnswersFileKind), operation_id="exportInspectorQuestions"
)
def export_questions(call: Call, room: RoomId, file: AnswersFileKind) -> Response:
    """Questions and answers of a room as a document, for both of its sides."""
    at = call.at
    found = _opened(call, room)
    body = answers_file(call, found, file)
    call.note(inspection_stream(room), f"questions.{file}", what=What.EXPORT)
    return download(body, f"questions-{at.file_stamp}.{file}", at)


command_endpoint(router, "POST", "", handlers.open_room, located_by="room")
command_endpoint(router, "POST", "/{room}/extension", handlers.extend_room, status=200)
command_endpoint(router, "POST", "/{room}/reach", handlers.change_reach, status=200)
command_endpoint(router, "POST", "/{room}/closure", handlers.close_room, status=200)
command_endpoint(router, "POST", "/{room}/questions", handlers.ask, located_by="question")
command_endpoint(router, "POST", "/{room}/questions/{question}/answers", handlers.answer)
