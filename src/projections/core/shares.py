"""How the folding of a long log is shared out among processes.

A projector that is `by_stream` makes each of its rows from the events of one stream, so its work
can be parted by stream and no process needs to know of the others. All the work of any other
projector is done by the first process, while the others are being started.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from projections.core.base import Projector
from projections.core.registry import by_stream, handles
from qa.core.event import REGISTER, Event

Wanted = Callable[[str, str], bool]
"""(stream, event type) -> whether the event need be read at all"""

EVENTS_WORTH_A_PROCESS = 25_000
"""Below that, starting a process takes longer than folding."""
MOST_PROCESSES = 8

EVENTS_WHILE_STARTING = 15_000
"""So many the first process folds until the others have loaded what they need."""

LOTS = 1024
"""Streams are dealt into this many lots."""


def worth(events: int) -> int:
    """How many processes folding so many events is worth on this machine."""
    return max(1, min(os.cpu_count() or 1, events // EVENTS_WORTH_A_PROCESS, MOST_PROCESSES))


@dataclass(frozen=True, slots=True)
class Share:
    """The streams whose lot lies in [`start`, `end`); `first` does the undivided work too."""

    start: int = 0
    end: int = LOTS
    first: bool = True

    def holds(self, stream: str) -> bool:
        return self.start <= crc32(stream.encode()) % LOTS < self.end

    def projectors(self, among: Iterable[Projector]) -> list[Projector]:
        return [p for p in among if self.first or by_stream(p)]


ALL = Share()


def shares(processes: int, events: int = 0) -> list[Share]:
    """The shares of so many events, alike; of a long log the first, which is begun while the other
    processes start, holds the more."""
    ahead = EVENTS_WHILE_STARTING if events >= EVENTS_WORTH_A_PROCESS else 0
    each = max(1, events + ahead * (processes - 1)) / processes
    ends = [each * part - ahead * max(0, part - 1) for part in range(processes + 1)]
    lots = [round(LOTS * end / ends[-1]) for end in ends]
    return [Share(s, e, first=s == 0) for s, e in pairwise(lots)]


class ShareRouting:
    """Which projectors look at an event, for one share of the work."""

    def __init__(self, projectors: Sequence[Projector], share: Share) -> None:
        self._projectors = projectors
        self._share = share
        self._whole = share == ALL
        self._known: dict[tuple[type[Event], bool], list[Projector]] = {}

    def interested(self, stream: str, kind: type[Event]) -> list[Projector]:
        """The projectors to hand an event of this kind in this stream."""
        ours = self._whole or self._share.holds(stream)
        found = self._known.get((kind, ours))
        if found is None:
            found = [p for p in self._projectors if handles(p, kind) and (ours or not by_stream(p))]
            self._known[kind, ours] = found
        return found

    def wanted(self, stream: str, event_type: str) -> bool:
        """Whether any of them looks. A type nobody knows is wanted: reading it says so."""
        kind = REGISTER.get(event_type)
        return kind is None or bool(self.interested(stream, kind))
