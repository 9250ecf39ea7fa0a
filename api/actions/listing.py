"""The list of actions as a file: exactly what the list page shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from api.actions import reading
from api.documents.listing import Cell, Column, ColumnKind, Listing
from api.records.narrowing import require_known_in
from api.services import Services
from api.web.freshness import behind
from api.web.listings import MOST_ROWS
from api.web.moments import AsAt
from projections.actions.queries import ActionFilter, is_late
from projections.actions.tables import ActionRow
from projections.audits import queries as audit_queries
from projections.people import queries as people_queries
from qa.actions.states import ActionState
from qa.actions.words import RAISED_BY_LABELS, evidence_in_words
from qa.core.errors import Refused
from qa.core.words import Actor

COLUMNS = (
    Column("action", "Action (id)"),
    Column("reference", "Audit"),
    Column("child", "Child reference"),
    Column("raised_by_label", "Raised by"),
    Column("source", "Comes from"),
    Column("raised_on", "Raised", ColumnKind.DAY),
    Column("service_name", "Service"),
    Column("team_name", "Team"),
    Column("owner_name", "Owner"),
    Column("kind", "Kind"),
    Column("text", "What must be done"),
    Column("evidence_label", "Evidence asked for"),
    Column("state_label", "State"),
    Column("first_due_on", "First due date", ColumnKind.DAY),
    Column("due_on", "Due", ColumnKind.DAY),
    Column("moved", "Times the date moved", ColumnKind.NUMBER),
    Column("late", "Overdue"),
    Column("late_first", "Overdue by its first date"),
    Column("accepted_on", "Accepted", ColumnKind.DAY),
    Column("claimed_on", "Claimed done", ColumnKind.DAY),
    Column("evidenced_on", "Evidence accepted", ColumnKind.DAY),
    Column("verify_from", "Impact from", ColumnKind.DAY),
    Column("verify_by", "Impact by", ColumnKind.DAY),
    Column("verified_on", "Impact checked", ColumnKind.DAY),
    Column("ended_on", "Ended", ColumnKind.DAY),
    Column("follows", "Follows the action"),
)


def action_listing(
    services: Services,
    connection: Connection,
    actor: Actor,
    at: AsAt,
    wanted: ActionFilter,
    *,
    said: Sequence[tuple[str, str]] = (),
) -> Listing:
    """The actions that the reader may see, newest first, as one list.

    Raises:
        Refused: more rows than a file should hold.
    """
    require_known_in(connection, wanted)
    total = reading.counted(connection, actor, wanted, at)
    if total > MOST_ROWS:
        raise Refused(
            f"This list has {total:,} actions. Narrow it to {MOST_ROWS:,} or fewer.",
            code="list-too-long",
        )
    rows: list[ActionRow] = []
    before: int | None = None
    while True:
        page = reading.listed(connection, actor, wanted, at, before=before, limit=2000)
        rows += page
        if len(page) < 2000:
            break
        before = page[-1].opened
    names = people_queries.names(
        connection, {actor.person, *(row.owner for row in rows)}, position=at.position
    )
    references = audit_queries.references(connection, {row.audit for row in rows} - {""})
    named = people_queries.places(connection, position=at.position)
    cells = []
    for row in rows:
        team, service = named.get(row.team, (row.team, row.service))
        shown = {
            **row._asdict(),
            "text": row.text or None,
            "reference": references.get(row.audit, ""),
            "raised_by_label": RAISED_BY_LABELS[row.raised_by],
            "team_name": team,
            "service_name": service,
            "owner_name": names.get(row.owner, row.owner),
            "evidence_label": evidence_in_words(row.evidence_wanted),
            "state_label": ActionState(row.state).label,
            "late": "yes" if is_late(row, at.on) else "no",
            "late_first": "yes" if is_late(row, at.on, "first") else "no",
        }
        cells.append([_cell(shown[column.key], column.kind) for column in COLUMNS])
    return Listing(
        title="Actions",
        columns=COLUMNS,
        rows=cells,
        filters=said,
        position=at.shown,
        **at.taken_out(names.get(actor.person, actor.person), services.clock.now()),
        notes=[one.words for one in behind(services, connection, at)],
    )


def _cell(value: Any, kind: ColumnKind) -> Cell:
    if kind is ColumnKind.DAY and value is not None:
        return date.fromisoformat(value)
    cell: Cell = value
    return cell
