"""What the reversal of an import batch means for indicators and their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from qa.authorisation.context import Work
from qa.core.event import Event
from qa.imports.commands.batches import BatchReversal
from qa.indicators import decisions, import_decisions
from qa.indicators.state import Indicator, evolve


class IndicatorBatchReversal(BatchReversal):
    """A value that was restated since stays, because somebody stood by it; an indicator that holds
    values from elsewhere is not taken back."""

    kinds: ClassVar[tuple[str, ...]] = ("indicators", "observations")

    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        records = 0
        for stream in dict.fromkeys(streams):
            state = work.unit.load(stream, evolve, Indicator())
            undone: list[Event] = []
            for (period, source), brought in state.brought.items():
                if brought == batch:
                    undone += decisions.withdraw_value(state, period=period, source=source)
            if state.defined_by == batch:
                undone += decisions.withdraw(state)
            work.append(stream, *undone)
            records += len(undone)
        import_decisions.something_undone(records)
        return records


REACTIONS = IndicatorBatchReversal()
