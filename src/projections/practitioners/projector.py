"""What each event changes in the read rows of practitioners."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.practitioners.tables import RESPONSES, ResponseRow
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent, events_of
from qa.practitioners import events


class PractitionerResponses:
    """Projects the events of practitioners' responses."""

    name = "practitioner_responses"
    version = 1
    tables = (RESPONSES.table,)
    by_stream = True
    handles = events_of(events)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        audit = recorded.stream.partition(":")[2]
        at = microseconds(recorded.recorded_at)
        match event:
            case events.PractitionerReflected():
                entry, kind, text, should_be = str(recorded.version), "reflection", event.text, None
            case events.FactDisputed():
                entry, kind, text = event.dispute, "dispute", event.stated
                should_be = event.should_be
            case _:
                return [
                    RESPONSES.amend(
                        (audit, event.dispute),
                        lambda row: row._replace(
                            stream_version=recorded.version,
                            outcome=event.outcome,
                            answer=event.answer,
                            answered_by=recorded.meta.by,
                            answered_us=at,
                        ),
                    )
                ]
        by = recorded.meta.by
        return [
            RESPONSES.put(
                ResponseRow(audit, entry, recorded.version, kind, by, at, text, should_be)
            )
        ]


PROJECTORS = (PractitionerResponses,)
