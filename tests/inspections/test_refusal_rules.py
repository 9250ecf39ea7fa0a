"""What an inspector's room refuses, by name."""

from __future__ import annotations

from datetime import date

from qa.inspections import decisions, events
from qa.inspections.commands import (
    AnswerInInspectorRoom,
    AskInInspectorRoom,
    CloseInspectorRoom,
    ExtendInspectorRoom,
)
from qa.inspections.state import Room
from tests.inspections.support import TODAY, room
from tests.support.given import codes_of

LONGEST_TEXT = 4000
CLOSED = room(events.InspectorRoomClosed())


def ask(state: Room, text: str = "Who saw the child?", today: date = TODAY) -> list[str]:
    command = AskInInspectorRoom(room="r1", asked=text)
    return codes_of(lambda: decisions.ask(state, command, question="q1", today=today))


def test_questions_are_asked_while_the_room_is_open() -> None:
    assert ask(room()) == []
    assert ask(room(), today=date(2026, 3, 1)) == ["room-not-open"]
    assert ask(room(), today=date(2026, 4, 1)) == ["room-not-open"]
    assert ask(CLOSED) == ["room-not-open"]


def test_a_closed_room_stays_closed() -> None:
    extend = ExtendInspectorRoom(room="r1", until=date(2026, 4, 1))
    close = CloseInspectorRoom(room="r1", reason="Again.")
    assert codes_of(lambda: decisions.extend(CLOSED, extend, today=TODAY)) == ["room-closed"]
    assert codes_of(lambda: decisions.close(CLOSED, close)) == ["room-closed"]


def test_questions_and_answers_are_words_of_some_length() -> None:
    assert ask(room(), " ") == ["asked-missing"]
    assert ask(room(), "x" * LONGEST_TEXT) == []
    assert ask(room(), "x" * (LONGEST_TEXT + 1)) == ["asked-long"]
    command = AskInInspectorRoom(room="r1", asked="Who?")
    asked = decisions.ask(room(), command, question="q1", today=TODAY)

    def answer(text: str) -> list[str]:
        reply = AnswerInInspectorRoom(room="r1", question="q1", answer=text)
        return codes_of(lambda: decisions.answer(room(*asked), reply))

    assert answer("x" * LONGEST_TEXT) == []
    assert answer("x" * (LONGEST_TEXT + 1)) == ["answer-long"]
