"""What the page of an audit shows of its actions."""

from __future__ import annotations

from typing import Any

from api.actions import reading as action_reading
from api.audits.reading import OpenedAudit
from api.web.context import PagePart, Reading
from projections.actions import queries
from qa.actions.states import ActionState


def loops(reading: Reading, opened: OpenedAudit) -> list[dict[str, Any]]:
    """The actions that answer the audit’s findings, as they stand, those open to the reader."""
    if not opened.judgement_open:
        return []
    connection, audit = reading.connection, opened.row.audit
    titles = {domain.id: domain.title for domain in opened.tool.domains}
    return [
        {
            **row,
            "state": ActionState(row["state"]).label,
            "answers": [titles.get(domain, domain) for domain in row["domains"]],
            "linked": row["audit"] != audit,
        }
        for row in queries.answering(connection, audit, position=reading.at.position)
        if action_reading.readable(connection, row, reading.actor)
    ]


PARTS = PagePart("audits/read.html", "loops", loops)
