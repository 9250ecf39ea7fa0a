"""The list of actions: its columns, on a page and in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from sqlalchemy.engine import Connection

from api.actions import reading
from api.documents.listing import ColumnKind, Listing
from api.lists.declaration import (
    ALL,
    ListCell,
    ListColumn,
    ListRequest,
    RecordList,
    day_cell,
    late_column,
)
from api.lists.files import listing_of, refuse_too_many
from api.lists.page import all_of
from api.records.narrowing import require_known_in
from api.services import Services
from api.web.access_notes import Look
from api.web.moments import AsAt
from projections.actions.queries import ActionFilter, is_late
from projections.actions.tables import ActionRow
from projections.audits import queries as audit_queries
from projections.core.paging import RowPage
from projections.people import queries as people_queries
from qa.actions.states import ActionState
from qa.actions.words import RAISED_BY_LABELS, evidence_in_words
from qa.core.words import Actor


def action_listing(
    services: Services,
    connection: Connection,
    actor: Actor,
    at: AsAt,
    wanted: ActionFilter,
    request: ListRequest = ALL,
    filters: Sequence[tuple[str, str]] = (),
) -> Listing:
    """All the actions that the reader may see, narrowed and sorted, on their way to a file.

    Raises:
        Refused: what it is narrowed to is not there, or more rows than a file should hold.
    """
    require_known_in(connection, wanted)
    refuse_too_many(reading.counted(Look(connection, actor, at), wanted), "actions")

    def fetch(page: RowPage) -> list[ActionRow]:
        return reading.listed(connection, actor, wanted, at, page)

    rows = all_of(fetch, request)
    shown = action_list(connection, rows, at)
    return listing_of(shown, services, connection, at, actor.display_name, request, filters)


def action_list(
    connection: Connection, rows: Sequence[ActionRow], at: AsAt
) -> RecordList[ActionRow]:
    """These actions, the newest first. Only what a row itself holds in the open can be sorted by:
    the order would tell what is masked."""
    names = people_queries.names(connection, {row.owner for row in rows}, position=at.position)
    references = audit_queries.references(connection, {row.audit for row in rows} - {""})
    named = people_queries.places(connection, position=at.position) if rows else {}

    def source(row: ActionRow) -> str:
        return row.source or RAISED_BY_LABELS[row.raised_by]

    def drawn_source(row: ActionRow) -> ListCell:
        reference = references.get(row.audit, "")
        if not reference:
            return ListCell(source(row))
        return ListCell(reference, beneath=row.child, unbroken=True)

    def first_due(row: ActionRow) -> ListCell:
        times = f"moved {row.moved} {'time' if row.moved == 1 else 'times'}"
        late = is_late(row, at.on, "first") and not is_late(row, at.on)
        cell = day_cell(row.first_due_on)
        if not row.moved:
            return cell
        return replace(cell, beneath=f"{times}; overdue by this date" if late else times)

    def field(key: str, heading: str, kind: ColumnKind = ColumnKind.DAY) -> ListColumn[ActionRow]:
        """A column of files alone that is a field of the row."""
        return ListColumn(key, heading, attrgetter(key), kind, on_page=False)

    return RecordList(
        path="/actions",
        title="Actions",
        noun=("action", "actions"),
        rows=rows,
        key=lambda row: row.action,
        columns=(
            field("action", "Action (id)", ColumnKind.TEXT),
            ListColumn(
                "reference",
                "Audit",
                lambda row: references.get(row.audit, ""),
                on_page=False,
                sortable=False,
            ),
            field("child", "Child reference", ColumnKind.TEXT),
            ListColumn(
                "raised_by_label",
                "Raised by",
                lambda row: RAISED_BY_LABELS[row.raised_by],
                on_page=False,
                sortable=False,
            ),
            ListColumn(
                "source", "Comes from", lambda row: row.source, drawn=drawn_source, sortable=False
            ),
            field("raised_on", "Raised"),
            ListColumn(
                "service_name",
                "Service",
                lambda row: named.get(row.team, ("", row.service))[1],
                on_page=False,
                sortable=False,
            ),
            ListColumn(
                "team_name",
                "Team",
                lambda row: named.get(row.team, (row.team, ""))[0],
                sortable=False,
            ),
            ListColumn(
                "owner_name", "Owner", lambda row: names.get(row.owner, row.owner), sortable=False
            ),
            field("kind", "Kind", ColumnKind.TEXT),
            ListColumn(
                "text",
                "What must be done",
                lambda row: row.text or None,
                drawn=lambda row: ListCell(
                    row.text or "Opens on its own page", f"/actions/{row.action}", lines=True
                ),
                sortable=False,
            ),
            ListColumn(
                "evidence_label",
                "Evidence asked for",
                lambda row: evidence_in_words(row.evidence_wanted),
                on_page=False,
                sortable=False,
            ),
            ListColumn("state", "State", lambda row: ActionState(row.state).label),
            ListColumn(
                "due_on",
                "Due",
                lambda row: row.due_on,
                ColumnKind.DAY,
                drawn=lambda row: day_cell(row.due_on, late=is_late(row, at.on)),
            ),
            ListColumn(
                "first_due_on",
                "First due date",
                lambda row: row.first_due_on,
                ColumnKind.DAY,
                drawn=first_due,
            ),
            field("moved", "Times the date moved", ColumnKind.NUMBER),
            late_column(lambda row: is_late(row, at.on)),
            ListColumn(
                "late_first",
                "Overdue by its first date",
                lambda row: "yes" if is_late(row, at.on, "first") else "no",
                on_page=False,
                sortable=False,
            ),
            field("accepted_on", "Accepted"),
            field("claimed_on", "Claimed done"),
            field("evidenced_on", "Evidence accepted"),
            field("verify_from", "Impact from"),
            field("verify_by", "Impact by"),
            field("verified_on", "Impact checked"),
            field("ended_on", "Ended"),
            field("follows", "Follows the action", ColumnKind.TEXT),
        ),
        order="newest first",
        empty=(
            "There are no actions yet",
            "Actions appear here when an audit raises them, or somebody does by hand.",
        ),
        page_order=("text", "source", "owner_name", "team_name", "state", "due_on", "first_due_on"),
        file_name="actions",
    )
