"""The frame of a cycle as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from qa.core.event import RecordedEvent
from qa.sampling_frames.events import SamplingFrameFrozen


class FrozenBy(NamedTuple):
    """A frame and the batch that brought it."""

    frozen: SamplingFrameFrozen
    batch: str


@dataclass(frozen=True, slots=True)
class FrameOfCycle:
    """The frames that the cycle had, the last of them in force. One that was undone is not among
    them."""

    had: tuple[FrozenBy, ...] = ()

    @property
    def frozen(self) -> SamplingFrameFrozen | None:
        return self.had[-1].frozen if self.had else None


def evolve(frame: FrameOfCycle, recorded: RecordedEvent[Any]) -> FrameOfCycle:
    event, source = recorded.event, recorded.meta.source
    if not isinstance(event, SamplingFrameFrozen):
        return FrameOfCycle()
    if source is not None:
        return FrameOfCycle((*frame.had, FrozenBy(event, source.batch)))
    # What came last was undone: the frame before it stands again.
    return FrameOfCycle(frame.had[:-1])
