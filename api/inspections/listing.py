"""The list of inspector rooms."""

from __future__ import annotations

from datetime import date

from sqlalchemy.engine import Connection

from api.documents.listing import ColumnKind
from api.inspections.reading import room_words, rooms_of
from api.lists.declaration import ListCell, ListColumn, ListFilter, RecordList
from projections.inspections.tables import RoomRow
from projections.people import queries as people_queries
from qa.core.words import Actor


def room_list(
    connection: Connection, actor: Actor, on: date, position: int | None
) -> RecordList[RoomRow]:
    """The rooms that the reader answers for, the latest to end first."""
    rooms = rooms_of(connection, actor, position=position)
    inspectors = [room.inspector for room in rooms]
    names = people_queries.names(connection, inspectors, position=position)
    words = {room.room: room_words(room, on) for room in rooms}

    def opened(room: RoomRow) -> ListCell:
        return ListCell(room.title, f"/inspections/{room.room}")

    def state(room: RoomRow) -> str:
        return str(words[room.room]["state"])

    return RecordList(
        path="/inspections",
        title="Inspector rooms",
        noun=("room", "rooms"),
        rows=rooms,
        key=lambda room: room.room,
        columns=(
            ListColumn("title", "Room", lambda room: room.title, drawn=opened),
            ListColumn("inspector", "Inspector", lambda room: names.get(room.inspector, "")),
            ListColumn("scope", "Scope", lambda room: str(words[room.room]["reach"])),
            ListColumn("since", "From", lambda room: room.since, ColumnKind.DAY),
            ListColumn("until", "Until", lambda room: room.until, ColumnKind.DAY),
            ListColumn(
                "pinned_on",
                "Pinned to",
                lambda room: room.pinned_on,
                ColumnKind.DAY,
                none="Not pinned",
            ),
            ListColumn("state", "State", state),
        ),
        filters=(ListFilter("state", "State", lambda room: (state(room), state(room))),),
        order="the latest to end first",
        empty=(
            "No room was opened yet",
            "Add the inspector under People, without a role, and open a room for them.",
        ),
        file_name="inspector-rooms",
    )
