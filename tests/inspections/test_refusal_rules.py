"""What an inspector's room refuses, by name."""

from __future__ import annotations

from datetime import date

from qa.inspections import decisions, events
from qa.inspections.decisions import LONGEST_TEXT, Room
from tests.inspections.support import TODAY, room
from tests.support.given import codes_of

CLOSED = room(events.InspectorRoomClosed())


def ask(state: Room, text: str = "Who saw the child?", today: date = TODAY) -> list[str]:
    return codes_of(
        lambda: decisions.ask(state, question="q1", asked=text, subject="", today=today)
    )


def test_questions_are_asked_while_the_room_is_open() -> None:
    assert ask(room()) == []
    assert ask(room(), today=date(2026, 3, 1)) == ["room-not-open"]
    assert ask(room(), today=date(2026, 4, 1)) == ["room-not-open"]
    assert ask(CLOSED) == ["room-not-open"]


def test_a_closed_room_stays_closed() -> None:
    extend = decisions.extend
    assert codes_of(lambda: extend(CLOSED, until=date(2026, 4, 1), today=TODAY)) == ["room-closed"]
    assert codes_of(lambda: decisions.close(CLOSED, reason="Again.")) == ["room-closed"]


def test_questions_and_answers_are_words_of_some_length() -> None:
    assert ask(room(), " ") == ["asked-missing"]
    assert ask(room(), "x" * LONGEST_TEXT) == []
    assert ask(room(), "x" * (LONGEST_TEXT + 1)) == ["asked-long"]
    asked = decisions.ask(room(), question="q1", asked="Who?", subject="", today=TODAY)

    def answer(text: str) -> list[str]:
        return codes_of(lambda: decisions.answer(room(*asked), question="q1", answer=text))

    assert answer("x" * LONGEST_TEXT) == []
    assert answer("x" * (LONGEST_TEXT + 1)) == ["answer-long"]
