"""What each event changes in the read rows of publishing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import Amend, JournalRow, Put, RowChange
from projections.publishing.tables import published_row, published_said
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.publishing import events


class Published:
    """Projects the events of published reports."""

    name = "published"
    version = 1
    tables = (published_row, published_said)
    by_stream = True
    handles = (
        events.ReportPublished,
        events.ReportCommented,
        events.ReportRestated,
        events.ReportWithdrawn,
    )

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        published, event = recorded.stream.partition(":")[2], recorded.event
        version = {"stream_version": recorded.version}
        match event:
            case events.ReportPublished():
                row = {
                    **version,
                    "published": published,
                    "title": event.title,
                    "asked": event.asked.model_dump_json(),
                    "position": event.position,
                    "as_at": event.as_at.isoformat(),
                    "sha256": event.sha256,
                    "by": recorded.meta.by,
                    "published_us": microseconds(recorded.recorded_at),
                    "told_at": event.position,
                }
                said = _said(recorded, "commentary", event.commentary)
                return [Put(published_row, row), *(said if event.commentary else ())]
            case events.ReportCommented():
                said = _said(recorded, "commentary", event.commentary)
            case events.ReportRestated():
                version["told_at"] = event.upto
                said = _said(recorded, "restatement", event.note, event.upto, event.figures)
            case events.ReportWithdrawn():
                values = {**version, "withdrawn_because": recorded.meta.reason}
                return [Amend(published_row, (published,), values)]
            case _:
                return ()
        return [*said, Amend(published_row, (published,), version)]


def _said(
    recorded: RecordedEvent[Any],
    kind: str,
    said: str,
    upto: int | None = None,
    figures: int | None = None,
) -> list[RowChange]:
    row = {
        "published": recorded.stream.partition(":")[2],
        "kind": kind,
        "said": said,
        "upto": upto,
        "figures": figures,
        "by": recorded.meta.by,
        "recorded_us": microseconds(recorded.recorded_at),
    }
    return [JournalRow(published_said, row)]


PROJECTORS = (Published,)
