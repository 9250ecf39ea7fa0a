"""The read rows of practitioners."""

from __future__ import annotations

from typing import NamedTuple

from projections.core.typed_rows import Position, ReadTable


class ResponseRow(NamedTuple):
    """What a practitioner said to an audit: `kind` is "reflection" or "dispute"; `entry` is the
    dispute's id, or the reflection's version."""

    audit: str
    entry: str
    stream_version: int
    kind: str
    person: str
    said_us: Position
    text: str
    should_be: str | None = None
    outcome: str | None = None
    answer: str | None = None
    answered_by: str | None = None
    answered_us: Position | None = None


RESPONSES = ReadTable(
    ResponseRow, "response_row", key=("audit", "entry"), open_indexes=(("kind", "outcome"),)
)
response_row = RESPONSES.table
