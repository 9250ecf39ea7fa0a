"""The list of learning themes."""

from __future__ import annotations

from collections.abc import Sequence

from api.documents.listing import ColumnKind
from api.lists.declaration import (
    ListColumn,
    ListFilter,
    RecordList,
    record_column,
)
from projections.learning.projector import STAGES
from projections.learning.tables import ThemeRow

Tagged = tuple[ThemeRow, int]


def theme_list(rows: Sequence[Tagged], wanted: str) -> RecordList[Tagged]:
    """The themes with how many things belong to each, the last opened first; those that hold the
    words `wanted`."""
    return RecordList(
        path="/learning",
        title="Learning themes",
        noun=("theme", "themes"),
        rows=rows,
        key=lambda one: one[0].theme,
        columns=(
            record_column(
                "title", "Theme", lambda one: one[0].title, lambda one: f"/learning/{one[0].theme}"
            ),
            ListColumn("stage", "Stage", lambda one: STAGES[one[0].stage]),
            ListColumn("tagged", "Belongs to it", lambda one: one[1], ColumnKind.NUMBER),
            ListColumn("opened_on", "Opened", lambda one: one[0].opened_on, ColumnKind.DAY),
        ),
        filters=(ListFilter("stage", "Stage", lambda one: (one[0].stage, STAGES[one[0].stage])),),
        order="the last opened first",
        empty=(
            "No theme",
            "No theme holds these words."
            if wanted
            else "QA leads open themes where several findings teach one thing.",
        ),
        query={"q": wanted} if wanted else {},
        file_name="learning-themes",
    )
