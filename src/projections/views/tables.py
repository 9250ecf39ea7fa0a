"""The read rows of named views."""

from __future__ import annotations

from typing import NamedTuple

from projections.core.typed_rows import Position, ReadTable


class ListViewRow(NamedTuple):
    """A view that stands. `name_key` tells the names of one person apart; without a `role` it is
    its owner's alone."""

    view: str
    opened: Position
    stream_version: int
    owner: str
    path: str
    query: str
    name: str
    name_key: str
    role: str


LIST_VIEWS = ReadTable(
    ListViewRow, "list_view_row", key=("view",), open_indexes=(("owner",), ("role",))
)
list_view_row = LIST_VIEWS.table
