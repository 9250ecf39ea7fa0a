"""What each event changes in the read rows of publishing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.publishing.tables import PUBLISHED, SAID, RemarkRow
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent, events_of
from qa.publishing import events


class Published:
    """Projects the events of published reports."""

    name = "published"
    version = 3
    tables = (PUBLISHED.table, SAID.table)
    by_stream = True
    handles = events_of(events)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        published, event = recorded.stream.partition(":")[2], recorded.event
        remarks: list[RowChange] = []
        changed: dict[str, Any] = {"stream_version": recorded.version}
        match event:
            case events.ReportPublished():
                row = PUBLISHED.row_of(
                    recorded,
                    published_us=microseconds(recorded.recorded_at),
                    told_at=event.position,
                )
                if event.commentary:
                    remarks = [_add_remark(recorded, "commentary", event.commentary)]
                return [PUBLISHED.put(row), *remarks]
            case events.ReportCommented():
                remarks = [_add_remark(recorded, "commentary", event.commentary)]
            case events.ReportRestated():
                remarks = [
                    _add_remark(recorded, "restatement", event.note, event.upto, event.figures)
                ]
                changed["told_at"] = event.upto
            case _:
                changed["withdrawn_because"] = recorded.meta.reason
        return [*remarks, PUBLISHED.amend((published,), lambda row: row._replace(**changed))]


def _add_remark(
    recorded: RecordedEvent[Any],
    kind: str,
    text: str,
    upto: int | None = None,
    figures: int | None = None,
) -> RowChange:
    published, at = recorded.stream.partition(":")[2], microseconds(recorded.recorded_at)
    return SAID.add(RemarkRow(published, kind, text, upto, figures, recorded.meta.by, at))


PROJECTORS = (Published,)
