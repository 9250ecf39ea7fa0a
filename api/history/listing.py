"""A history as a file: one row for each field that an entry changed or recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.documents.listing import Cell, Column, ColumnKind, Listing
from api.history import reading, telling
from api.history.reading import HistoryRequest
from api.lists.files import MOST_ROWS
from api.records.kinds import Record
from api.web.access_notes import ServedLook
from api.web.freshness import behind
from projections.history.question import Entry
from qa.core.access import What
from qa.core.errors import Refused

COLUMNS = (
    Column("position", "Position", ColumnKind.NUMBER),
    Column("recorded_at", "Recorded", ColumnKind.MOMENT),
    Column("effective_on", "Effective", ColumnKind.DAY),
    Column("late", "Days late", ColumnKind.NUMBER),
    Column("by_name", "Who"),
    Column("role", "Role at the time"),
    Column("team", "Team at the time"),
    Column("record", "Record"),
    Column("type", "Kind of entry"),
    Column("title", "What"),
    Column("label", "Field"),
    Column("old_words", "Old"),
    Column("new_words", "New"),
    Column("why_words", "Why it changed"),
    Column("reason", "Reason"),
    Column("stream", "Stream"),
    Column("stream_version", "Version", ColumnKind.NUMBER),
    Column("fact_id", "Fact"),
    Column("fingerprint", "Fingerprint (SHA-256)"),
)
PAGE = 500
_KEYS = tuple(column.key for column in COLUMNS)
_NO_CHANGE = {"label": "", "old_words": "", "new_words": "", "why_words": ""}


def history_listing(look: ServedLook, record: Record, filters: HistoryRequest) -> Listing:
    """The record's whole history as narrowed by `filters`.

    Raises:
        Refused: more rows than a file should hold.
    """
    services, at = look.services, look.at
    narrowed = reading.wanted(look, record, filters)
    rows: list[list[Cell]] = []
    shown: list[Entry] = []
    after: int | None = 0
    while after is not None:
        found = reading.page(look, record, narrowed, after=after, limit=PAGE)
        shown += found.entries
        for entry in telling.entries_in_words(
            services, look.connection, found.entries, several=False
        ):
            rows += rows_of(entry)
        if len(rows) > MOST_ROWS:
            raise Refused(
                f"This history has more than {MOST_ROWS:,} rows. Narrow it by date.",
                code="list-too-long",
            )
        after = found.next
    reading.note_judgements(look, record, What.EXPORT, shown)
    return Listing(
        title=f"History: {record.title}",
        columns=COLUMNS,
        rows=rows,
        filters=[
            (field, str(getattr(filters, field)))
            for field in filters.__slots__
            if getattr(filters, field)
        ],
        position=at.shown,
        **at.taken_out(look.actor.display_name, services.clock.now(), services.letterhead),
        notes=[*(one.words for one in behind(services, look.connection, at)), *record.notes],
    )


def rows_of(entry: Mapping[str, Any]) -> list[list[Cell]]:
    """A row for each field of an entry, or one for an entry without any."""
    whole = {**_NO_CHANGE, **entry, "effective_on": date.fromisoformat(entry["effective_on"])}
    same = [(key, whole[key]) for key in _KEYS]
    return [
        [change.get(key, cell) for key, cell in same] for change in entry["changes"] or [_NO_CHANGE]
    ]
