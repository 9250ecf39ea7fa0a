"""The read rows of inspections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import orjson

from projections.core.typed_rows import JsonText, Position, ReadJournal, ReadTable, texts
from qa.core.clock import from_microseconds
from qa.core.words import Scope


class RoomRow(NamedTuple):
    """An inspector's room; `scope` is its kind, or ``kind:code``. `audits` holds pairs of an id and
    a reference."""

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
    audits: JsonText = JsonText("[]")
    children: JsonText = JsonText("[]")
    tools: JsonText = JsonText("[]")

    @property
    def within(self) -> Scope:
        return Scope.of(self.scope)

    @property
    def audits_named(self) -> Mapping[str, str]:
        """The reference, as it was then, of each audit that the room is about."""
        return dict(orjson.loads(self.audits))

    @property
    def children_named(self) -> tuple[str, ...]:
        return texts(self.children)

    @property
    def tools_named(self) -> tuple[str, ...]:
        return texts(self.tools)

    @property
    def cases(self) -> tuple[str, ...]:
        """The references of the cases that the room is about; none where it is about all."""
        return (*self.audits_named.values(), *self.children_named)


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
