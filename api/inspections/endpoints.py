"""Inspectors' rooms: opening, extending and closing them, and the questions asked in them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Response

from api.inspections.reading import opened_by, resource_of, room_words, rooms_of, with_names
from api.json.deps import Body, Change, New, Present, Reads, ReasonIn, ReceiptOut, Served
from api.json.routing import ApiRouter
from projections.inspections import queries
from qa.authorisation.policy import can, require
from qa.core.clock import civil_day
from qa.core.errors import NotFound
from qa.core.words import Scope
from qa.inspections import commands
from qa.inspections.events import inspection_stream

router = ApiRouter(prefix="/inspections", tags=["inspections"])

RoomId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the room.")]
QuestionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the question.")]


def _out(row: dict[str, Any], today: date) -> dict[str, Any]:
    said = room_words(row, today)
    hidden = ("valid_from", "valid_to", "stream_version", "scope")
    shown = {name: value for name, value in said.items() if name not in hidden}
    scope = row["scope"].model_dump(mode="json")
    return {**shown, "scope": scope, "version": row["stream_version"]}


@router.get("", operation_id="listInspectorRooms")
def list_rooms(services: Served, actor: Reads, connection: Present) -> dict[str, Any]:
    """Every room within the reader's own reach, the latest to end first."""
    require(actor, "run-inspection")
    today = civil_day(services.clock.now())
    return {"rooms": [_out(row, today) for row in rooms_of(connection, actor)]}


@router.record("/{room}", operation_id="readInspectorRoom")
def read_room(
    services: Served, actor: Reads, connection: Present, room: RoomId, response: Response
) -> dict[str, Any]:
    """A room with its questions and answers and what was last opened, for both of its sides."""
    found = queries.room(connection, room)
    own = found is not None and found["inspector"] == actor.person
    if found is None or not (
        own or can(actor, "run-inspection", resource_of(connection, found)).allowed
    ):
        raise NotFound("There is no such inspector room.")
    response.headers["ETag"] = f'"{found["stream_version"]}"'
    lines, _ = opened_by(connection, actor, found)
    return {
        **_out(found, civil_day(services.clock.now())),
        "questions": with_names(connection, actor, queries.said(connection, room)),
        "opened": lines,
    }


class RoomIn(Body):
    inspector: str
    title: str
    until: date
    since: date | None = None
    scope: Scope | None = None
    pinned_on: date | None = None


@router.post("", status_code=201, operation_id="openInspectorRoom")
def open_room(new: New, body: RoomIn) -> ReceiptOut:
    """Open a room for a person who holds no role; with `pinned_on`, as known at that day's end."""
    done = commands.open_room(
        new.desk,
        inspector=body.inspector,
        title=body.title,
        until=body.until,
        since=body.since,
        scope=body.scope,
        pinned_on=body.pinned_on,
        **new.made(body),
    )
    room = str(done.response["room"])
    return new.receipt(done, inspection_stream(room), location=room)


class UntilIn(Body):
    until: date
    reason: str = ""


@router.post("/{room}/extension", operation_id="extendInspectorRoom")
def extend_room(change: Change, room: RoomId, body: UntilIn) -> ReceiptOut:
    """Move the last day of a room."""
    done = commands.extend_room(
        change.desk, room=room, until=body.until, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, inspection_stream(room))


@router.post("/{room}/closure", operation_id="closeInspectorRoom")
def close_room(change: Change, room: RoomId, body: ReasonIn) -> ReceiptOut:
    """Close a room at once."""
    done = commands.close_room(change.desk, room=room, reason=body.reason, **change.made(body))
    return change.receipt(done, inspection_stream(room))


class QuestionIn(Body):
    asked: str
    subject: str = ""


@router.post("/{room}/questions", status_code=201, operation_id="askInInspectorRoom")
def ask(new: New, room: RoomId, body: QuestionIn) -> ReceiptOut:
    """Ask the council a question from one's own room."""
    done = commands.ask(
        new.desk, room=room, asked=body.asked, subject=body.subject, **new.made(body)
    )
    return new.receipt(done, inspection_stream(room), location=str(done.response["question"]))


class InspectorAnswerIn(Body):
    answer: str


@router.post(
    "/{room}/questions/{question}/answers",
    status_code=201,
    operation_id="answerInInspectorRoom",
)
def answer(new: New, room: RoomId, question: QuestionId, body: InspectorAnswerIn) -> ReceiptOut:
    """Answer a question of the inspector."""
    done = commands.answer(
        new.desk, room=room, question=question, answer=body.answer, **new.made(body)
    )
    return new.receipt(done, inspection_stream(room))
