"""Named views as records that have a history."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from api.records.compared_kinds import ComparedKind, ComparedTable, code
from api.records.kinds import KindOfRecord, KindOfStream, Record
from api.views import reading
from api.web.access_notes import ServedLook
from projections.history.question import HistoryScope
from projections.views.tables import list_view_row
from qa.core.words import Actor
from qa.views.events import view_stream


def _open(look: ServedLook, key: str) -> Record:
    row, stream = reading.view(look.connection, look.actor, key), view_stream(key)
    return Record("list-view", key, f"View “{row.name}”", stream, HistoryScope((stream,)))


def _open_to(connection: Connection, actor: Actor, streams: Collection[str]) -> list[str]:
    found = {view_stream(row.view) for row in reading.views(connection, actor)}
    return [one for one in streams if one in found]


RECORDS = (KindOfRecord("list-view", _open, events=("views.events",)),)
STREAMS = (KindOfStream("list-view", _open_to),)

COMPARED = ComparedKind(
    "list-view",
    "Named views of lists",
    "View",
    180,
    (
        ComparedTable(
            list_view_row,
            {"name": "Name", "path": "List", "query": "Narrowed to", "role": code("For the role")},
            left_out=("owner", "name_key"),
        ),
    ),
    named=("name",),
)
