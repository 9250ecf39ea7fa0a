"""What each event changes in the read rows of practitioners."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import Amend, Put, RowChange
from projections.practitioners.tables import response_row
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.practitioners import events


class PractitionerResponses:
    """Projects the facts of practitioners' responses."""

    name = "practitioner_responses"
    version = 1
    tables = (response_row,)
    by_stream = True
    handles = (events.PractitionerReflected, events.FactDisputed, events.FactDisputeAnswered)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        audit = recorded.stream.partition(":")[2]
        at = microseconds(recorded.recorded_at)
        said = {
            "audit": audit,
            "stream_version": recorded.version,
            "person": recorded.meta.by,
            "said_us": at,
        }
        match event:
            case events.PractitionerReflected():
                entry = {"entry": str(recorded.version), "kind": "reflection", "text": event.text}
                return [Put(response_row, {**said, **entry})]
            case events.FactDisputed():
                entry = {"entry": event.dispute, "kind": "dispute", "text": event.stated}
                return [Put(response_row, {**said, **entry, "should_be": event.should_be})]
            case _:
                answered = {
                    "stream_version": recorded.version,
                    "outcome": event.outcome,
                    "answer": event.answer,
                    "answered_by": recorded.meta.by,
                    "answered_us": at,
                }
                return [Amend(response_row, (audit, event.dispute), answered)]


PROJECTORS = (PractitionerResponses,)
