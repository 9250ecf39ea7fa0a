"""What can be asked of inspectors' rooms, and in them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.command import Command
from qa.core.fields import (
    FieldWords,
    choice,
    day,
    lines,
    long_text,
    reason_text,
    several,
    short_text,
    target,
)
from qa.core.frozen import Frozen
from qa.core.words import Scope

RoomId = Annotated[str, target("The id of the room.")]
LastDay = Annotated[date, day("Last day", "For example, 31 3 2027")]


def _text_words(label: str, missing: str) -> FieldWords:
    sentence = "It must be 4,000 characters or fewer."
    return long_text(label, missing=missing, longest=4000, sentence=sentence)


Within = Annotated[Scope | None, choice("Scope")]
Cases = Annotated[
    tuple[str, ...],
    lines(
        "Cases (optional)",
        "References of audits or of children, each on a line. If you name any, the room opens "
        "these and no others of its scope.",
    ),
]
Tools = Annotated[
    tuple[str, ...],
    several("Tools (optional)", "If you choose any, the room opens what was made with these."),
]


class CasesLeftOut(Frozen):
    """The cases that were named and are left out, because the records of the child are restricted
    to people who are named."""

    left_out: tuple[str, ...] = ()


class RoomMade(Frozen):
    """The id of the room, and the cases that were named and are left out."""

    room: str
    left_out: tuple[str, ...] = ()


class OpenInspectorRoom(Command, writes="inspection:{room}", result=RoomMade):
    """Open a room for a person who holds no role; with `pinned_on`, as known at that day's end."""

    inspector: Annotated[str, choice("Inspector")]
    title: Annotated[
        str,
        short_text(
            "Which inspection",
            "For example, Focused visit, November 2026",
            missing="Say which inspection it is.",
            longest=120,
            sentence="The name must be 120 characters or fewer.",
        ),
    ]
    until: LastDay
    since: Annotated[date | None, day("First day (optional)", "Today, if left empty")] = None
    scope: Within = None
    cases: Cases = ()
    tools: Tools = ()
    pinned_on: Annotated[
        date | None,
        day(
            "Pin to a day (optional)",
            "The inspector sees what was known at the end of that day, and nothing later.",
        ),
    ] = None


class ExtendInspectorRoom(Command, stream="inspection:{room}"):
    """Move the last day of a room."""

    room: RoomId
    until: LastDay
    reason: Annotated[str, FieldWords(label="Why")] = ""


class ChangeInspectorRoomReach(Command, stream="inspection:{room}", result=CasesLeftOut):
    """Say anew what a room opens; what is left out is no longer open from now on."""

    room: RoomId
    scope: Within = None
    cases: Cases = ()
    tools: Tools = ()
    reason: Annotated[
        str,
        reason_text(
            "Why is it changed?", missing="Say why what it opens is changed.", widget="text"
        ),
    ]


class CloseInspectorRoom(Command, stream="inspection:{room}"):
    """Close a room at once."""

    room: RoomId
    reason: Annotated[
        str, reason_text("Why is it closed?", missing="Say why the room is closed.", widget="text")
    ]


class QuestionMade(Frozen):
    """The id of the question."""

    question: str


class AskInInspectorRoom(Command, writes="inspection:{room}", result=QuestionMade):
    """Ask the council a question from one's own room."""

    room: RoomId
    asked: Annotated[str, _text_words("Ask a question", "Write your question.")]
    subject: Annotated[
        str,
        FieldWords(
            label="About which record (optional)",
            hint="For example, audit CA-12 or the agreement report",
        ),
    ] = ""


class AnswerInInspectorRoom(Command, writes="inspection:{room}"):
    """Answer a question of the inspector."""

    room: RoomId
    question: Annotated[str, target("The id of the question.")]
    answer: Annotated[str, _text_words("Answer", "Write the answer.")]
