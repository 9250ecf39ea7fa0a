"""Published reports as records that have a history."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.records.compared_kinds import ComparedKind, ComparedTable, person
from api.records.kinds import KindOfRecord, SubjectNames, by_verb, of_council
from projections.publishing import queries
from projections.publishing.tables import PUBLISHED

_KIND, _VERB = "published-report", "read-council-figures"


def _named(connection: Connection, key: str, position: int | None) -> str | None:
    found = queries.report(connection, key, position=position)
    return None if found is None else f"Published report “{found.title}”"


NAMED = SubjectNames(_KIND, _named)
RECORDS = (
    KindOfRecord(_KIND, of_council(_KIND, _VERB, named=_named), events=("publishing.events",)),
)
STREAMS = (by_verb(_KIND, _VERB),)

COMPARED = ComparedKind(
    _KIND,
    "Published reports",
    "Published report",
    80,
    (
        ComparedTable(
            PUBLISHED.table,
            {
                "title": "Title",
                "as_at": "As on",
                "by": person("Published by"),
                "told_at": "Entry of the log up to which readers are told",
                "withdrawn_because": "Why it was withdrawn",
            },
            left_out=("asked", "position", "sha256", "published_us", "rendering", "letterhead"),
        ),
    ),
    named=("title",),
    href="/published/{}",
    weighs=("published_row.withdrawn_because", "published_row.told_at", "published_row.title"),
)
