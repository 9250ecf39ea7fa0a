"""The copies that were given out, as their events leave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from qa.core.event import RecordedEvent
from qa.disclosure.events import OutsideCopyGiven


@dataclass(frozen=True, slots=True)
class OutsideCopies:
    """`salts` are by published report: its references are the same in all its copies."""

    version: int = 0
    salts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def evolve(state: OutsideCopies, recorded: RecordedEvent[Any]) -> OutsideCopies:
    event = recorded.event
    if not isinstance(event, OutsideCopyGiven):
        return state
    return OutsideCopies(recorded.version, {**state.salts, event.published: event.salt})
