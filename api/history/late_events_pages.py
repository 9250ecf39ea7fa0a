"""Recorded later: the events that changed, afterwards, what we say of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from starlette.responses import Response

from api.documents.listing import ColumnKind
from api.history import late_events
from api.history.late_events import Learnt
from api.lists.declaration import ListCell, ListColumn, ListRequest, RecordList
from api.lists.files import MOST_ROWS, ListFileKind, listing_of, send_listing
from api.lists.page import drawn_page
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.paging import Page
from qa.authorisation.policy import require
from qa.core.dates_in_words import day

router = PageRouter()

PAGE = 50
HERE = "/learnt-later"
Entry = Mapping[str, Any]


def late_event_list(entries: Sequence[Entry], record: str) -> RecordList[Entry]:
    """The events in the order they were recorded. They are found page by page."""

    def what(entry: Entry) -> ListCell:
        return ListCell(entry["title"], entry["href"], beneath=f"Position {entry['position']}")

    def late(entry: Entry) -> ListCell:
        return ListCell(late_events.words_for(entry["days_late"]))

    def column(key: str, heading: str, **how: Any) -> ListColumn[Entry]:
        return ListColumn(key, heading, lambda entry: entry[key], sortable=False, **how)

    return RecordList(
        path=HERE,
        title="Recorded later",
        noun=("fact", "facts"),
        rows=entries,
        key=lambda entry: str(entry["position"]),
        columns=(
            column("position", "Position", kind=ColumnKind.NUMBER, on_page=False),
            column("title", "What", drawn=what),
            column("record", "Record", on_page=False),
            ListColumn(
                "by_name",
                "Who",
                lambda entry: f"{entry['by_name']}, {entry['role']}",
                sortable=False,
            ),
            column("recorded_at", "Recorded", kind=ColumnKind.MOMENT),
            column(
                "true_on",
                "Date it is about",
                kind=ColumnKind.DAY,
                drawn=lambda entry: ListCell(day(entry["true_on"])),
            ),
            column("days_late", "Days late", kind=ColumnKind.NUMBER, drawn=late),
        ),
        query={"record": record} if record else {},
        order="in the order they were recorded",
        empty=(
            "Nothing was recorded later",
            "Nothing about that day was added or changed later.",
        ),
        file_name="learnt-later",
    )


def _found(reading: Reading, record: str, after: int, limit: int) -> Learnt:
    """Some of the events. Raises `Refused` where no day is asked for."""
    return late_events.learnt_later(reading, record=record, after=after, limit=limit)


@router.get("/learnt-later")
def read_learnt_later(reading: Reader, record: str = "", after: str = "") -> Response:
    require(reading.actor, "read-report")
    shown = None
    if reading.at.true_on is not None:
        begin = int(after) if after.isdecimal() and len(after) < 19 else 0
        found = _found(reading, record, begin, PAGE)
        reading.note("learnt-later", record or "all records")
        entries = late_event_list(found.entries, record)
        page = Page(found.entries, next=None if found.next is None else str(found.next))
        request = ListRequest(entries.query)
        shown = drawn_page(reading, entries, request, page, found.total, filters=(), chosen=())
    return reading.page(
        "history/late_events.html",
        title="Recorded later",
        wide=True,
        shown=shown,
        record=record,
    )


@router.get("/learnt-later/export.{kind}")
def export_learnt_later(reading: Reader, kind: ListFileKind, record: str = "") -> Response:
    """All of these events as a file."""
    require(reading.actor, "read-report")
    require(reading.actor, "export")
    found = _found(reading, record, 0, MOST_ROWS + 1)
    entries = late_event_list(found.entries, record)
    filters = [("Record", record)] if record else []
    request, by = ListRequest(entries.query), reading.actor.display_name
    make = partial(
        listing_of, entries, reading.services, reading.connection, reading.at, by, request, filters
    )
    return send_listing(reading, make, entries.file_name, request, kind)
