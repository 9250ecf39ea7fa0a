"""What was said to an audit, as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from qa.core.event import RecordedEvent
from qa.practitioners import events


@dataclass(frozen=True, slots=True)
class Response:
    """Which disputes wait and which were answered."""

    waiting: frozenset[str] = frozenset()
    answered: frozenset[str] = field(default_factory=frozenset)


def evolve(state: Response, recorded: RecordedEvent[Any]) -> Response:
    match recorded.event:
        case events.FactDisputed() as event:
            return replace(state, waiting=state.waiting | {event.dispute})
        case events.FactDisputeAnswered() as event:
            return Response(state.waiting - {event.dispute}, state.answered | {event.dispute})
        case _:
            return state
