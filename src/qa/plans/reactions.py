"""What the reversal of an import batch means for improvement plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from qa.authorisation.context import Work
from qa.imports.commands.batches import BatchReversal
from qa.plans.handlers.undo import undo_plan_batch


class PlanBatchReversal(BatchReversal):
    kinds: ClassVar[tuple[str, ...]] = (
        "rag-scale",
        "plan",
        "assessments",
        "measures",
        "measure-reports",
        "plan-claims",
    )

    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        return undo_plan_batch(work, batch, streams)


REACTIONS = PlanBatchReversal()
