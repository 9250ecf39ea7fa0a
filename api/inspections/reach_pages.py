"""The form by which what a room opens is said anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Path
from starlette.responses import RedirectResponse, Response

from api.inspections.pages import found_room
from api.inspections.reach_forms import REACH, reach_boxes, reach_typed
from api.inspections.reading import left_out_words
from api.web.boxes import Box, FormValues, drawn
from api.web.changes import Trouble, key_of, new_key, seen, tried
from api.web.context import PresentReader, Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.steps import command_box
from projections.inspections.tables import RoomRow
from qa.inspections import handlers
from qa.inspections.commands import ChangeInspectorRoomReach
from qa.store.unit import Receipt

router = PageRouter(prefix="/inspections")

RoomId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
ORDER = (*REACH, "reason")


def _boxes(reading: Reading, room: RoomRow) -> list[Box]:
    why = command_box(ChangeInspectorRoomReach, "reason")
    return [*reach_boxes(reading, ChangeInspectorRoomReach, room), why]


def _shown(
    reading: Reading,
    room: RoomRow,
    typed: Mapping[str, str] | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    wrong = errors or Errors()
    return reading.page(
        "form.html",
        status=status,
        title="Change what the room opens",
        caption=room.title,
        intro=(
            "From now on the inspector sees what you leave here, whatever date they look at, and "
            "nothing else. What the room opened before stays on record, with your reason.",
        ),
        action=f"/inspections/{room.room}/reach",
        back=f"/inspections/{room.room}",
        seen=room.stream_version,
        key=new_key(),
        button="Change what the room opens",
        warns=False,
        boxes=drawn(_boxes(reading, room), typed, wrong),
        errors=wrong,
        as_at=None,
    )


@router.get("/{room}/reach")
def ask_reach(room: RoomId, reading: PresentReader) -> Response:
    return _shown(reading, found_room(reading, room))


@router.post("/{room}/reach")
def change_reach(room: RoomId, reading: Reader, form: Posted) -> Response:
    found = found_room(reading, room)
    values = FormValues.of(form, _boxes(reading, found))

    def do() -> Receipt:
        given = reach_typed(values)
        command = ChangeInspectorRoomReach(room=room, reason=values.text("reason"), **given)
        return handlers.change_reach(
            reading.desk, command, by=reading.actor, seen=seen(form), key=key_of(form)
        )

    done = tried(do, ORDER)
    if isinstance(done, Trouble):
        return _shown(reading, found, values.typed, done.errors, done.status)
    more = left_out_words(done.response)
    return RedirectResponse(f"/inspections/{room}?done=reach{more}", status_code=303)
