"""What every import shares: the file, ids that are the same for ever, the batch's own event."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from qa.authorisation.context import Reaction, Work
from qa.core.event import Source
from qa.core.frozen import Frozen
from qa.core.reasons import owe_reason
from qa.imports.decisions import ImportBatch, evolve
from qa.imports.events import ImportBatchRecorded, MappedHeading, batch_stream


@dataclass(frozen=True, slots=True)
class File:
    """The file that the rows came from. With `corrects`, rows that are on record with other values
    are recorded as corrections, for that reason. The rows of a large one come in parts: `batch` is
    that of the parts before this, `there` counts rows of parts that brought nothing to begin it."""

    name: str
    sha256: str
    rows: int
    rejected: int
    mapping: Mapping[str, str]
    corrects: str = ""
    batch: str = ""
    there: int = 0

    def source(self, batch: str, row: int) -> Source:
        """Where an event of this file comes from; row 0 is the file as a whole."""
        return Source(batch=batch, file_sha256=self.sha256, row=row)


class BatchReversal(Reaction, ABC):
    """How a capability takes back what batches of its `kinds` brought. `verb` is what somebody must
    be allowed to do for it."""

    verb: ClassVar[str] = "reverse-import"
    kinds: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        """Undo by later events on the streams that the batch wrote to; how many records.

        Raises:
            NotNow: the batch holds only what stays, or nothing is left to undo.
        """


def is_undone(work: Work, source: Source | None) -> bool:
    """Whether the batch that something is from was undone; what is from no file was not."""
    if source is None:
        return False
    return work.unit.load(batch_stream(source.batch), evolve, ImportBatch()).reversed


class BatchMade(Frozen):
    """What came of a file. A file that brought nothing new makes no batch."""

    batch: str | None
    imported: int
    already_there: int
    corrected: int
    rejected: int


def close_batch(
    work: Work,
    batch: str,
    kind: str,
    file: File,
    imported: int,
    already: int,
    corrected: int = 0,
) -> BatchMade:
    """Record the batch, unless it brought nothing: the same file twice adds nothing at all."""
    already += file.there
    if corrected:
        owe_reason(file.corrects, "Say why the changed rows are corrections.")
    if imported or corrected or file.batch:
        work.append(
            batch_stream(batch),
            ImportBatchRecorded.model_validate(
                {
                    "batch": batch,
                    "kind": kind,
                    "file_name": file.name,
                    "file_sha256": file.sha256,
                    "rows": file.rows,
                    "imported": imported,
                    "already_there": already,
                    "corrected": corrected,
                    "rejected": file.rejected,
                    "mapping": tuple(
                        MappedHeading(heading=heading, field=name)
                        for heading, name in file.mapping.items()
                    ),
                }
            ),
        )
    made = BatchMade(
        batch=batch if imported or corrected or file.batch else None,
        imported=imported,
        already_there=already,
        corrected=corrected,
        rejected=file.rejected,
    )
    work.unit.respond(**made.model_dump())
    return made
