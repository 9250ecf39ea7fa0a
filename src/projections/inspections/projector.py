"""What each event changes in the read rows of inspections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.core.typed_rows import json_text
from projections.inspections.tables import QUESTIONS, ROOMS, QuestionRow
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent, events_of
from qa.inspections import events


class Inspections:
    """Projects the events of inspectors' rooms."""

    name = "inspections"
    version = 2
    tables = (ROOMS.table, QUESTIONS.table)
    by_stream = True
    handles = events_of(events)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        room, event = recorded.stream.partition(":")[2], recorded.event
        rows: list[RowChange] = []
        changed: dict[str, Any] = {"stream_version": recorded.version}
        match event:
            case events.InspectorRoomOpened():
                return [ROOMS.begin(recorded, **_reach(event))]
            case events.InspectorRoomReachChanged():
                changed |= _reach(event.new)
            case events.InspectorRoomExtended():
                changed["until"] = event.new.isoformat()
            case events.InspectorRoomClosed():
                changed |= {"closed": 1, "closed_because": recorded.meta.reason}
            case events.InspectorQuestionAsked():
                rows = [_add_text(recorded, event.asked, event.subject)]
            case _:
                rows = [_add_text(recorded, event.answer, "", is_answer=1)]
        return [*rows, ROOMS.amend((room,), lambda row: row._replace(**changed))]


def _reach(of: events.InspectorRoomOpened | events.RoomReach) -> dict[str, Any]:
    return {
        "scope": of.scope.key,
        "audits": json_text([(one.audit, one.reference) for one in of.audits]),
        "children": json_text(of.children),
        "tools": json_text(of.tools),
    }


def _add_text(
    recorded: RecordedEvent[Any], text: str, subject: str, *, is_answer: int = 0
) -> RowChange:
    room, question = recorded.stream.partition(":")[2], recorded.event.question
    by, at = recorded.meta.by, microseconds(recorded.recorded_at)
    return QUESTIONS.add(QuestionRow(room, question, is_answer, text, subject, by, at))


PROJECTORS = (Inspections,)
