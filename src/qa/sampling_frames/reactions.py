"""What the reversal of an import means for the sampling frame that it froze."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from qa.authorisation.context import Work
from qa.imports.commands.batches import BatchReversal
from qa.imports.people_decisions import something_taken_back
from qa.sampling_frames.decisions import take_back
from qa.sampling_frames.state import FrameOfCycle, evolve


class FrameReversal(BatchReversal):
    """The frame before it is in force again; without one, the cycle has none."""

    kinds: ClassVar[tuple[str, ...]] = ("sampling-frame",)

    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        (stream,) = dict.fromkeys(streams)
        frame = work.unit.load(stream, evolve, FrameOfCycle())
        undone = take_back(frame, batch)
        replaced = any(one.batch == batch for one in frame.had)
        something_taken_back(len(undone), replaced=replaced)
        work.append(stream, *undone)
        return 0 if frame.frozen is None else len(frame.frozen.cases)


REACTIONS = (FrameReversal(),)
