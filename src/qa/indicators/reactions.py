"""What the reversal of an import batch means for indicators and their values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from qa.authorisation.context import Work
from qa.imports.commands.batches import BatchReversal, is_undone
from qa.indicators import decisions, import_decisions
from qa.indicators.import_decisions import ValuesBefore, evolve_before


class IndicatorBatchReversal(BatchReversal):
    """A value that was restated since stays, because somebody stood by it; one that the batch
    itself restated is again as before. An indicator that holds values from elsewhere is not taken
    back."""

    kinds: ClassVar[tuple[str, ...]] = ("indicators", "observations")

    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        records = 0
        for stream in dict.fromkeys(streams):
            before = work.unit.load(stream, evolve_before, ValuesBefore())
            state = before.indicator
            for slot, brought in state.brought.items():
                if brought == batch and slot in state.values:
                    undone, source = import_decisions.take_value_back(
                        state, before, slot, batch, partial(is_undone, work)
                    )
                    work.append(stream, *undone, source=source)
                    records += len(undone)
            if state.defined_by == batch:
                gone = decisions.withdraw(state)
                work.append(stream, *gone)
                records += len(gone)
        import_decisions.something_undone(records)
        return records


REACTIONS = IndicatorBatchReversal()
