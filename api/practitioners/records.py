"""What practitioners said in the history of their audit: open to whoever that is open to."""

from __future__ import annotations

from api.records.compared_kinds import ComparedKind, ComparedTable, code, person
from api.records.kinds import KindOfStream
from projections.practitioners.tables import response_row

STREAMS = (KindOfStream("response", of_audit=True),)

COMPARED = ComparedKind(
    "response",
    "What practitioners said to audits",
    "What was said",
    50,
    (
        ComparedTable(
            response_row,
            {
                "kind": code("kind"),
                "person": person("by"),
                "text": "text",
                "should_be": "what it should say",
                "outcome": code("outcome"),
                "answer": "answer",
                "answered_by": person("answered by"),
            },
            each="Response",
            left_out=("entry", "said_us", "answered_us"),
        ),
    ),
    href="/audits/{}",
)
