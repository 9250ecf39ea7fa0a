"""What the reversal of an import batch means for indicators and their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from qa.authorisation.context import Work
from qa.imports.commands.batches import BatchReversal
from qa.indicators.commands.imports import undo_indicator_batch


class IndicatorBatchReversal(BatchReversal):
    kinds: ClassVar[tuple[str, ...]] = ("indicators", "observations")

    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        return undo_indicator_batch(work, batch, streams)


REACTIONS = IndicatorBatchReversal()
