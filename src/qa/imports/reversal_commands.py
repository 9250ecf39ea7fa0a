"""What can be asked of an import batch that there is."""

from __future__ import annotations

from typing import Annotated

from qa.core.command import Command
from qa.core.fields import reason_text, target
from qa.core.frozen import Frozen


class BatchUndone(Frozen):
    """The batch, and how many records were taken back."""

    batch: str
    records: int


class ReverseImport(Command, result=BatchUndone):
    """Undo a batch by later events; what it brought in stays readable."""

    batch: Annotated[str, target("The id of the batch.")]
    reason: Annotated[str, reason_text(missing="Say why the batch is undone.")]
