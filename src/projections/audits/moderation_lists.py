"""Moderations and disputes as lists for those who run them: what waits, for whom, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.engine import Connection

from projections.audits.queries import hidden_for, masked
from projections.audits.tables import AuditRow, audit_row, moderation_row
from projections.audits.worklist import led
from projections.core.base import as_at
from qa.core.words import AuditStatus, ModerationStatus, Reach

STATES = {
    "to-assign": "To assign",
    "assigned": "Assigned",
    "overdue": "Overdue",
    "differs": "Differs",
}
DISPUTE_STATES = {"open": "Open", "settled": "Settled"}
NO_DATE = "9999-12-31"


@dataclass(frozen=True, slots=True)
class ListedModeration:
    """A moderation as lists show it. `row` is its audit's, as the reader sees it; `waits_until`
    None is no date."""

    row: AuditRow
    waits_until: str | None
    blind: int
    unblinded: int
    dispute: str | None
    decision: str | None


@dataclass(frozen=True, slots=True)
class ModerationPage:
    """A page of rows, and the cursor (due date and `opened`) of the page behind it."""

    rows: list[ListedModeration]
    next: tuple[str, int] | None


def _state(state: str, today: date) -> ColumnElement[bool]:
    table = audit_row.c
    waiting = table.status == AuditStatus.MODERATION_DUE.value
    conditions: dict[str, ColumnElement[bool]] = {
        "to-assign": and_(waiting, table.moderation_status == ModerationStatus.SELECTED.value),
        "assigned": and_(waiting, table.moderation_status == ModerationStatus.ASSIGNED.value),
        "overdue": and_(waiting, table.moderation_due_on < today.isoformat()),
        "differs": table.status == AuditStatus.DIFFERS.value,
        "open": table.status == AuditStatus.DISPUTED.value,
        "settled": table.moderation_status == ModerationStatus.DECIDED.value,
    }
    return conditions[state]


def _chosen(reach: Reach, state: str, today: date, position: int | None) -> Select[Any]:
    """The audits of this state, with the dispute's date where it is about a dispute."""
    joined = and_(
        moderation_row.c.audit == audit_row.c.audit,
        moderation_row.c.moderation == audit_row.c.moderation,
        as_at(moderation_row, position),
    )
    own = dict.fromkeys(DISPUTE_STATES, moderation_row.c.dispute_due_on)
    own["differs"] = moderation_row.c.settle_by
    due = func.coalesce(own.get(state, moderation_row.c.due_on), moderation_row.c.due_on)
    return (
        select(
            *(audit_row.c[name] for name in AuditRow._fields),
            func.coalesce(due, NO_DATE).label("waits_until"),
            moderation_row.c.blind,
            moderation_row.c.unblinded,
            moderation_row.c.dispute,
            moderation_row.c.decision,
        )
        .select_from(audit_row.join(moderation_row, joined))
        .where(as_at(audit_row, position), led(reach), _state(state, today))
    )


def moderations(
    connection: Connection,
    reach: Reach,
    state: str,
    today: date,
    *,
    position: int | None = None,
    after: tuple[str, int] | None = None,
    limit: int = 50,
) -> ModerationPage:
    """Moderations (`STATES`) or disputes (`DISPUTE_STATES`) in one state, the most overdue first.

    Only of the parts of the council that the reader leads. A judgement that is sealed from the
    reader is left out of its row.
    """
    rows = _chosen(reach, state, today, position).subquery()
    query = select(rows).order_by(rows.c.waits_until, rows.c.opened).limit(limit + 1)
    if after is not None:
        due, opened = after
        later = and_(rows.c.waits_until == due, rows.c.opened > opened)
        query = query.where(or_(rows.c.waits_until > due, later))
    sealed = hidden_for(connection, reach)
    found = [_listed(row, sealed) for row in connection.execute(query)]
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return ModerationPage(
        shown, None if last is None else (last.waits_until or NO_DATE, last.row.opened)
    )


def _listed(row: Row[Any], sealed: frozenset[str]) -> ListedModeration:
    *audit, waits_until, blind, unblinded, dispute, decision = row
    until = None if waits_until == NO_DATE else waits_until
    shown = masked(AuditRow._make(audit), sealed)
    return ListedModeration(shown, until, blind, unblinded, dispute, decision)


def moderation_counts(
    connection: Connection, reach: Reach, today: date, *, position: int | None = None
) -> dict[str, int]:
    """How many moderations and disputes there are in each state."""
    counted: dict[str, int] = {}
    for state in (*STATES, *DISPUTE_STATES):
        rows = _chosen(reach, state, today, position).subquery()
        counted[state] = connection.execute(select(func.count()).select_from(rows)).scalar_one()
    return counted
