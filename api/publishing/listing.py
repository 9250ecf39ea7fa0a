"""The register of published reports, each with how many of its figures are others by now."""

from __future__ import annotations

from functools import cache
from typing import Any

from api.documents.listing import ColumnKind
from api.lists.declaration import (
    ListCell,
    ListColumn,
    ListFilter,
    RecordList,
    record_column,
)
from api.lists.files import MOST_ROWS
from api.publishing import reading as publishing_reading
from api.reports.declaration import report_called
from api.web.context import Reading
from projections.disclosure import queries as disclosure_queries
from projections.disclosure.tables import OutsideCopyRow
from projections.people import queries as people_queries
from projections.publishing import queries
from projections.publishing.tables import PublishedRow
from qa.authorisation.policy import can
from qa.core.errors import Forbidden

SAME = "No figure has changed"
CLOSED = "Not open to you"


def register_list(reading: Reading) -> RecordList[PublishedRow]:
    """The published reports, the latest first. What changed since is asked of the rows shown."""
    position = reading.at.position
    rows = queries.register(reading.connection, position=position, limit=MOST_ROWS)
    names = people_queries.names(reading.connection, {row.by for row in rows}, position=position)

    memory: dict[object, Any] = {}

    def is_open(row: PublishedRow) -> bool:
        return can(reading.actor, report_called(row.question.report).verb).allowed

    @cache
    def since(row: PublishedRow) -> ListCell:
        if row.withdrawn_because:
            return ListCell("", tag="Withdrawn", tag_colour="grey")
        if not is_open(row):
            return ListCell(CLOSED)
        try:
            found = publishing_reading.restated(
                reading.services,
                reading.connection,
                reading.actor,
                row,
                reading.at,
                causes=False,
                memory=memory,
            )
        except Forbidden:
            return ListCell(CLOSED)
        if found.untold:
            return ListCell("", tag=f"{len(found.untold)} changed", tag_colour="yellow")
        words = f"{len(found.figures)} changed, readers informed"
        return ListCell(words if found.figures else SAME)

    given: dict[str, list[OutsideCopyRow]] = {}
    for one in disclosure_queries.copies(reading.connection, position=position):
        given.setdefault(one.published, []).append(one)

    def copies(row: PublishedRow) -> str:
        if not is_open(row):
            return CLOSED
        copies_given = given.get(row.published, [])
        withdrawn = sum(one.withdrawn_us is not None for one in copies_given)
        sentence = f"{len(copies_given)} given out" if copies_given else ""
        return f"{sentence}, {withdrawn} withdrawn" if withdrawn else sentence

    def copies_cell(row: PublishedRow) -> ListCell:
        there = reading.link(f"/published/{row.published}/copies") if is_open(row) else ""
        return ListCell(copies(row), there) if copies(row) else ListCell("None")

    def report(row: PublishedRow) -> str:
        return str(report_called(row.question.report).title)

    return RecordList(
        path="/published",
        title="Published reports",
        noun=("report", "reports"),
        rows=rows,
        key=lambda row: row.published,
        columns=(
            record_column(
                "title",
                "Published as",
                lambda row: row.title,
                lambda row: f"/published/{row.published}",
            ),
            ListColumn("report", "Report", report),
            ListColumn("as_at", "Recorded up to", lambda row: row.as_at, ColumnKind.DAY),
            ListColumn("position", "Entry of the log", lambda row: row.position, ColumnKind.NUMBER),
            ListColumn(
                "published_at", "Published", lambda row: row.published_at, ColumnKind.MOMENT
            ),
            ListColumn("by", "By", lambda row: names.get(row.by, row.by)),
            ListColumn(
                "since",
                "Since then",
                lambda row: since(row).text or since(row).tag,
                drawn=since,
                sortable=False,
            ),
            ListColumn("copies", "Copies for outside", copies, drawn=copies_cell, sortable=False),
        ),
        filters=(ListFilter("report", "Report", lambda row: (row.question.report, report(row))),),
        order="the latest first",
        empty=(
            "No report was published yet",
            "Published reports and their restatements are listed here.",
        ),
        file_name="published-reports",
    )
