"""The list of files that were imported."""

from __future__ import annotations

from api.documents.listing import ColumnKind
from api.imports.importers import importers_for
from api.lists.declaration import (
    ListColumn,
    ListFilter,
    RecordList,
    record_column,
)
from api.web.context import Reader
from projections.imports import queries
from projections.imports.tables import BatchRow
from projections.people import queries as people_queries
from qa.authorisation.policy import require


def import_list(reading: Reader) -> RecordList[BatchRow]:
    """Every imported file, the newest first."""
    require(reading.actor, "send-file")
    connection, position = reading.connection, reading.at.position
    may = importers_for(reading.actor)
    rows = [one for one in queries.batches(connection, position=position) if one.kind in may]
    names = people_queries.names(connection, [row.by for row in rows], position=position)

    def by(row: BatchRow) -> str:
        operator = "The operator (command line)" if row.by == "operator" else row.by
        return names.get(row.by, operator)

    def state(row: BatchRow) -> tuple[str, str]:
        return ("kept", "In force") if row.reversed_because is None else ("undone", "Undone")

    number = ColumnKind.NUMBER
    return RecordList(
        path="/imports",
        title="Imports",
        noun=("file", "files"),
        rows=rows,
        key=lambda row: row.batch,
        columns=(
            record_column(
                "file",
                "File",
                lambda row: row.file_name,
                lambda row: f"/imports/{row.batch}",
                lambda row: row.kind,
            ),
            ListColumn("kind", "Kind", lambda row: row.kind, on_page=False),
            ListColumn("at", "When", lambda row: row.at, ColumnKind.MOMENT),
            ListColumn("by", "By", by),
            ListColumn("rows", "Rows", lambda row: row.rows, number),
            ListColumn("imported", "Recorded", lambda row: row.imported, number),
            ListColumn("already_there", "There already", lambda row: row.already_there, number),
            ListColumn("rejected", "Rejected", lambda row: row.rejected, number),
            ListColumn("state", "State", lambda row: state(row)[1]),
        ),
        filters=(
            ListFilter("kind", "Kind", lambda row: (row.kind, row.kind.capitalize())),
            ListFilter("by", "By", lambda row: (row.by, by(row))),
            ListFilter("state", "State", state),
        ),
        order="the newest first",
        empty=("No file was imported yet", "Choose a file to import. Nothing is recorded at once."),
        file_name="imports",
    )
