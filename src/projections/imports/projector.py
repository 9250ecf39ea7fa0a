"""What each event changes in the read rows of imports."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from projections.core.base import RowChange
from projections.core.typed_rows import JsonText
from projections.imports.tables import (
    BATCHES,
    MAPPINGS,
    RECORDS,
    BatchRecordRow,
    BatchRow,
)
from qa.audits.moderation_events import ModerationImported
from qa.core.event import RecordedEvent
from qa.imports import events


class Imports:
    """Projects imported events and their batches."""

    name = "imports"
    version = 2
    tables = (BATCHES.table, RECORDS.table, MAPPINGS.table)
    by_stream = True

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, source = recorded.event, recorded.meta.source
        match event:
            case events.ImportBatchRecorded() if recorded.version > 1:
                return [BATCHES.amend((event.batch,), partial(_with_part, event))]
            case events.ImportBatchRecorded():
                mapping = JsonText(json.dumps({m.heading: m.field for m in event.mapping}))
                return [BATCHES.begin(recorded, mapping=mapping)]
            case events.ImportMappingKept():
                return [
                    MAPPINGS.begin(
                        recorded,
                        headings=JsonText(json.dumps(event.headings)),
                        answers=JsonText(json.dumps([one.model_dump() for one in event.answers])),
                    )
                ]
            case events.ImportBatchReversed():
                because = recorded.meta.reason or ""
                return [
                    BATCHES.amend(
                        (event.batch,), lambda row: row._replace(reversed_because=because)
                    )
                ]
        if source is None:
            return ()
        moderation = event.moderation if isinstance(event, ModerationImported) else None
        brought = BatchRecordRow(source.batch, recorded.stream, moderation, source.row)
        return [RECORDS.add(brought)]


def _with_part(event: events.ImportBatchRecorded, row: BatchRow) -> BatchRow:
    return row._replace(
        rows=row.rows + event.rows,
        imported=row.imported + event.imported,
        already_there=row.already_there + event.already_there,
        corrected=row.corrected + event.corrected,
        rejected=row.rejected + event.rejected,
    )


PROJECTORS = (Imports,)
