"""Moderations and disputes as lists for those who run them: what waits, for whom, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.engine import Connection

from projections.audits.queries import hidden_for, masked
from projections.audits.tables import AuditRow, ModerationRow, audit_row, moderation_row
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
_WAITING = {
    ModerationStatus.SELECTED.value: "to-assign",
    ModerationStatus.ASSIGNED.value: "assigned",
}


@dataclass(frozen=True, slots=True)
class ListedModeration:
    """A moderation as lists show it. `row` is its audit's, as the reader sees it; `waits_until`
    None is no date; `states` are those of `STATES` or `DISPUTE_STATES` that it is in."""

    row: AuditRow
    waits_until: str | None
    blind: int
    unblinded: int
    states: tuple[str, ...]


def moderations(
    connection: Connection, reach: Reach, today: date, *, position: int | None = None
) -> list[ListedModeration]:
    """The moderations that wait for a moderator or a settlement, the most overdue first.

    Only of the parts of the council that the reader leads. A judgement that is sealed from the
    reader is left out of its row.
    """

    def stands(audit: AuditRow, moderation: ModerationRow) -> ListedModeration:
        differs = audit.status == AuditStatus.DIFFERS.value
        state = "differs" if differs else _WAITING.get(audit.moderation_status or "")
        due = audit.moderation_due_on
        late = not differs and due is not None and due < today.isoformat()
        until = (moderation.settle_by if differs else None) or moderation.due_on
        states = (*([state] if state else []), *(["overdue"] if late else []))
        return ListedModeration(audit, until, moderation.blind, moderation.unblinded, states)

    waiting = (AuditStatus.MODERATION_DUE.value, AuditStatus.DIFFERS.value)
    found = _found(connection, reach, audit_row.c.status.in_(waiting), position)
    return [one for one in _by_date([stands(*each) for each in found]) if one.states]


def disputes(
    connection: Connection, reach: Reach, *, position: int | None = None
) -> list[ListedModeration]:
    """The disputes, open and settled, as `moderations` lists the others."""

    def stands(audit: AuditRow, moderation: ModerationRow) -> ListedModeration:
        state = "open" if audit.status == AuditStatus.DISPUTED.value else "settled"
        until = moderation.dispute_due_on or moderation.due_on
        return ListedModeration(audit, until, moderation.blind, moderation.unblinded, (state,))

    either = or_(
        audit_row.c.status == AuditStatus.DISPUTED.value,
        audit_row.c.moderation_status == ModerationStatus.DECIDED.value,
    )
    return _by_date([stands(*each) for each in _found(connection, reach, either, position)])


def _found(
    connection: Connection, reach: Reach, which: ColumnElement[bool], position: int | None
) -> list[tuple[AuditRow, ModerationRow]]:
    joined = and_(
        moderation_row.c.audit == audit_row.c.audit,
        moderation_row.c.moderation == audit_row.c.moderation,
        as_at(moderation_row, position),
    )
    columns = [audit_row.c[name] for name in AuditRow._fields]
    query = (
        select(*columns, *(moderation_row.c[name] for name in ModerationRow._fields))
        .select_from(audit_row.join(moderation_row, joined))
        .where(as_at(audit_row, position), led(reach), which)
    )
    sealed, width = hidden_for(connection, reach), len(columns)
    return [
        (masked(AuditRow._make(row[:width]), sealed), ModerationRow._make(row[width:]))
        for row in connection.execute(query)
    ]


def _by_date(rows: list[ListedModeration]) -> list[ListedModeration]:
    return sorted(rows, key=lambda one: (one.waits_until or NO_DATE, one.row.opened))
