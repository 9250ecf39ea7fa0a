"""What stands out beside the figures: the oldest open actions, those whose dates moved most, and
the children for whom nothing has changed yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.engine import Connection

from projections.actions.closing_the_loop.counting import LoopQuestionAt
from projections.actions.closing_the_loop.rules import RAISED_ON
from projections.actions.tables import ACTIONS, ActionRow, action_row
from qa.actions.states import OPEN_STATES, ActionState

OPEN = tuple(sorted(state.value for state in OPEN_STATES))
LONGEST = 10


@dataclass(frozen=True, slots=True)
class ChildWithoutEffect:
    """A child with actions of which none has had an effect. `since` is the day the first of those
    was raised, and `open` how many are still open."""

    child: str
    actions: int
    open: int
    since: str


@dataclass(frozen=True, slots=True)
class StandingOut:
    """The lists; `children_in_all` counts those that the list is too short for, too."""

    oldest: Sequence[ActionRow]
    redated: Sequence[ActionRow]
    children: Sequence[ChildWithoutEffect]
    children_in_all: int


def standing_out(
    connection: Connection,
    asking: LoopQuestionAt,
    visible: ColumnElement[bool],
    *,
    longest: int = LONGEST,
) -> StandingOut:
    """The lists of what the reader may see, of the actions raised in the range."""
    row = action_row.c
    ours = and_(*asking.rows(RAISED_ON), visible)
    listed = ACTIONS.ever(ours, row.state.in_(OPEN)).limit(longest)
    oldest = listed.order_by(row.raised_on, row.opened)
    redated = listed.where(row.moved > 0)
    redated = redated.order_by(row.moved.desc(), row.slipped.desc(), row.opened)
    children = _children(ours)
    waiting = connection.execute(children.order_by("since", "child").limit(5 * longest))
    return StandingOut(
        ACTIONS.rows(connection, oldest),
        ACTIONS.rows(connection, redated),
        [
            ChildWithoutEffect(child, int(number), int(still), since)
            for child, number, still, since in waiting
        ],
        int(connection.execute(select(func.count()).select_from(children.subquery())).scalar_one()),
    )


def _children(ours: ColumnElement[bool]) -> Any:
    """Each child without an effect. An action that no longer applies says nothing about a child."""
    row = action_row.c
    effective = func.sum(case((row.state == ActionState.EFFECTIVE.value, 1), else_=0))
    return (
        select(
            row.child.label("child"),
            func.count().label("number"),
            func.sum(case((row.state.in_(OPEN), 1), else_=0)).label("still"),
            func.min(row.raised_on).label("since"),
        )
        .where(ours, row.child != "", row.state != ActionState.NO_LONGER_APPLICABLE.value)
        .group_by(row.child)
        .having(effective == 0)
    )
