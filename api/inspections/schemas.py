"""What the API answers about inspectors' rooms."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from api.access.schemas import AccessOut
from api.json.row_out import RowOut
from projections.inspections.tables import QuestionRow, RoomRow
from qa.core.words import Scope


class RoomAuditOut(BaseModel):
    """An audit that a room is about, with its reference as it was then."""

    audit: str
    reference: str


class RoomOut(RowOut, row=RoomRow, without=("stream_version",)):
    """A room, with its state and reach in words."""

    scope: Scope
    audits: list[RoomAuditOut]
    children: list[str]
    tools: list[str]
    state: str
    reach: str
    version: int


class RoomsOut(BaseModel):
    """The rooms within the reader's own reach, the latest to end first."""

    rooms: list[RoomOut]


class InspectorAnswerOut(RowOut, row=QuestionRow):
    """An answer, with its place in the log and the name of whoever gave it."""

    position: int
    line: int
    name: str
    at: datetime


class QuestionOut(InspectorAnswerOut):
    """A question of the inspector with its answers."""

    answers: list[InspectorAnswerOut]


class OpenedLineOut(AccessOut):
    """A line of the access log: something that the inspector opened."""


class OpenedRoomOut(RoomOut):
    """A room with its questions and answers, and what was last opened in it."""

    questions: list[QuestionOut]
    opened: list[OpenedLineOut]
