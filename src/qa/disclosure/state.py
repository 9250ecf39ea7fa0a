"""The copies that were given out, as their events leave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from qa.core.event import RecordedEvent
from qa.disclosure.events import OutsideCopyGiven, OutsideCopyWithdrawn

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OutsideCopies:
    """`salts` are by published report: its references are the same in all its copies. `reports` say
    of which report each copy is, `withdrawn` which of them are not to be used any more."""

    version: int = 0
    salts: Mapping[str, str] = field(default_factory=lambda: _NONE)
    reports: Mapping[str, str] = field(default_factory=lambda: _NONE)
    withdrawn: frozenset[str] = frozenset()


def evolve(state: OutsideCopies, recorded: RecordedEvent[Any]) -> OutsideCopies:
    event = recorded.event
    if isinstance(event, OutsideCopyWithdrawn):
        withdrawn = state.withdrawn | {event.given}
        return replace(state, version=recorded.version, withdrawn=withdrawn)
    if not isinstance(event, OutsideCopyGiven):
        return state
    return replace(
        state,
        version=recorded.version,
        salts={**state.salts, event.published: event.salt},
        reports={**state.reports, event.given: event.published},
    )
