"""A joining of two references as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from qa.children import events
from qa.core.event import RecordedEvent


@dataclass(frozen=True, slots=True)
class ChildJoining:
    id: str = ""
    child: str = ""
    other: str = ""
    parted: bool = False

    @property
    def about(self) -> str:
        return f"child:{self.child}"


def evolve(state: ChildJoining, recorded: RecordedEvent[Any]) -> ChildJoining:
    match recorded.event:
        case events.ChildJoined() as event:
            return ChildJoining(event.joining, event.child, event.other)
        case events.ChildParted():
            return replace(state, parted=True)
        case _:
            return state
