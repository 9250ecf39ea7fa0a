"""The read rows of imports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from projections.core.typed_rows import JsonText, Position, ReadJournal, ReadTable
from qa.core.clock import from_microseconds


class BatchRow(NamedTuple):
    """A file that was brought in; `mapping` holds the field that each heading was read as."""

    batch: str
    opened: Position
    kind: str
    file_name: str
    file_sha256: str
    rows: int
    imported: int
    already_there: int
    rejected: int
    mapping: JsonText
    by: str
    recorded_us: Position
    corrected: int = 0
    reversed_because: str | None = None

    @property
    def at(self) -> datetime:
        return from_microseconds(self.recorded_us)

    @property
    def read_as(self) -> Mapping[str, str]:
        """The field of each heading."""
        found: Mapping[str, str] = json.loads(self.mapping)
        return found


class BatchRecordRow(NamedTuple):
    """A stream that a batch wrote to."""

    batch: str
    stream: str
    moderation: str | None
    source_row: int


class KeptMappingRow(NamedTuple):
    """What is said of a kind of file, in its latest version; `answers` are those of the event."""

    mapping: str
    opened: Position
    kind: str
    name: str
    version: int
    headings: JsonText
    answers: JsonText
    by: str
    recorded_us: Position


BATCHES = ReadTable(BatchRow, "batch_row", key=("batch",))
RECORDS = ReadJournal(BatchRecordRow, "batch_record", indexes=(("batch",),))
MAPPINGS = ReadTable(KeptMappingRow, "import_mapping_row", key=("mapping",))
