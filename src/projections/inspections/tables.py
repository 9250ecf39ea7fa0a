"""The read rows of inspections."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from projections.core.typed_rows import Position, ReadJournal, ReadTable
from qa.core.clock import from_microseconds
from qa.core.words import Scope


class RoomRow(NamedTuple):
    """An inspector's room; `scope` is its kind, or ``kind:code``."""

    room: str
    stream_version: int
    title: str
    inspector: str
    scope: str
    since: str
    until: str
    pin: Position | None
    pinned_on: str | None
    closed: int = 0
    closed_because: str | None = None

    @property
    def within(self) -> Scope:
        return Scope.of(self.scope)


class QuestionRow(NamedTuple):
    """A question or an answer, in the order in which they were said."""

    room: str
    question: str
    is_answer: int
    said: str
    subject: str
    by: str
    recorded_us: Position

    @property
    def at(self) -> datetime:
        return from_microseconds(self.recorded_us)


ROOMS = ReadTable(RoomRow, "inspection_row", key=("room",), open_indexes=(("inspector",),))
QUESTIONS = ReadJournal(QuestionRow, "inspection_said", indexes=(("room", "position"),))
inspection_row, inspection_said = ROOMS.table, QUESTIONS.table
