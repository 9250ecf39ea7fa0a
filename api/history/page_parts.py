"""The beginning of a record's history, on the page of the record itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.history import reading as history_reading
from api.history import telling
from api.web.context import PagePart, Reading
from projections.history.question import HistoryFilter
from projections.people.tables import PlacedPerson


def first_entries(reading: Reading, person: PlacedPerson) -> Sequence[Mapping[str, Any]]:
    """What was done to an account, oldest first."""
    record = history_reading.open_record(reading, f"person:{person.person}")
    found = history_reading.page(reading, record, HistoryFilter(parts=record.parts))
    return telling.entries_in_words(
        reading.services, reading.connection, found.entries, several=False
    )


PARTS = PagePart("people/person.html", "entries", first_entries)
