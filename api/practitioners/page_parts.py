"""What the page of an audit shows of the practitioner’s response to it."""

from __future__ import annotations

from typing import Any

from api.audits.document import AuditWriter
from api.audits.reading import OpenedAudit
from api.documents.document import Block, Heading, Paragraph
from api.practitioners import reading as practitioner_reading
from api.practitioners.words import DONE
from api.web.context import PagePart, Reading
from qa.authorisation.policy import can
from qa.core.clock import from_microseconds
from qa.core.dates_in_words import moment
from qa.core.fields import field_words
from qa.practitioners.commands import DisputeFact, ReflectOnAudit
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
    return reading.notice(DONE)


def response_blocks(_reading: Reading, write: AuditWriter) -> list[Block]:
    """The same in the document of an audit, each text under what its box is called."""
    disputed = field_words(DisputeFact)
    labels = {
        "reflection": field_words(ReflectOnAudit),
        "dispute": {**disputed, "text": disputed["stated"]},
    }
    blocks: list[Block] = []
    for one in write.parts["responses"]:
        by = "Case holder" if write.outside else one["by"]
        texts = [(words.label, one.get(name)) for name, words in labels[one["kind"]].items()]
        blocks += [Paragraph(f"{label}: {write.text(text)}") for label, text in texts if text]
        blocks.append(Paragraph(f"{by}, {moment(one['at'])}"))
        if one["kind"] != "reflection":
            answer = f"{one['outcome']}. {write.text(one['answer'] or '')}"
            blocks.append(Paragraph(answer if one["outcome"] else "It has no answer yet."))
    return [Heading("What the practitioner says"), *blocks] if blocks else []


PARTS = (
    *(
        PagePart("audits/read.html", make.__name__, make)
        for make in (responses, may_respond, may_answer, responded)
    ),
    PagePart("audits/document", "responses", response_blocks),
)
