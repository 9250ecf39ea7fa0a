"""What the page of an audit shows of its actions."""

from __future__ import annotations

from typing import Any

from api.actions import reading as action_reading
from api.audits.reading import OpenedAudit
from api.web.context import PagePart, Reading
from projections.actions import queries
from qa.actions.states import ActionState


def loops(reading: Reading, opened: OpenedAudit) -> list[dict[str, Any]]:
    """The actions of the audit as they stand, those that open to the reader."""
    if not opened.judgement_open:
        return []
    connection, audit = reading.connection, opened.row["audit"]
    return [
        {**row, "state": ActionState(row["state"]).label}
        for row in queries.of_audit(connection, audit, position=reading.at.position)
        if action_reading.readable(connection, row, reading.actor)
    ]


PARTS = PagePart("audits/read.html", "loops", loops)
