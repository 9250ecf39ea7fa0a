"""Questions and answers of an inspector's room as a document: Word or PDF."""

from __future__ import annotations

from datetime import date
from typing import Literal

from starlette.responses import Response

from api.documents.document import Block, Document, Heading, Paragraph
from api.inspections.reading import cases_words, room_words
from api.lists.files import download
from api.reports.documents import render_report
from api.web.access_notes import ServedLook
from api.web.context import Reading
from projections.inspections import queries as inspection_queries
from projections.inspections.queries import Spoken
from projections.inspections.tables import RoomRow
from projections.people import queries as people_queries
from qa.core.access import What
from qa.core.dates_in_words import day as in_words
from qa.core.dates_in_words import moment
from qa.inspections.events import inspection_stream

AnswersFileKind = Literal["docx", "pdf"]


def answers_file(look: ServedLook, room: RoomRow, kind: str) -> bytes:
    """All that was asked and answered in a room, as both of its sides see it, in its order."""
    connection, actor, at = look.connection, look.actor, look.at
    position = at.own_position(actor.pin)
    questions = inspection_queries.questions(connection, room.room, position=position)
    people = {room.inspector, *(one.row.by for each in questions for one in (each, *each.answers))}
    names = people_queries.names(connection, people, position=at.position)

    def by(one: Spoken) -> str:
        return f"{names.get(one.row.by, one.row.by)}, {moment(one.row.at)}"

    blocks: list[Block] = []
    for number, one in enumerate(questions, 1):
        about = f": {one.row.subject}" if one.row.subject else ""
        blocks.append(Heading(f"Question {number}{about}"))
        blocks += [Paragraph(by(one)), *_lines(one.row.said)]
        for given in one.answers:
            blocks.append(Heading(f"Answer by {by(given)}", 3))
            blocks += _lines(given.row.said)
        if not one.answers:
            blocks.append(Paragraph("Not answered yet."))
    if not questions:
        blocks.append(Paragraph("No question was asked."))
    words = room_words(room, at.on)
    letterhead = look.services.letterhead_at(connection, at.position)
    taken = at.taken_out(actor.display_name, look.services.clock.now(), letterhead)
    pinned = [] if room.pinned_on is None else [("Shows the records as on", _day(room.pinned_on))]
    return render_report(
        Document(
            title=f"Questions and answers: {room.title}",
            asked=[
                ("Inspector", names.get(room.inspector, room.inspector)),
                ("Reach", words["reach"]),
                *cases_words(connection, actor, room, at.position),
                ("Open", f"{_day(room.since)} to {_day(room.until)}"),
                *pinned,
            ],
            position=at.shown,
            blocks=blocks,
            **taken,
        ),
        kind,
    )


def send_answers(reading: Reading, room: RoomRow, kind: AnswersFileKind) -> Response:
    """The document for a page; that it was taken out is noted."""
    body = answers_file(reading, room, kind)
    reading.note(inspection_stream(room.room), f"questions.{kind}", what=What.EXPORT)
    return download(body, f"questions-{reading.at.file_stamp}.{kind}", reading.at)


def _lines(text: str) -> list[Block]:
    return [Paragraph(line) for line in text.split("\n") if line.strip()]


def _day(iso: str) -> str:
    return in_words(date.fromisoformat(iso))
