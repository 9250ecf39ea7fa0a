"""Who owes what by when. An item is a question about where an audit stands, never a stored to-do.

Items that wait for a named person are theirs; where nobody is named yet they wait for the QA leads
whose part of the council it is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.engine import Connection

from projections.audits.tables import AuditRow, audit_row, moderation_row
from projections.core.base import as_at, naming
from projections.core.reach import not_closed
from qa.core.words import AuditStatus, ModerationStatus, Reach

KINDS = {
    "audit": "Audit to make",
    "returned": "Returned to you",
    "moderation": "Audit to moderate",
    "difference": "Difference to settle",
    "dispute": "Dispute to decide",
    "assign-moderation": "Moderation to assign",
    "assign-dispute": "Dispute to assign",
    "finalise": "Audit to finalise",
}


@dataclass(frozen=True, slots=True)
class AuditItem:
    """One thing that waits. `due_on` is ISO text or None; `audit` is the row it is about."""

    kind: str
    due_on: str | None
    row: AuditRow

    @property
    def title(self) -> str:
        return KINDS[self.kind]

    def overdue(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today.isoformat()


Due = ColumnElement[str]
_MODERATION_DUE = audit_row.c.moderation_due_on
# Until release 0.2 a difference had no date of its own, and hung on its moderation's.
_SETTLE_BY = func.coalesce(moderation_row.c.settle_by, _MODERATION_DUE)
_DISPUTE_DUE = moderation_row.c.dispute_due_on


def _mine(person: str) -> dict[str, tuple[ColumnElement[bool], Due]]:
    table = audit_row.c
    to_make = (AuditStatus.ALLOCATED.value, AuditStatus.IN_PROGRESS.value)
    return {
        "audit": (and_(table.auditor == person, table.status.in_(to_make)), table.due_on),
        "returned": (
            and_(table.auditor == person, table.status == AuditStatus.RETURNED.value),
            table.due_on,
        ),
        "moderation": (
            and_(
                table.moderator == person,
                table.moderation_status == ModerationStatus.ASSIGNED.value,
                table.status == AuditStatus.MODERATION_DUE.value,
            ),
            _MODERATION_DUE,
        ),
        "difference": (
            and_(
                table.status == AuditStatus.DIFFERS.value,
                or_(table.auditor == person, table.moderator == person),
                table.imported == 0,
            ),
            _SETTLE_BY,
        ),
        "dispute": (
            and_(table.decider == person, table.status == AuditStatus.DISPUTED.value),
            _DISPUTE_DUE,
        ),
    }


def _unassigned() -> dict[str, tuple[ColumnElement[bool], Due]]:
    table = audit_row.c
    return {
        "assign-moderation": (
            and_(
                table.status == AuditStatus.MODERATION_DUE.value,
                table.moderation_status == ModerationStatus.SELECTED.value,
            ),
            _MODERATION_DUE,
        ),
        "assign-dispute": (
            and_(table.status == AuditStatus.DISPUTED.value, table.decider.is_(None)),
            _DISPUTE_DUE,
        ),
        "finalise": (table.status == AuditStatus.NOT_SELECTED.value, table.submitted_on),
    }


def holders(connection: Connection, people: Collection[str], position: int | None) -> set[str]:
    """Those of the people who make, moderate or decide an audit that is not settled."""
    table = audit_row.c
    unsettled = table.status.in_(
        (
            AuditStatus.ALLOCATED.value,
            AuditStatus.IN_PROGRESS.value,
            AuditStatus.RETURNED.value,
            AuditStatus.MODERATION_DUE.value,
            AuditStatus.DIFFERS.value,
            AuditStatus.DISPUTED.value,
        )
    )
    named = (table.auditor, table.moderator, table.decider)
    return naming(connection, people, named, unsettled, position=position)


def led(reach: Reach) -> ColumnElement[bool]:
    """The audits of the parts of the council that the reader leads, but those closed to them."""
    if reach.everything:
        return not_closed(reach, audit_row)
    parts: list[ColumnElement[bool]] = []
    if reach.services:
        parts.append(audit_row.c.service.in_(sorted(reach.services)))
    if reach.teams:
        parts.append(audit_row.c.team.in_(sorted(reach.teams)))
    return and_(not_closed(reach, audit_row), or_(*parts)) if parts else false()


def worklist(
    connection: Connection,
    reach: Reach,
    *,
    position: int | None = None,
    limit: int = 50,
) -> list[AuditItem]:
    """What waits for this reader, by due date; at most `limit` of each kind."""
    kinds = _mine(reach.person)
    if reach.everything or reach.services or reach.teams:
        within = led(reach)
        kinds |= {kind: (and_(c, within), due) for kind, (c, due) in _unassigned().items()}
    items: list[AuditItem] = []
    current = and_(
        moderation_row.c.audit == audit_row.c.audit,
        moderation_row.c.moderation == audit_row.c.moderation,
        as_at(moderation_row, position),
    )
    for kind, (condition, due) in kinds.items():
        query = (
            select(*(audit_row.c[name] for name in AuditRow._fields), due.label("waits_until"))
            .select_from(audit_row.outerjoin(moderation_row, current))
            .where(condition, not_closed(reach, audit_row), as_at(audit_row, position))
            .order_by(due, audit_row.c.opened)
            .limit(limit)
        )
        for *values, due_on in connection.execute(query):
            row = AuditRow._make(values)
            items.append(AuditItem(kind, None if kind == "finalise" else due_on, row))
    return sorted(items, key=lambda item: (item.due_on or "9999", item.row.opened))
