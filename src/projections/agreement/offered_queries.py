"""What is offered to ask of the reports on grades: up to which day, and of whom."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from projections.agreement.question import EVERY_AUDIT, FigureLimits, counted_for
from projections.agreement.tables import JOINED_PEOPLE, agreement_audit
from projections.core.base import as_at

_AUDIT = agreement_audit.c


def last_audit_date(
    connection: Connection, *, position: int | None = None, limits: FigureLimits = EVERY_AUDIT
) -> date | None:
    """The date of the latest counted audit, or None where there is none."""
    query = select(func.max(_AUDIT.audit_date)).where(
        as_at(agreement_audit, position), _AUDIT.counted == 1, *counted_for(limits)
    )
    found = connection.execute(query).scalar_one()
    return None if found is None else date.fromisoformat(found)


def who_judged(
    connection: Connection, *, position: int | None = None, limits: FigureLimits = EVERY_AUDIT
) -> tuple[set[str], set[str]]:
    """The auditors of counted audits, and the moderators of them."""
    query = (
        select(_AUDIT.auditor, _AUDIT.moderator)
        .where(as_at(agreement_audit, position), _AUDIT.counted == 1, *counted_for(limits))
        .distinct()
    )
    pairs = connection.execute(query).tuples().all()
    joined = JOINED_PEOPLE.counts_as(connection, position=position)
    auditors = {joined.get(one, one) for one, _ in pairs}
    return auditors, {joined.get(other, other) for _, other in pairs if other is not None}
