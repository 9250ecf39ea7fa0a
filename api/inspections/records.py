"""Inspectors' rooms as records that have a history."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from api.inspections.reading import rooms_of
from api.records.compared_kinds import (
    ComparedKind,
    ComparedTable,
    code,
    how_many,
    person,
    yes_or_no,
)
from api.records.kinds import KindOfRecord, KindOfStream, Record, of_council
from api.web.access_notes import ServedLook
from projections.core.base import present
from projections.inspections.tables import ROOMS
from qa.core.errors import NotFound
from qa.core.words import Actor

_opened = of_council("inspection", "run-inspection", title="Inspector room")


def _open_to(connection: Connection, actor: Actor, streams: Collection[str]) -> list[str]:
    # Looked up in the present: whoever runs a room now reads all of its history.
    runs = {f"inspection:{room.room}" for room in rooms_of(present(connection), actor)}
    return [stream for stream in streams if stream in runs]


def _open_room(look: ServedLook, key: str) -> Record:
    record = _opened(look, key)
    if not _open_to(look.connection, look.actor, (f"inspection:{key}",)):
        raise NotFound("There is no such record.")
    return record


RECORDS = (KindOfRecord("inspection", _open_room, events=("inspections.events",)),)
STREAMS = (KindOfStream("inspection", _open_to),)

COMPARED = ComparedKind(
    "inspection",
    "Inspectors’ rooms",
    "Inspector’s room",
    140,
    (
        ComparedTable(
            ROOMS.table,
            {
                "title": "Name",
                "inspector": person("Inspector"),
                "scope": code("Reach"),
                "since": "First day",
                "until": "Last day",
                "pinned_on": "Shows the records as on",
                "closed": yes_or_no("Closed"),
                "closed_because": "Why it was closed",
                "audits": how_many("Audits that it is about"),
                "children": how_many("Children’s files that it is about"),
                "tools": code("Tools that it is about"),
            },
            left_out=("pin",),
        ),
    ),
    named=("title",),
    href="/inspections/{}",
)
