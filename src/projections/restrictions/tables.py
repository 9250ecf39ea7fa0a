"""The read rows of restrictions: which records are restricted now, and who reads them."""

from __future__ import annotations

from typing import NamedTuple

from projections.core.typed_rows import Position, ReadTable
from projections.figures.joined_children import JoinedChildren


class RestrictionRow(NamedTuple):
    """A restriction that stands."""

    restriction: str
    opened: Position
    stream_version: int
    child: str
    child_key: str
    made_by: str
    made_on: str
    why: str


class RestrictionReaderRow(NamedTuple):
    """A reader. `until` is the last day of one who is not named and broke the glass."""

    restriction: str
    person: str
    until: str | None = None


RESTRICTIONS = ReadTable(
    RestrictionRow, "restriction_row", key=("restriction",), open_indexes=(("child_key",),)
)
restriction_row = RESTRICTIONS.table
RESTRICTION_READERS = ReadTable(
    RestrictionReaderRow, "restriction_reader", key=("restriction", "person")
)
restriction_reader = RESTRICTION_READERS.table
JOINED_CHILDREN = JoinedChildren("restriction_joined_child")
joined_child = JOINED_CHILDREN.table
