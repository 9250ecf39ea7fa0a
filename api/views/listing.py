"""The named views that a reader finds, as a list. It is never taken out as a file."""

from __future__ import annotations

from collections.abc import Sequence

from api.lists.declaration import ListCell, ListColumn, ListFilter, RecordList, record_column
from api.navigation import items
from api.views import reading
from api.web.context import Reading
from projections.people import queries as people_queries
from projections.views.tables import ListViewRow
from qa.core.words import Role

NOBODY = "Nobody else"


def list_title(path: str) -> str:
    """What the list at an address is called in the navigation, or by its address."""
    named = {item.href: item.text for item in items()}
    return named.get(path) or path.rpartition("/")[2].replace("-", " ").capitalize()


def view_list(reader: Reading, rows: Sequence[ListViewRow]) -> RecordList[ListViewRow]:
    """The views by name."""
    names = people_queries.names(
        reader.connection, {row.owner for row in rows}, position=reader.at.position
    )

    def shared(row: ListViewRow) -> str:
        return Role(row.role).label if row.role else NOBODY

    def files(row: ListViewRow) -> ListCell:
        there = reader.link(f"/views/{row.view}/export.xlsx")
        return ListCell("Excel", there, hidden=f" file of {row.name}")

    def remove(row: ListViewRow) -> ListCell:
        may = not reader.at.is_past and reading.may_remove(reader.actor, row)
        there = f"/views/{row.view}/remove" if may else ""
        return ListCell("Remove" if may else "", there, hidden=f" {row.name}" if may else "")

    return RecordList(
        path="/views",
        title="Saved lists",
        noun=("saved list", "saved lists"),
        rows=rows,
        key=lambda row: row.view,
        columns=(
            record_column("name", "Name", lambda row: row.name, lambda row: f"/views/{row.view}"),
            ListColumn("path", "List", lambda row: list_title(row.path)),
            ListColumn("owner", "Saved by", lambda row: names.get(row.owner, row.owner)),
            ListColumn("role", "Shared with", shared),
            ListColumn("file", "File", lambda row: None, drawn=files, sortable=False),
            ListColumn("remove", "Remove", lambda row: None, drawn=remove, sortable=False),
        ),
        filters=(
            ListFilter("list", "List", lambda row: (row.path, list_title(row.path))),
            ListFilter("role", "Shared with", lambda row: (row.role or "none", shared(row))),
        ),
        order="by name",
        empty=(
            "You have no saved lists yet",
            "Open a list, such as Actions, filter it, and choose “Save this list”.",
        ),
    )
