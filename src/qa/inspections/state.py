"""An inspector's room as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from qa.core.carry import carry
from qa.core.event import RecordedEvent
from qa.core.words import Scope
from qa.inspections import events
from qa.inspections.events import RoomReach

COUNCIL = Scope()
EVERYTHING = RoomReach(scope=COUNCIL)


@dataclass(frozen=True, slots=True)
class Room:
    """A room as its events leave it."""

    id: str = ""
    title: str = ""
    inspector: str = ""
    reach: RoomReach = EVERYTHING
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
            return carry(Room, event, id=event.room, reach=carry(RoomReach, event))
        case events.InspectorRoomReachChanged() as event:
            return replace(state, reach=event.new)
        case events.InspectorRoomExtended() as event:
            return replace(state, until=event.new)
        case events.InspectorRoomClosed():
            return replace(state, closed=True)
        case events.InspectorQuestionAsked() as event:
            return replace(state, questions=state.questions | {event.question})
        case _:
            return state


class RoomCase(NamedTuple):
    """An audit that a case named for a room may be, or be of: where it is, and whose file it is."""

    audit: str
    reference: str
    child: str
    child_key: str
    service: str
    team: str
