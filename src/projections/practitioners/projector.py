"""What each event changes in the read rows of practitioners."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import Amend, Put, RowChange
from projections.practitioners.tables import response_row
from qa.core.clock import microseconds
from qa.core.fact import Recorded
from qa.practitioners import events


class PractitionerResponses:
    """Projects the facts of practitioners' responses."""

    name = "practitioner_responses"
    version = 1
    tables = (response_row,)
    by_stream = True
    handles = (events.PractitionerReflected, events.FactDisputed, events.FactDisputeAnswered)

    def project(self, recorded: Recorded[Any]) -> Iterable[RowChange]:
        fact = recorded.fact
        audit = recorded.stream.partition(":")[2]
        at = microseconds(recorded.recorded_at)
        said = {
            "audit": audit,
            "stream_version": recorded.version,
            "person": recorded.meta.by,
            "said_us": at,
        }
        match fact:
            case events.PractitionerReflected():
                entry = {"entry": str(recorded.version), "kind": "reflection", "text": fact.text}
                return [Put(response_row, {**said, **entry})]
            case events.FactDisputed():
                entry = {"entry": fact.dispute, "kind": "dispute", "text": fact.stated}
                return [Put(response_row, {**said, **entry, "should_be": fact.should_be})]
            case _:
                answered = {
                    "stream_version": recorded.version,
                    "outcome": fact.outcome,
                    "answer": fact.answer,
                    "answered_by": recorded.meta.by,
                    "answered_us": at,
                }
                return [Amend(response_row, (audit, fact.dispute), answered)]
