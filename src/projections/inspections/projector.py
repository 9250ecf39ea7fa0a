"""What each event changes in the read rows of inspections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import Amend, JournalRow, Put, RowChange
from projections.inspections.tables import inspection_row, inspection_said
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.inspections import events


class Inspections:
    """Projects the events of inspectors' rooms."""

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

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        room, event = recorded.stream.partition(":")[2], recorded.event
        version = {"stream_version": recorded.version}
        match event:
            case events.InspectorRoomOpened():
                return [Put(inspection_row, {**version, **_opened(event)})]
            case events.InspectorRoomExtended():
                values = {**version, "until": event.new.isoformat()}
                return [Amend(inspection_row, (room,), values)]
            case events.InspectorRoomClosed():
                values = {**version, "closed": 1, "closed_because": recorded.meta.reason}
                return [Amend(inspection_row, (room,), values)]
            case events.InspectorQuestionAsked():
                said = _said(room, recorded, event.asked, event.subject)
            case events.InspectorQuestionAnswered():
                said = _said(room, recorded, event.answer, "")
            case _:
                return ()
        return [JournalRow(inspection_said, said), Amend(inspection_row, (room,), version)]


def _opened(event: events.InspectorRoomOpened) -> dict[str, Any]:
    scope = event.scope
    return {
        "room": event.room,
        "title": event.title,
        "inspector": event.inspector,
        "scope": scope.kind if scope.code is None else f"{scope.kind}:{scope.code}",
        "since": event.since.isoformat(),
        "until": event.until.isoformat(),
        "pin": event.pin,
        "pinned_on": None if event.pinned_on is None else event.pinned_on.isoformat(),
        "closed": 0,
    }


def _said(room: str, recorded: RecordedEvent[Any], said: str, subject: str) -> dict[str, Any]:
    return {
        "room": room,
        "question": recorded.event.question,
        "is_answer": int(isinstance(recorded.event, events.InspectorQuestionAnswered)),
        "said": said,
        "subject": subject,
        "by": recorded.meta.by,
        "recorded_us": microseconds(recorded.recorded_at),
    }


PROJECTORS = (Inspections,)
