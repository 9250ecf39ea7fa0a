"""Every event becomes one entry of history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from projections.core.base import JournalRow, Put, RowChange
from projections.history.fields import changes, standing
from projections.history.tables import history_entry, history_part, history_standing
from qa.core.clock import civil_day, microseconds
from qa.core.event import RecordedEvent
from qa.core.event_words import words_of


class CaseHistory:
    """Projects every event onto the entry that history shows of it."""

    name = "case_history"
    version = 7
    tables = (history_entry, history_standing, history_part)
    by_stream = True

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        meta, event, stream = recorded.meta, recorded.event, recorded.stream
        words = words_of(type(event))
        changed = changes(event)
        late = (civil_day(recorded.recorded_at) - meta.effective_on).days
        row = {
            "stream": stream,
            "stream_version": recorded.version,
            "part": getattr(event, words.part) if words.part else None,
            "type": recorded.type,
            "fact_id": meta.fact_id,
            "recorded_us": microseconds(recorded.recorded_at),
            "effective_on": meta.effective_on.isoformat(),
            "late": late if late > 0 else 0,
            "by": meta.by,
            "in_role": meta.in_role,
            "team_then": meta.team_then,
            "reason": meta.reason,
            "imported": int(meta.source is not None),
            "about_person": getattr(event, words.about) if words.about else None,
            "changes": orjson.dumps(changed).decode() if changed else "[]",
        }
        found: list[RowChange] = [JournalRow(history_entry, row)]
        stands = standing(event)
        if stands is not None:
            kind, values = stands
            columns = {"stream": stream, "kind": kind, "fields": orjson.dumps(values).decode()}
            found.append(JournalRow(history_standing, columns))
        thing, audit = words.belongs(stream, event) if words.belongs is not None else ("", "")
        if audit:
            found.append(Put(history_part, {"thing": thing, "audit": audit}))
        return found


PROJECTORS = (CaseHistory,)
