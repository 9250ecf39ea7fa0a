"""What waits for somebody about actions: one's own, evidence to check, impact to look for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.engine import Connection

from projections.actions.queries import OWED_VALUES, open_rows
from projections.actions.tables import ACTIONS, ActionRow, action_row
from projections.core.base import naming
from qa.actions.states import ActionState
from qa.core.words import Scope

KINDS = {
    "accept-action": "Action to accept",
    "action": "Action to do",
    "evidence": "Evidence to check",
    "impact": "Impact to check",
}


@dataclass(frozen=True, slots=True)
class ActionWorklistReader:
    """For whom a worklist is: the scopes they check in, whether they check what they raised, and
    whose actions they never pass (`line`: those above and below them)."""

    person: str
    scopes: Sequence[Scope] = ()
    raised: bool = False
    line: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class ActionItem:
    """One thing that waits. `due_on` is ISO text or None; `row` is the action."""

    kind: str
    due_on: str | None
    row: ActionRow

    @property
    def title(self) -> str:
        return KINDS[self.kind]

    def overdue(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today.isoformat()


def holders(connection: Connection, people: Collection[str], position: int | None) -> set[str]:
    """Those of the people who own an action that they have yet to do."""
    owed = action_row.c.state.in_(OWED_VALUES)
    return naming(connection, people, (action_row.c.owner,), owed, position=position)


def _checks(who: ActionWorklistReader) -> ColumnElement[bool]:
    table = action_row.c
    parts: list[ColumnElement[bool]] = [false()]
    for scope in who.scopes:
        if scope.code is None:
            parts.append(true())
        else:
            parts.append(table[scope.kind] == scope.code)
    if who.raised:
        parts.append(table.raised_person == who.person)
    return and_(or_(*parts), table.owner.not_in(sorted({who.person, *who.line})))


def worklist(
    connection: Connection,
    who: ActionWorklistReader,
    today: date,
    *,
    hidden: Collection[str] = (),
    sealed: Collection[str] = (),
    position: int | None = None,
    limit: int = 50,
) -> list[ActionItem]:
    """What waits for this person, by due date; at most `limit` of each kind."""
    table = action_row.c
    own = table.owner == who.person
    working = tuple(state for state in OWED_VALUES if state != ActionState.RAISED.value)
    kinds: dict[str, tuple[ColumnElement[bool], str]] = {
        "accept-action": (and_(own, table.state == ActionState.RAISED.value), "accept_by"),
        "action": (and_(own, table.state.in_(working)), "due_on"),
    }
    if who.scopes or who.raised:
        checks = _checks(who)
        kinds["evidence"] = (and_(checks, table.state == ActionState.CLAIMED.value), "check_by")
        verifiable = and_(
            table.state == ActionState.VERIFICATION_DUE.value,
            table.verify_from <= today.isoformat(),
        )
        kinds["impact"] = (and_(checks, verifiable), "verify_by")
    found: list[ActionItem] = []
    for kind, (condition, due) in kinds.items():
        query = ACTIONS.select(condition, open_rows(hidden, sealed, own), position=position)
        query = query.order_by(table[due], table.opened).limit(limit)
        found += [
            ActionItem(kind, getattr(row, due) or row.due_on, row)
            for row in ACTIONS.rows(connection, query)
        ]
    return sorted(found, key=lambda item: (item.due_on or "9999", item.row.opened))
