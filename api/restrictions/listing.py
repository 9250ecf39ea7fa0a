"""The list of restricted records that are open to a reader. It is never taken out as a file."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from api.documents.listing import ColumnKind
from api.lists.declaration import (
    ListColumn,
    RecordList,
    record_column,
)
from projections.people import queries as people_queries
from projections.restrictions.tables import RestrictionRow


def restriction_list(
    connection: Connection, rows: Sequence[RestrictionRow], position: int | None
) -> RecordList[RestrictionRow]:
    """The restrictions, the latest first."""
    names = people_queries.names(connection, {row.made_by for row in rows}, position=position)
    return RecordList(
        path="/restrictions",
        title="Restricted records that are open to you",
        noun=("record", "records"),
        rows=rows,
        key=lambda row: row.restriction,
        columns=(
            record_column(
                "child",
                "Child",
                lambda row: row.child,
                lambda row: f"/restrictions/{row.restriction}",
            ),
            ListColumn("by", "Restricted by", lambda row: names.get(row.made_by, row.made_by)),
            ListColumn("made_on", "On", lambda row: row.made_on, ColumnKind.DAY),
        ),
        order="the latest first",
        empty=(
            "No restricted records are open to you",
            "Ask one of the people who are named. In an emergency, break the glass.",
        ),
    )
