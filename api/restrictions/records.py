"""Restrictions as records that have a history."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from api.records.compared_kinds import ComparedKind, ComparedTable, person
from api.records.kinds import KindOfRecord, KindOfStream, Record
from api.restrictions import reading
from api.web.access_notes import ServedLook
from projections.history.question import HistoryScope
from projections.restrictions.tables import restriction_reader, restriction_row
from qa.core.errors import NotFound
from qa.core.words import Actor


def _open(look: ServedLook, key: str) -> Record:
    row = reading.ever(look.connection, look.actor, key)
    if row is None:
        raise NotFound(reading.NONE_SUCH)
    stream = f"restriction:{key}"
    title = f"Restriction of the records of child {row.child}"
    return Record("restriction", key, title, stream, HistoryScope((stream,)))


def _open_to(connection: Connection, actor: Actor, streams: Collection[str]) -> list[str]:
    return [
        one for one in streams if reading.ever(connection, actor, one.partition(":")[2]) is not None
    ]


RECORDS = (KindOfRecord("restriction", _open, events=("restrictions.events",)),)
STREAMS = (KindOfStream("restriction", _open_to),)

COMPARED = ComparedKind(
    "restriction",
    "Restricted records",
    "Restriction of the records of child",
    120,
    (
        ComparedTable(
            restriction_row,
            {
                "child": "Child",
                "why": "Why",
                "made_by": person("Made by"),
                "made_on": "Made",
            },
            left_out=("child_key",),
        ),
        ComparedTable(
            restriction_reader,
            {"person": person(""), "until": "until"},
            each="May read it",
        ),
    ),
    named=("child",),
    href="/restrictions/{}",
)
