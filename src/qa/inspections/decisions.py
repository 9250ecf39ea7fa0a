"""Decisions on inspectors' rooms: who may read from outside, how long, up to which event."""

from __future__ import annotations

from datetime import date, timedelta

from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, NotNow, refuse_any
from qa.core.event import Event
from qa.inspections import events
from qa.inspections.commands import (
    AnswerInInspectorRoom,
    AskInInspectorRoom,
    CloseInspectorRoom,
    ExtendInspectorRoom,
    OpenInspectorRoom,
)
from qa.inspections.state import COUNCIL, Room

LONGEST = timedelta(days=366)
"""No room is open for longer at a time; it can be extended."""


def known(room: Room) -> None:
    """Raises `NotFound` for a room that was never opened."""
    if not room.id:
        raise NotFound("There is no such inspector room.")


def open_room(
    command: OpenInspectorRoom,
    *,
    room: str,
    pin: int | None,
    today: date,
    holds_roles: bool,
    has_room: bool,
) -> list[Event]:
    """Open a room for somebody from outside.

    Raises:
        Refused: every fault, by field.
    """
    faults, since = command.faults(), command.since or today
    if holds_roles:
        sentence = "This person holds a role in the council. An inspector holds none."
        faults.append(Fault("inspector", "inspector-has-roles", sentence))
    elif has_room:
        sentence = "This person has a room already. Close that first, or extend it."
        faults.append(Fault("inspector", "inspector-has-room", sentence))
    if since < today:
        faults.append(Fault("since", "date-past", "A room opens today or later."))
    faults += _until_faults(since, command.until)
    if command.pinned_on is not None and command.pinned_on > today:
        sentence = "Nothing is known yet of a day in the future."
        faults.append(Fault("pinned_on", "date-future", sentence))
    refuse_any(faults)
    return [
        carry(
            events.InspectorRoomOpened,
            command,
            room=room,
            scope=command.scope or COUNCIL,
            since=since,
            pin=pin,
        )
    ]


def _until_faults(since: date, until: date) -> list[Fault]:
    if until < since:
        return [Fault("until", "date-before-start", "The last day is before the first.")]
    if until - since > LONGEST:
        return [Fault("until", "room-too-long", "A room is open for a year at the most.")]
    return []


def extend(room: Room, command: ExtendInspectorRoom, *, today: date) -> list[Event]:
    """Move the last day of a room, to an earlier or a later one.

    Raises:
        NotNow: the room is closed.   Refused: the day is past, or too far off.
    """
    _not_closed(room)
    faults = _until_faults(max(room.since, today), command.until)
    refuse_any(faults)
    if command.until == room.until:
        return []
    return [events.InspectorRoomExtended(old=room.until, new=command.until)]


def close(room: Room, command: CloseInspectorRoom) -> list[Event]:
    """Close a room at once.

    Raises:
        NotNow: it is closed already.   Refused: no reason is given.
    """
    _not_closed(room)
    command.check_each()
    return [events.InspectorRoomClosed()]


def ask(room: Room, command: AskInInspectorRoom, *, question: str, today: date) -> list[Event]:
    """Ask the council a question.

    Raises:
        NotNow: the room is not open.   Refused: nothing was asked.
    """
    if not room.open_on(today):
        raise NotNow("This room is not open.", code="room-not-open")
    command.check_each()
    asked, subject = command.asked.strip(), command.subject[:200]
    return [events.InspectorQuestionAsked(question=question, asked=asked, subject=subject)]


def answer(room: Room, command: AnswerInInspectorRoom) -> list[Event]:
    """Answer a question, or add to an answer.

    Raises:
        NotFound: no such question.   Refused: nothing is answered.
    """
    if command.question not in room.questions:
        raise NotFound("There is no such question.")
    command.check_each()
    answer = command.answer.strip()
    return [events.InspectorQuestionAnswered(question=command.question, answer=answer)]


def _not_closed(room: Room) -> None:
    if room.closed:
        raise NotNow("This room is closed.", code="room-closed")
