"""Who may read from outside: opening, extending and closing a room, and what is asked in it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qa.core.errors import NotFound, NotNow, Refused
from qa.core.words import Scope
from qa.inspections import decisions, events
from qa.inspections.commands import (
    AnswerInInspectorRoom,
    AskInInspectorRoom,
    CloseInspectorRoom,
    ExtendInspectorRoom,
    OpenInspectorRoom,
)
from qa.inspections.events import RoomReach
from qa.inspections.state import Room
from tests.inspections.support import OPENED, TODAY, room


def opening(**values: Any) -> list[Any]:
    known = {
        name: values.pop(name, False)
        for name in ("holds_roles", "manages", "owns_action", "has_room")
    }
    command = OpenInspectorRoom(
        **{
            "title": "Focused visit",
            "inspector": "p-out",
            "scope": Scope(kind="service", code="safeguarding"),
            "since": TODAY,
            "until": date(2026, 3, 31),
            "pinned_on": date(2026, 2, 28),
            **values,
        }
    )
    asked = decisions.ReachChoice(RoomReach(scope=command.scope or Scope()))
    return decisions.open_room(command, reach=asked, room="r1", pin=40, today=TODAY, **known)


def extending(until: date) -> ExtendInspectorRoom:
    return ExtendInspectorRoom(room="r1", until=until)


def closing(reason: str) -> CloseInspectorRoom:
    return CloseInspectorRoom(room="r1", reason=reason)


def asking(asked: str, subject: str = "") -> AskInInspectorRoom:
    return AskInInspectorRoom(room="r1", asked=asked, subject=subject)


def answering(question: str, answer: str) -> AnswerInInspectorRoom:
    return AnswerInInspectorRoom(room="r1", question=question, answer=answer)


def test_a_room_is_opened_with_its_scope_dates_and_pin() -> None:
    assert opening() == [OPENED]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"title": " "}, ["title-missing"]),
        ({"title": "x" * 121}, ["title-long"]),
        ({"holds_roles": True}, ["inspector-has-roles"]),
        ({"manages": True}, ["inspector-manages"]),
        ({"owns_action": True}, ["inspector-owns-actions"]),
        ({"has_room": True}, ["inspector-has-room"]),
        ({"since": date(2026, 3, 1)}, ["date-past"]),
        ({"until": date(2026, 3, 1)}, ["date-before-start"]),
        ({"until": date(2027, 3, 5)}, ["room-too-long"]),
        ({"pinned_on": date(2026, 3, 3)}, ["date-future"]),
        ({"title": "", "until": date(2026, 3, 1)}, ["title-missing", "date-before-start"]),
    ],
)
def test_a_room_that_cannot_be_opened_names_every_fault(
    values: dict[str, Any], codes: list[str]
) -> None:
    with pytest.raises(Refused) as refused:
        opening(**values)
    assert [fault.code for fault in refused.value.faults] == codes


def test_a_room_is_open_from_its_first_to_its_last_day_until_it_is_closed() -> None:
    assert room().open_on(TODAY)
    assert room().open_on(date(2026, 3, 31))
    assert not room().open_on(date(2026, 4, 1))
    assert not room().open_on(date(2026, 3, 1))
    assert not room(events.InspectorRoomClosed()).open_on(TODAY)
    assert not Room().open_on(TODAY)


def test_the_last_day_can_be_moved() -> None:
    moved = decisions.extend(room(), extending(date(2026, 4, 30)), today=TODAY)
    assert moved == [events.InspectorRoomExtended(old=date(2026, 3, 31), new=date(2026, 4, 30))]
    assert decisions.extend(room(), extending(date(2026, 3, 31)), today=TODAY) == []
    with pytest.raises(Refused):
        decisions.extend(room(), extending(date(2026, 2, 1)), today=TODAY)
    with pytest.raises(NotNow):
        decisions.extend(
            room(events.InspectorRoomClosed()),
            extending(date(2026, 4, 1)),
            today=TODAY,
        )


def test_a_room_is_closed_once_and_with_a_reason() -> None:
    assert decisions.close(room(), closing("The visit is over.")) == [events.InspectorRoomClosed()]
    with pytest.raises(Refused):
        decisions.close(room(), closing(" "))
    with pytest.raises(NotNow):
        decisions.close(room(events.InspectorRoomClosed()), closing("Wrong once again."))


def test_questions_are_asked_while_it_is_open_and_answered_when_known() -> None:
    asked = decisions.ask(
        room(),
        asking(" Who saw the child? ", "CA-1"),
        question="q1",
        today=TODAY,
    )
    assert asked == [
        events.InspectorQuestionAsked(question="q1", asked="Who saw the child?", subject="CA-1")
    ]
    answered = decisions.answer(room(*asked), answering("q1", "The key worker."))
    assert answered == [events.InspectorQuestionAnswered(question="q1", answer="The key worker.")]
    with pytest.raises(NotNow):
        decisions.ask(
            room(),
            asking("Late?"),
            question="q2",
            today=date(2026, 4, 1),
        )
    with pytest.raises(Refused):
        decisions.ask(room(), asking(" "), question="q2", today=TODAY)
    with pytest.raises(Refused):
        decisions.ask(room(), asking("x" * 4001), question="q2", today=TODAY)
    with pytest.raises(NotFound):
        decisions.answer(room(), answering("q9", "To what?"))


def test_a_room_never_opened_is_not_there() -> None:
    with pytest.raises(NotFound):
        decisions.known(Room())
