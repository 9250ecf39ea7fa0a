"""What each event changes in the read rows of imports."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from projections.core.base import Amend, JournalRow, Put, RowChange
from projections.imports.tables import batch_record, batch_row
from qa.audits.moderation_events import ModerationImported
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.imports import events


class Imports:
    """Projects imported events and their batches."""

    name = "imports"
    version = 1
    tables = (batch_row, batch_record)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, source = recorded.event, recorded.meta.source
        match event:
            case events.ImportBatchRecorded():
                row = {
                    **event.model_dump(exclude={"mapping"}),
                    "opened": recorded.position,
                    "mapping": json.dumps({m.heading: m.field for m in event.mapping}),
                    "by": recorded.meta.by,
                    "recorded_us": microseconds(recorded.recorded_at),
                }
                return [Put(batch_row, row)]
            case events.ImportBatchReversed():
                because = {"reversed_because": recorded.meta.reason or ""}
                return [Amend(batch_row, (event.batch,), because)]
        if source is None:
            return ()
        moderation = event.moderation if isinstance(event, ModerationImported) else None
        row = {
            "batch": source.batch,
            "stream": recorded.stream,
            "moderation": moderation,
            "source_row": source.row,
        }
        return [JournalRow(batch_record, row)]


PROJECTORS = (Imports,)
