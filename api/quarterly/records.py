"""Quarterly reports as records that have a history."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.records.compared_kinds import ComparedKind, ComparedTable, code, how_many, person
from api.records.kinds import KindOfRecord, SubjectNames, by_verb, of_council
from projections.quarterly import queries
from projections.quarterly.tables import COMMENTARIES, SECTIONS, quarterly_row

_KIND, _VERB = "quarterly-report", "read-quarterly-report"


def _named(connection: Connection, key: str, position: int | None) -> str | None:
    found = queries.one(connection, key, position=position)
    return None if found is None else f"Quarterly report “{found.row.title}”"


NAMED = SubjectNames(_KIND, _named)
RECORDS = (
    KindOfRecord(_KIND, of_council(_KIND, _VERB, named=_named), events=("quarterly.events",)),
)
STREAMS = (by_verb(_KIND, _VERB),)

COMPARED = ComparedKind(
    _KIND,
    "Quarterly reports",
    "Quarterly report",
    85,
    (
        ComparedTable(
            quarterly_row,
            {
                "title": "Title",
                "start": "From",
                "end": "To",
                "author": person("Author"),
                "stage": code("Stage"),
                "sections": how_many("Sections"),
                "headlines": how_many("Headlines"),
                "reviewer": person("Reviewer"),
                "sent_as_at": "Sent for review as on",
                "returned_because": "Why it was sent back",
            },
            left_out=(
                "council",
                "begun_us",
                "sent",
                "sha256",
                "formulas",
                "rendering",
                "published",
            ),
        ),
        ComparedTable(
            SECTIONS.table,
            {"question": "", "shows": code("shows"), "writer": person("written by")},
            each="Section",
            left_out=("section", "asked"),
        ),
        ComparedTable(
            COMMENTARIES.table,
            {"text": "", "by": person("by")},
            each="Commentary",
            left_out=("section", "written_us"),
        ),
    ),
    named=("title",),
    href="/quarterly-reports/{}",
    weighs=("quarterly_row.stage", "quarterly_row.title"),
)
