"""A published report as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from qa.core.event import RecordedEvent
from qa.publishing import events


@dataclass(frozen=True, slots=True)
class PublishedReport:
    """`told_at` is the position up to which readers were told how its figures changed."""

    id: str = ""
    told_at: int = 0
    withdrawn: bool = False


def evolve(state: PublishedReport, recorded: RecordedEvent[Any]) -> PublishedReport:
    match recorded.event:
        case events.ReportPublished() as event:
            return PublishedReport(id=event.published, told_at=event.position)
        case events.ReportRestated() as event:
            return replace(state, told_at=event.upto)
        case events.ReportWithdrawn():
            return replace(state, withdrawn=True)
        case _:
            return state
