"""A named view as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from qa.core.event import RecordedEvent
from qa.views import events


@dataclass(frozen=True, slots=True)
class KeptListView:
    """Whose view it is, and the role that it is shared with; nobody's is none."""

    owner: str = ""
    role: str = ""


def evolve(state: KeptListView, recorded: RecordedEvent[Any]) -> KeptListView:
    match recorded.event:
        case events.ListViewKept() as event:
            return replace(state, owner=recorded.meta.by, role=event.role)
        case events.ListViewRemoved():
            return KeptListView()
        case _:
            return state
