"""The list of self-evaluations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.documents.listing import ColumnKind
from api.lists.declaration import ListColumn, ListFilter, RecordList, record_column
from projections.self_evaluation.tables import SelfEvaluationRow

STAGES = {"draft": "Being written", "review": "In review"}


def evaluation_list(
    rows: Sequence[SelfEvaluationRow], names: Mapping[str, str]
) -> RecordList[SelfEvaluationRow]:
    """Self-evaluations, the last begun first."""

    def stage(row: SelfEvaluationRow) -> str:
        return STAGES[row.stage]

    return RecordList(
        path="/self-evaluations",
        title="Self-evaluations",
        noun=("self-evaluation", "self-evaluations"),
        rows=rows,
        key=lambda row: row.evaluation,
        columns=(
            record_column(
                "title",
                "Title",
                lambda row: row.title,
                lambda row: f"/self-evaluations/{row.evaluation}",
            ),
            ListColumn("start", "First day", lambda row: row.start, ColumnKind.DAY),
            ListColumn("end", "Last day", lambda row: row.end, ColumnKind.DAY),
            ListColumn("stage", "Stands at", stage),
            ListColumn("copies", "Frozen copies", lambda row: row.copies, ColumnKind.NUMBER),
            ListColumn("author", "Author", lambda row: names.get(row.author, row.author)),
            ListColumn(
                "reviewer", "Reviewer", lambda row: names.get(row.reviewer or "", row.reviewer)
            ),
        ),
        filters=(ListFilter("stage", "Stands at", lambda row: (row.stage, stage(row))),),
        order="the last begun first",
        empty=(
            "No self-evaluation yet",
            "What you know, how you know it and what you will do stand here, with the evidence.",
        ),
        file_name="self-evaluations",
    )
