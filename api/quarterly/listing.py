"""The list of quarterly reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.documents.listing import ColumnKind
from api.lists.declaration import ListColumn, ListFilter, RecordList, record_column
from projections.quarterly.tables import QuarterlyRow

STAGES = {
    "draft": "Draft",
    "review": "In review",
    "agreed": "Agreed",
    "published": "Published",
}


def quarterly_list(
    rows: Sequence[QuarterlyRow], names: Mapping[str, str]
) -> RecordList[QuarterlyRow]:
    """Quarterly reports that are written or were, the last begun first."""

    def stage(row: QuarterlyRow) -> str:
        return STAGES[row.stage]

    return RecordList(
        path="/quarterly-reports",
        title="Quarterly reports",
        noun=("report", "reports"),
        rows=rows,
        key=lambda row: row.report,
        columns=(
            record_column(
                "title",
                "Title",
                lambda row: row.title,
                lambda row: f"/quarterly-reports/{row.report}",
            ),
            ListColumn("start", "First day", lambda row: row.start, ColumnKind.DAY),
            ListColumn("end", "Last day", lambda row: row.end, ColumnKind.DAY),
            ListColumn("stage", "Stands at", stage),
            ListColumn("sections", "Sections", lambda row: len(row.order), ColumnKind.NUMBER),
            ListColumn("author", "Author", lambda row: names.get(row.author, row.author)),
            ListColumn(
                "reviewer", "Reviewer", lambda row: names.get(row.reviewer or "", row.reviewer)
            ),
        ),
        filters=(ListFilter("stage", "Stands at", lambda row: (row.stage, stage(row))),),
        order="the last begun first",
        empty=(
            "No quarterly report yet",
            "Reports and charts of a quarter are put together here, with what they mean.",
        ),
        file_name="quarterly-reports",
    )
