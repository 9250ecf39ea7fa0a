"""The frame of a cycle as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from qa.core.event import RecordedEvent
from qa.sampling_frames.events import SamplingFrameFrozen


@dataclass(frozen=True, slots=True)
class FrameOfCycle:
    """The frame in force, and what one `batch` froze with what stood before it."""

    batch: str = ""
    frozen: SamplingFrameFrozen | None = None
    brought: SamplingFrameFrozen | None = None
    before: SamplingFrameFrozen | None = None


def evolve(held: FrameOfCycle, recorded: RecordedEvent[Any]) -> FrameOfCycle:
    event, source = recorded.event, recorded.meta.source
    if not isinstance(event, SamplingFrameFrozen):
        return replace(held, frozen=None)
    if source is not None and source.batch == held.batch:
        held = replace(held, brought=event, before=held.frozen)
    return replace(held, frozen=event)
