"""The list of audits: its columns, on a page and in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from urllib.parse import quote

from sqlalchemy.engine import Connection

from api.documents.listing import ColumnKind, Listing
from api.lists.declaration import (
    ALL,
    ListCell,
    ListColumn,
    ListRequest,
    RecordList,
    record_column,
)
from api.lists.files import listing_of, refuse_too_many
from api.lists.page import all_of
from api.services import Services
from api.web.moments import AsAt
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.queries import AuditFilter
from projections.audits.tables import AuditRow
from projections.core.paging import RowPage
from projections.people import queries as people_queries
from qa.audits.comparison import GradesGiven
from qa.audits.words import NO_CHILD
from qa.core.words import AuditStatus, Reach

SEALED = "Sealed"


def audit_listing(
    services: Services,
    connection: Connection,
    within: Reach,
    at: AsAt,
    wanted: AuditFilter | None = None,
    *,
    by: str,
    request: ListRequest = ALL,
    filters: Sequence[tuple[str, str]] = (),
) -> Listing:
    """All the audits that a reader may see, narrowed and sorted, on their way to a file.

    Raises:
        Refused: more rows than a file should hold.
    """
    refuse_too_many(audit_queries.count(connection, within, wanted, position=at.position), "audits")

    def fetch(page: RowPage) -> list[AuditRow]:
        return audit_queries.audits(connection, within, wanted, position=at.position, page=page)

    rows = all_of(fetch, request)
    return listing_of(
        audit_list(connection, rows, at), services, connection, at, by, request, filters
    )


def audit_list(connection: Connection, rows: Sequence[AuditRow], at: AsAt) -> RecordList[AuditRow]:
    """These audits, the newest first. What may be sealed from a reader cannot be sorted by."""
    mentioned = {one for row in rows for one in (row.auditor, row.moderator) if one}
    names = people_queries.names(connection, mentioned, position=at.position)
    tools = tool_queries.definitions(connection, position=at.position) if rows else {}

    def person(code: str | None) -> str | None:
        return names.get(code or "", code or "") or None

    def label(row: AuditRow, code: str | None) -> str | None:
        tool = tools.get((row.tool, row.tool_version))
        return code if tool is None or code is None else tool.overall_scale.label(code)

    def words(row: AuditRow, given: GradesGiven, code: str | None) -> str | None:
        """The overall grade, or those of the domains where the tool has none."""
        tool = tools.get((row.tool, row.tool_version))
        return label(row, code) if tool is None or tool.has_overall else given.in_words(tool)

    def graded(
        code_of: Callable[[AuditRow], str | None], given_of: Callable[[AuditRow], GradesGiven]
    ) -> Callable[[AuditRow], ListCell]:
        def cell(row: AuditRow) -> ListCell:
            code, tool = code_of(row), tools.get((row.tool, row.tool_version))
            if row.judgement_sealed or code is None:
                return ListCell(SEALED if row.judgement_sealed else "None yet")
            if tool is not None and not tool.has_overall:
                return ListCell(given_of(row).in_words(tool))
            point = None if tool is None else tool.overall_scale.point(code)
            return ListCell("", grade=(label(row, code) or code, point.short if point else None))

        return cell

    def title(row: AuditRow) -> ListCell:
        tool = tools.get((row.tool, row.tool_version))
        return ListCell(row.tool if tool is None else tool.title)

    def field(
        key: str, heading: str, kind: ColumnKind = ColumnKind.TEXT, none: str = "None"
    ) -> ListColumn[AuditRow]:
        """A column that is a field of the row, and not of its judgement."""
        return ListColumn(key, heading, attrgetter(key), kind, none=none)

    def judged(
        key: str, heading: str, value: Callable[[AuditRow], str | None]
    ) -> ListColumn[AuditRow]:
        return ListColumn(key, heading, value, sortable=False)

    sealed = sum(row.judgement_sealed for row in rows)
    return RecordList(
        path="/audits",
        title="Case audits",
        noun=("audit", "audits"),
        rows=rows,
        key=lambda row: row.audit,
        columns=(
            record_column(
                "reference",
                "Audit",
                lambda row: row.reference,
                lambda row: f"/audits/{row.audit}",
                unbroken=True,
            ),
            record_column(
                "child",
                "Child reference",
                lambda row: row.child or NO_CHILD,
                lambda row: row.child and f"/children/{quote(row.child)}",
                unbroken=True,
            ),
            field("service_name", "Service"),
            field("team_name", "Team"),
            ListColumn("tool", "Tool", lambda row: row.tool, drawn=title),
            field("tool_version", "Tool version", ColumnKind.NUMBER),
            ListColumn(
                "auditor_name",
                "Auditor",
                lambda row: person(row.auditor),
                drawn=lambda row: ListCell(
                    SEALED if row.judgement_sealed else person(row.auditor) or "None"
                ),
                sortable=False,
            ),
            judged("status_label", "Status", lambda row: AuditStatus(row.status).label),
            field("practice_from", "Practice from", ColumnKind.DAY),
            field("practice_to", "Practice to", ColumnKind.DAY),
            field("due_on", "Due", ColumnKind.DAY),
            ListColumn(
                "audit_date",
                "Audit date",
                lambda row: row.audit_date,
                ColumnKind.DAY,
                none="Not yet",
                sortable=False,
            ),
            ListColumn(
                "submitted_on",
                "Submitted",
                lambda row: row.submitted_on,
                ColumnKind.DAY,
                sortable=False,
            ),
            ListColumn(
                "overall_label",
                "Overall grade",
                lambda row: words(row, row.grades_given, row.overall),
                drawn=graded(attrgetter("overall"), attrgetter("grades_given")),
                sortable=False,
            ),
            judged("moderator_name", "Moderator", lambda row: person(row.moderator)),
            judged(
                "moderated_label",
                "Moderated grade",
                lambda row: words(row, row.grades_moderated, row.moderated_overall),
            ),
            ListColumn(
                "final_label",
                "Final grade",
                lambda row: words(row, row.grades_final, row.final_grade),
                drawn=graded(attrgetter("final_grade"), attrgetter("grades_final")),
                sortable=False,
            ),
            judged("final_source", "Final grade from", lambda row: row.final_source),
        ),
        order="newest first",
        empty=(
            "There are no audits yet",
            "Audits appear here when a QA lead has allocated them and your role lets you see them.",
        ),
        notes=[f"{sealed} audits are sealed from you until you have moderated them."]
        if sealed
        else (),
        page_order=(
            "reference",
            "child",
            "team_name",
            "tool",
            "auditor_name",
            "status_label",
            "due_on",
            "audit_date",
            "overall_label",
            "final_label",
        ),
        file_name="audits",
    )
