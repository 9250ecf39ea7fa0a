"""What lies beneath a figure: the events as they are stored, and the figure counted from them
alone. One frame for every report; which streams lie beneath is the report's to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection

from projections.core import recount
from projections.core.base import Projector
from projections.core.true_on import true_at
from projections.figures.figure import Figure
from qa.core.event import REGISTER, EventRow
from qa.store.codec import decode
from qa.store.store import Store

T = TypeVar("T")


def events_beneath(
    store: Store,
    connection: Connection,
    streams: Iterable[str],
    *,
    upto: int,
    true_on: date | None = None,
) -> list[EventRow]:
    """The whole streams up to a position in log order; of what is known then, only what was so on
    `true_on` where it is given."""
    rows = sorted(store.rows_of(connection, streams, upto=upto))
    if true_on is None:
        return rows
    so = true_at([decode(row, None) for row in rows], true_on, upto)
    return [row for row in rows if row[0] in so]


def counted_again(
    projectors: Iterable[Projector],
    rows: Iterable[EventRow],
    ask: Callable[[Connection], T],
    *,
    past: bool = True,
    unasked: Collection[str] = (),
) -> T:
    """What `ask` finds where there are only these events; without the `past`, at their end alone.
    Their sealed texts are not opened, what no projector looks at is not read, and tables that are
    `unasked` stay empty."""
    named = tuple(projectors)
    looked_at = cache(lambda kind: kind not in REGISTER or recount.looked_at(named, REGISTER[kind]))
    events = (decode(row, None) for row in sorted(rows) if looked_at(row[3]))
    return recount.alone(named, events, ask, past=past, unasked=unasked)


def same(one: Figure, other: Figure) -> bool:
    """Whether two figures say the same, unrounded."""
    return (one.numerator, one.denominator, one.exact, one.interval) == (
        other.numerator,
        other.denominator,
        other.exact,
        other.interval,
    )


@dataclass(frozen=True, slots=True)
class FigureProvenance:
    """A figure, the events beneath it, and the figure counted again from these events alone."""

    figure: Figure
    again: Figure
    events: Sequence[EventRow]

    @property
    def same(self) -> bool:
        return same(self.figure, self.again)

    def in_full(self) -> dict[str, Any]:
        return {
            "figure": self.figure.in_full(),
            "again": self.again.in_full(),
            "same": self.same,
        }


def by_fingerprint(row: EventRow) -> dict[str, Any]:
    """An event by its place and the SHA-256 of its stored bytes."""
    position, stream, version, kind, _, state = row
    return {
        "position": position,
        "stream": stream,
        "version": version,
        "type": kind,
        "sha256": hashlib.sha256(state).hexdigest(),
    }
