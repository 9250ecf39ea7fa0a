"""The list of audit tools."""

from __future__ import annotations

from api.lists.declaration import (
    ListColumn,
    ListFilter,
    RecordList,
    record_column,
)
from api.web.context import Reader
from projections.audit_tools import queries
from projections.audit_tools.tables import AuditToolRow
from qa.authorisation.policy import require

KINDS = {
    "whole-case": "Whole case",
    "dip-sample": "Dip sample",
    "thematic": "Thematic",
    "closure": "Closure",
    "supervision": "Supervision of a practitioner",
}


def _state(row: AuditToolRow) -> tuple[str, str]:
    if row.retired:
        return "retired", "Retired"
    return ("published", "Published") if row.latest else ("draft", "Not published")


def _in_use(row: AuditToolRow) -> str:
    return f"Version {row.latest}" if _state(row)[0] == "published" else _state(row)[1]


def tool_list(reading: Reader) -> RecordList[AuditToolRow]:
    """Every audit tool with the version in use."""
    require(reading.actor, "read-tool")
    rows = queries.tools(reading.connection, position=reading.at.position)
    kinds = {row.tool: row.working_copy.kind for row in rows}
    return RecordList(
        path="/tools",
        title="Audit tools",
        noun=("tool", "tools"),
        rows=rows,
        key=lambda row: row.tool,
        columns=(
            record_column("title", "Tool", lambda row: row.title, lambda row: f"/tools/{row.tool}"),
            ListColumn("kind", "Kind", lambda row: KINDS[kinds[row.tool]]),
            ListColumn("in_use", "In use", _in_use),
            ListColumn(
                "working_copy",
                "Working copy",
                lambda row: "Has changes to publish" if row.working_differs else "As published",
            ),
        ),
        filters=(
            ListFilter("kind", "Kind", lambda row: (kinds[row.tool], KINDS[kinds[row.tool]])),
            ListFilter("state", "State", _state),
        ),
        order="by title",
        empty=("There are no audit tools yet", "A QA lead starts the first one."),
        file_name="audit-tools",
    )
