"""What each event changes in the read rows of inspections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.core.base import Amend, JournalRow, Put, RowChange, as_at
from projections.inspections.queries import _read
from projections.inspections.tables import inspection_row, inspection_said
from qa.core.clock import microseconds
from qa.core.fact import Recorded
from qa.inspections import events


class Inspections:
    """Projects the facts of inspectors' rooms."""

    name = "inspections"
    version = 1
    tables = (inspection_row, inspection_said)
    by_stream = True
    handles = (
        events.InspectorRoomOpened,
        events.InspectorRoomExtended,
        events.InspectorRoomClosed,
        events.InspectorQuestionAsked,
        events.InspectorQuestionAnswered,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[RowChange]:
        room, fact = recorded.stream.partition(":")[2], recorded.fact
        version = {"stream_version": recorded.version}
        match fact:
            case events.InspectorRoomOpened():
                return [Put(inspection_row, {**version, **_opened(fact)})]
            case events.InspectorRoomExtended():
                values = {**version, "until": fact.new.isoformat()}
                return [Amend(inspection_row, (room,), values)]
            case events.InspectorRoomClosed():
                values = {**version, "closed": 1, "closed_because": recorded.meta.reason}
                return [Amend(inspection_row, (room,), values)]
            case events.InspectorQuestionAsked():
                said = _said(room, recorded, fact.asked, fact.subject)
            case events.InspectorQuestionAnswered():
                said = _said(room, recorded, fact.answer, "")
            case _:
                return ()
        return [JournalRow(inspection_said, said), Amend(inspection_row, (room,), version)]


def _opened(fact: events.InspectorRoomOpened) -> dict[str, Any]:
    scope = fact.scope
    return {
        "room": fact.room,
        "title": fact.title,
        "inspector": fact.inspector,
        "scope": scope.kind if scope.code is None else f"{scope.kind}:{scope.code}",
        "since": fact.since.isoformat(),
        "until": fact.until.isoformat(),
        "pin": fact.pin,
        "pinned_on": None if fact.pinned_on is None else fact.pinned_on.isoformat(),
        "closed": 0,
    }


def _said(room: str, recorded: Recorded[Any], said: str, subject: str) -> dict[str, Any]:
    return {
        "room": room,
        "question": recorded.fact.question,
        "is_answer": int(isinstance(recorded.fact, events.InspectorQuestionAnswered)),
        "said": said,
        "subject": subject,
        "by": recorded.meta.by,
        "recorded_us": microseconds(recorded.recorded_at),
    }


def room(connection: Connection, room_id: str) -> dict[str, Any] | None:
    """One room as it stands, or None."""
    query = select(inspection_row).where(
        inspection_row.c.room == room_id, as_at(inspection_row, None)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _read(row)
