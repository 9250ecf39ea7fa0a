"""Lists as files: exactly what a list page shows, with a sheet that says what it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from api.documents.listing import Cell, Column, ColumnKind, Listing
from api.documents.text import as_csv, as_json
from api.documents.workbook import as_xlsx
from api.services import Services
from api.web.freshness import behind
from api.web.moments import AsAt
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.queries import AuditFilter
from projections.audits.tables import AuditRow
from projections.people import queries as people_queries
from qa.core.errors import Refused
from qa.core.words import AuditStatus, Reach, Scale

MOST_ROWS = 100_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
"""What a file of each kind is served as. Lists are csv, xlsx and json; reports all five."""

COLUMNS = (
    Column("reference", "Audit", ColumnKind.TEXT),
    Column("child", "Child reference", ColumnKind.TEXT),
    Column("service_name", "Service", ColumnKind.TEXT),
    Column("team_name", "Team", ColumnKind.TEXT),
    Column("tool", "Tool", ColumnKind.TEXT),
    Column("tool_version", "Tool version", ColumnKind.NUMBER),
    Column("auditor_name", "Auditor", ColumnKind.TEXT),
    Column("status_label", "Status", ColumnKind.TEXT),
    Column("practice_from", "Practice from", ColumnKind.DAY),
    Column("practice_to", "Practice to", ColumnKind.DAY),
    Column("due_on", "Due", ColumnKind.DAY),
    Column("audit_date", "Audit date", ColumnKind.DAY),
    Column("submitted_on", "Submitted", ColumnKind.DAY),
    Column("overall_label", "Overall grade", ColumnKind.TEXT),
    Column("moderator_name", "Moderator", ColumnKind.TEXT),
    Column("moderated_label", "Moderated grade", ColumnKind.TEXT),
    Column("final_label", "Final grade", ColumnKind.TEXT),
    Column("final_source", "Final grade from", ColumnKind.TEXT),
)


def audit_listing(
    services: Services,
    connection: Connection,
    within: Reach,
    at: AsAt,
    wanted: AuditFilter | None = None,
    *,
    by: str,
    said: Sequence[tuple[str, str]] = (),
) -> Listing:
    """The audits a reader may see, newest first, as one list.

    Raises:
        Refused: more rows than a file should hold.
    """
    total = audit_queries.count(connection, within, wanted, position=at.position)
    if total > MOST_ROWS:
        raise Refused(
            f"This list has {total:,} audits. Narrow it to {MOST_ROWS:,} or fewer.",
            code="list-too-long",
        )
    rows: list[AuditRow] = []
    before: int | None = None
    while True:
        page = audit_queries.audits(
            connection, within, wanted, position=at.position, before=before, limit=2000
        )
        rows += page
        if len(page) < 2000:
            break
        before = page[-1].opened
    mentioned = {one for row in rows for one in (row.auditor, row.moderator) if one}
    names = people_queries.names(connection, mentioned, position=at.position)
    scales = {
        key: definition.overall_scale
        for key, definition in tool_queries.definitions(connection, position=at.position).items()
    }
    cells: list[list[Cell]] = []
    for row in rows:
        scale = scales.get((row.tool, row.tool_version))
        shown = {
            **row._asdict(),
            "auditor_name": names.get(row.auditor, row.auditor) or None,
            "moderator_name": names.get(row.moderator or "", row.moderator),
            "status_label": AuditStatus(row.status).label,
            "overall_label": _label(scale, row.overall),
            "moderated_label": _label(scale, row.moderated_overall),
            "final_label": _label(scale, row.final_grade),
        }
        cells.append([_cell(shown[column.key], column.kind) for column in COLUMNS])
    sealed = sum(row.judgement_sealed for row in rows)
    return Listing(
        title="Case audits",
        columns=COLUMNS,
        rows=cells,
        filters=said,
        position=at.shown,
        **at.taken_out(by, services.clock.now()),
        notes=[
            *(one.words for one in behind(services, connection, at)),
            *(
                [f"{sealed} audits are sealed from you until you have moderated them."]
                if sealed
                else []
            ),
        ],
    )


def _label(scale: Scale | None, code: str | None) -> str | None:
    return code if scale is None or code is None else scale.label(code)


def _cell(value: Any, kind: ColumnKind) -> Cell:
    if kind is ColumnKind.DAY and value is not None:
        return date.fromisoformat(value)
    cell: Cell = value
    return cell


def render_listing(listing: Listing, kind: str, *, raw: bool = False) -> bytes:
    """The list as the bytes of a csv, xlsx or json file.

    Raises:
        Refused: another kind of file.
    """
    if kind == "csv":
        return as_csv(listing, raw=raw)
    if kind == "xlsx":
        return as_xlsx(listing)
    if kind == "json":
        return as_json(listing)
    raise Refused("A list can be written as .csv, .xlsx or .json.", code="file-kind")


def write_listing(listing: Listing, out: Path, *, raw: bool = False) -> None:
    """Write the list to a file whose ending says what it is."""
    out.write_bytes(render_listing(listing, out.suffix.lstrip(".").lower(), raw=raw))
