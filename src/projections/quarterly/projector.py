"""What each event changes in the read rows of quarterly reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from projections.core.base import RowChange
from projections.core.typed_rows import json_text
from projections.quarterly import tables
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent, events_of
from qa.quarterly import events


class QuarterlyReports:
    """Projects the events of quarterly reports."""

    name = "quarterly"
    version = 1
    tables = (tables.QUARTERLY.table, tables.SECTIONS.table, tables.COMMENTARIES.table)
    by_stream = True
    handles = events_of(events)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        report, event = recorded.stream.partition(":")[2], recorded.event
        at, by = microseconds(recorded.recorded_at), recorded.meta.by
        beside: list[RowChange] = []
        match event:
            case events.QuarterlyReportStarted():
                return [tables.QUARTERLY.begin(recorded, author=by, begun_us=at)]
            case events.QuarterlySectionAdded():
                beside = [tables.SECTIONS.begin(recorded)]
            case events.QuarterlySectionChanged():
                columns = {name: getattr(event, name) for name in ("question", "shows", "writer")}
                beside = [
                    tables.SECTIONS.amend(
                        (report, event.section), lambda row: row._replace(**columns)
                    )
                ]
            case events.QuarterlySectionRemoved():
                beside = [
                    tables.SECTIONS.close(report, event.section),
                    tables.COMMENTARIES.close(report, event.section),
                ]
            case events.QuarterlyCommentaryWritten():
                beside = [tables.COMMENTARIES.begin(recorded, written_us=at)]
        return [*beside, tables.QUARTERLY.amend((report,), lambda row: _changed(row, recorded))]


def _changed(row: tables.QuarterlyRow, recorded: RecordedEvent[Any]) -> tables.QuarterlyRow:
    row = row._replace(stream_version=recorded.version)
    match recorded.event:
        case events.QuarterlySectionAdded(section=section):
            return row._replace(sections=json_text([*row.order, section]))
        case events.QuarterlySectionRemoved(section=section):
            kept = [one for one in orjson.loads(row.headlines) if one["section"] != section]
            order = [one for one in row.order if one != section]
            return row._replace(sections=json_text(order), headlines=json_text(kept))
        case events.QuarterlySectionsOrdered(sections=sections):
            return row._replace(sections=json_text(sections))
        case events.QuarterlyHeadlinesChosen(headlines=headlines):
            return row._replace(headlines=json_text([one.model_dump() for one in headlines]))
        case events.QuarterlySentForReview() as sent:
            return row._replace(
                stage="review",
                reviewer=sent.reviewer,
                sent=sent.position,
                sent_as_at=sent.as_at.isoformat(),
                sha256=sent.sha256,
                formulas=sent.formulas,
                rendering=sent.rendering,
                returned_because=None,
            )
        case events.QuarterlyReturned():
            return row._replace(
                stage="draft",
                reviewer=None,
                sent=None,
                sent_as_at=None,
                sha256=None,
                formulas=None,
                rendering=None,
                returned_because=recorded.meta.reason,
            )
        case events.QuarterlyAgreed():
            return row._replace(stage="agreed")
        case events.QuarterlyPublished(published=published):
            return row._replace(stage="published", published=published)
        case _:
            return row


PROJECTORS = (QuarterlyReports,)
