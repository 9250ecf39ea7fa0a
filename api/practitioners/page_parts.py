"""What the page of an audit shows of the practitioner’s response to it."""

from __future__ import annotations

from typing import Any

from api.audits.reading import OpenedAudit
from api.practitioners import reading as practitioner_reading
from api.practitioners.words import DONE
from api.web.context import PagePart, Reading
from qa.authorisation.policy import can
from qa.core.clock import from_microseconds
from qa.practitioners.words import OUTCOME_LABELS


def responses(reading: Reading, opened: OpenedAudit) -> list[dict[str, Any]]:
    """What the practitioner said to the audit, and what was answered, in words."""
    if not opened.judgement_open:
        return []
    rows, names, _ = practitioner_reading.said_to(reading.connection, opened.row.audit, reading.at)
    return [
        {
            **row._asdict(),
            "by": names.get(row.person, row.person),
            "at": from_microseconds(row.said_us),
            "outcome": OUTCOME_LABELS[row.outcome] if row.outcome else "",
            "answerer": names.get(row.answered_by or "", ""),
        }
        for row in rows
    ]


def _may(verb: str, reading: Reading, opened: OpenedAudit) -> bool:
    return can(reading.actor, verb, opened.resource).allowed and not reading.at.is_past


def may_respond(reading: Reading, opened: OpenedAudit) -> bool:
    return _may("reflect-on-audit", reading, opened)


def may_answer(reading: Reading, opened: OpenedAudit) -> bool:
    return _may("answer-fact-dispute", reading, opened)


def responded(reading: Reading, opened: OpenedAudit) -> str | None:
    """What is said after a response was sent."""
    return DONE.get(reading.request.query_params.get("done", ""))


PARTS = tuple(
    PagePart("audits/read.html", make.__name__, make)
    for make in (responses, may_respond, may_answer, responded)
)
