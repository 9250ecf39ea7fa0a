"""Decisions on inspectors' rooms: who may read from outside, how long, up to which event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from qa.core.errors import Fault, NotFound, NotNow, Refused
from qa.core.event import Event, RecordedEvent
from qa.core.reasons import owe_reason
from qa.core.words import Scope
from qa.inspections import events

COUNCIL = Scope()
LONGEST = timedelta(days=366)
"""No room is open for longer at a time; it can be extended."""
LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Room:
    """A room as its events leave it."""

    id: str = ""
    title: str = ""
    inspector: str = ""
    scope: Scope = COUNCIL
    since: date = date.min
    until: date = date.min
    pin: int | None = None
    closed: bool = False
    questions: frozenset[str] = frozenset()

    def open_on(self, day: date) -> bool:
        return bool(self.id) and not self.closed and self.since <= day <= self.until


def evolve(state: Room, recorded: RecordedEvent[Any]) -> Room:
    match recorded.event:
        case events.InspectorRoomOpened() as event:
            return Room(
                id=event.room,
                title=event.title,
                inspector=event.inspector,
                scope=event.scope,
                since=event.since,
                until=event.until,
                pin=event.pin,
            )
        case events.InspectorRoomExtended() as event:
            return replace(state, until=event.new)
        case events.InspectorRoomClosed():
            return replace(state, closed=True)
        case events.InspectorQuestionAsked() as event:
            return replace(state, questions=state.questions | {event.question})
        case _:
            return state


def known(room: Room) -> None:
    """Raises `NotFound` for a room that was never opened."""
    if not room.id:
        raise NotFound("There is no such inspector room.")


def open_room(
    *,
    room: str,
    title: str,
    inspector: str,
    scope: Scope,
    since: date,
    until: date,
    pin: int | None,
    pinned_on: date | None,
    today: date,
    holds_roles: bool,
    has_room: bool,
) -> list[Event]:
    """Open a room for somebody from outside.

    Raises:
        Refused: every fault, by field.
    """
    faults: list[Fault] = []
    if not title.strip():
        faults.append(Fault("title", "title-missing", "Say which inspection it is."))
    elif len(title) > 120:
        faults.append(Fault("title", "title-long", "The name must be 120 characters or fewer."))
    if holds_roles:
        sentence = "This person holds a role in the council. An inspector holds none."
        faults.append(Fault("inspector", "inspector-has-roles", sentence))
    elif has_room:
        sentence = "This person has a room already. Close that first, or extend it."
        faults.append(Fault("inspector", "inspector-has-room", sentence))
    if since < today:
        faults.append(Fault("since", "date-past", "A room opens today or later."))
    faults += _until_faults(since, until)
    if pinned_on is not None and pinned_on > today:
        sentence = "Nothing is known yet of a day in the future."
        faults.append(Fault("pinned_on", "date-future", sentence))
    if faults:
        raise Refused(faults)
    return [
        events.InspectorRoomOpened(
            room=room,
            title=title.strip(),
            inspector=inspector,
            scope=scope,
            since=since,
            until=until,
            pin=pin,
            pinned_on=pinned_on,
        )
    ]


def _until_faults(since: date, until: date) -> list[Fault]:
    if until < since:
        return [Fault("until", "date-before-start", "The last day is before the first.")]
    if until - since > LONGEST:
        return [Fault("until", "room-too-long", "A room is open for a year at the most.")]
    return []


def extend(room: Room, *, until: date, today: date) -> list[Event]:
    """Move the last day of a room, to an earlier or a later one.

    Raises:
        NotNow: the room is closed.   Refused: the day is past, or too far off.
    """
    _not_closed(room)
    faults = _until_faults(max(room.since, today), until)
    if faults:
        raise Refused(faults)
    if until == room.until:
        return []
    return [events.InspectorRoomExtended(old=room.until, new=until)]


def close(room: Room, *, reason: str) -> list[Event]:
    """Close a room at once.

    Raises:
        NotNow: it is closed already.   Refused: no reason is given.
    """
    _not_closed(room)
    owe_reason(reason, "Say why the room is closed.")
    return [events.InspectorRoomClosed()]


def ask(room: Room, *, question: str, asked: str, subject: str, today: date) -> list[Event]:
    """Ask the council a question.

    Raises:
        NotNow: the room is not open.   Refused: nothing was asked.
    """
    if not room.open_on(today):
        raise NotNow("This room is not open.", code="room-not-open")
    _said(asked, "asked", "Write your question.")
    return [
        events.InspectorQuestionAsked(question=question, asked=asked.strip(), subject=subject[:200])
    ]


def answer(room: Room, *, question: str, answer: str) -> list[Event]:
    """Answer a question, or add to an answer.

    Raises:
        NotFound: no such question.   Refused: nothing is answered.
    """
    if question not in room.questions:
        raise NotFound("There is no such question.")
    _said(answer, "answer", "Write the answer.")
    return [events.InspectorQuestionAnswered(question=question, answer=answer.strip())]


def _said(text: str, field: str, missing: str) -> None:
    if not text.strip():
        raise Refused(missing, field=field, code=f"{field}-missing")
    if len(text) > LONGEST_TEXT:
        sentence = f"It must be {LONGEST_TEXT:,} characters or fewer."
        raise Refused(sentence, field=field, code=f"{field}-long")


def _not_closed(room: Room) -> None:
    if room.closed:
        raise NotNow("This room is closed.", code="room-closed")
