"""What a rebuild or a check could not take: noted by read model and stream, so that it goes on.

The same rule as where events are saved (`projections.core.registry`): from the event that a read
model cannot take, it holds nothing of that stream, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from qa.core.errors import Damaged

MOST = 100
"""Streams that one read model may set aside: more of them are a mistake of the program, and what
it would make is not put in the place of tables that are in use."""


class Unreadable(NamedTuple):
    """An event whose bytes cannot be read."""

    position: int
    stream: str
    type: str
    why: str


class Aside(NamedTuple):
    """A stream that a read model holds nothing of from `position` on; `why` quotes no text."""

    stream: str
    position: int
    why: str


@dataclass(slots=True)
class SetAside:
    """What was set aside, by the name of the read model; and the positions of the events in which a
    sign stands in the place of what no database can show (`qa.core.texts.visible`)."""

    signs: set[int] = field(default_factory=set)
    by_model: dict[str, dict[str, Aside]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_model)

    def holds(self, model: str, stream: str) -> bool:
        return stream in self.by_model.get(model, ())

    def note(self, model: str, aside: Aside) -> None:
        """Set a stream aside from its first event that could not be taken.

        Raises:
            Damaged: there are too many.
        """
        streams = self.by_model.setdefault(model, {})
        known = streams.get(aside.stream)
        if known is None or aside.position < known.position:
            streams[aside.stream] = aside
        if len(streams) > MOST:
            raise Damaged(
                f"{model} cannot take events of more than {MOST} records, the first of them fact"
                f" {min(one.position for one in streams.values())}: {aside.why}.",
                position=aside.position,
            )

    def add(self, other: SetAside) -> None:
        """Take in what another process set aside."""
        self.signs |= other.signs
        for model, streams in other.by_model.items():
            for aside in streams.values():
                self.note(model, aside)

    def listed(self) -> dict[str, list[Aside]]:
        """By read model, in the order of the log."""
        return {
            model: sorted(streams.values(), key=lambda one: one.position)
            for model, streams in self.by_model.items()
        }
