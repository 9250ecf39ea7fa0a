"""What waits for somebody about supervision: sessions, checks, moderations and feedback."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_
from sqlalchemy.engine import Connection

from projections.core.base import naming
from projections.supervision.queries import Policies, known
from projections.supervision.tables import (
    CHECKS,
    PAIRS,
    SupervisionCheckRow,
    SupervisionPairRow,
    supervision_check,
    supervision_pair,
)
from qa.supervision.due import next_due
from qa.supervision.states import CheckState

KINDS = {
    "session": "Supervision session due",
    "check": "Supervision check to make",
    "check-moderation": "Supervision check to moderate",
    "check-feedback": "Feedback on a supervision check to give",
}


@dataclass(frozen=True, slots=True)
class SupervisionItem:
    """One thing that waits. `due_on` is ISO text or None; `row` is the pair, or the check."""

    kind: str
    due_on: str | None
    row: SupervisionPairRow | SupervisionCheckRow

    @property
    def title(self) -> str:
        return KINDS[self.kind]

    def overdue(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today.isoformat()


def holders(connection: Connection, people: Collection[str], position: int | None) -> set[str]:
    """Those of the people who supervise somebody, or have a check to make or to moderate."""
    pair, check = supervision_pair.c, supervision_check.c
    ended = (CheckState.CLOSED.value, CheckState.CANCELLED.value)
    return naming(
        connection, people, (pair.supervisor,), pair.ended_on.is_(None), position=position
    ) | naming(
        connection,
        people,
        (check.checker, check.moderator),
        check.state.not_in(ended),
        position=position,
    )


def worklist(
    connection: Connection,
    person: str,
    today: date,
    policies: Policies,
    *,
    position: int | None = None,
) -> list[SupervisionItem]:
    """What waits for this person, by due date: of sessions, those owed by today or before."""
    table = supervision_pair.c
    query = PAIRS.select(table.supervisor == person, table.ended_on.is_(None), position=position)
    given = PAIRS.rows(connection, query)
    owing = known(connection, given, position=position)
    found: list[SupervisionItem] = []
    for row in given:
        due = next_due(owing[row.pair], policies.days)
        if due is not None and due <= today:
            found.append(SupervisionItem("session", due.isoformat(), row))
    check = supervision_check.c
    to_make = (CheckState.SCHEDULED.value, CheckState.IN_PROGRESS.value)
    done = (CheckState.SUBMITTED.value, CheckState.MODERATED.value)
    kinds = {
        "check": (and_(check.checker == person, check.state.in_(to_make)), "due_on"),
        "check-moderation": (and_(check.moderator == person, check.waiting == 1),
                             "moderation_due_on"),
        "check-feedback": (and_(check.checker == person, check.state.in_(done), check.waiting == 0),
                           "due_on"),
    }  # fmt: skip
    for kind, (condition, due_by) in kinds.items():
        rows = CHECKS.rows(connection, CHECKS.select(condition, position=position))
        found += [SupervisionItem(kind, getattr(row, due_by), row) for row in rows]
    return sorted(found, key=lambda item: (item.due_on or "9999", item.row.opened))
