"""What stands out beside the figures: the oldest open actions, those whose dates moved most, and
the children for whom nothing has changed yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.engine import Connection

from projections.actions.closing_the_loop.counting import LoopQuestionAt
from projections.actions.closing_the_loop.rules import RAISED_ON
from projections.actions.queries import of_a_range
from projections.actions.tables import ACTIONS, JOINED_CHILDREN, ActionRow, action_row
from projections.figures.joined_children import same_children
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
) -> StandingOut:
    """The lists of what the reader may see, of the actions raised in the range."""
    row = action_row.c
    ours = and_(*asking.rows(RAISED_ON), visible)
    # Of themselves the open states lead SQLite to what was ever open in ten years.
    listed = ACTIONS.ever(ours, of_a_range(row.state.in_(OPEN))).limit(LONGEST)
    oldest = listed.order_by(row.raised_on, row.opened)
    redated = listed.where(row.moved > 0)
    redated = redated.order_by(row.moved.desc(), row.slipped.desc(), row.opened)
    children = children_without_effect(connection, asking, visible)
    return StandingOut(
        ACTIONS.rows(connection, oldest),
        ACTIONS.rows(connection, redated),
        children[: 5 * LONGEST],
        len(children),
    )


def children_without_effect(
    connection: Connection, asking: LoopQuestionAt, visible: ColumnElement[bool]
) -> list[ChildWithoutEffect]:
    """Every child with actions raised in the range of which none has had an effect, of what the
    reader may see; whose first action is the oldest stands first."""
    ours = and_(*asking.rows(RAISED_ON), visible)
    found = _children(ours, _same_child(connection, asking.position)).order_by("since", "child")
    return [
        ChildWithoutEffect(child, int(number), int(still), since)
        for child, number, still, since in connection.execute(found)
    ]


def _same_child(connection: Connection, position: int | None) -> dict[str, str]:
    """The references that were joined to others, each with one that stands for all of them."""
    rows = JOINED_CHILDREN.standing(connection, position=position)
    same = same_children((row.child, row.other) for row in rows)
    return {one: min(several) for one, several in same.items()}


def _children(ours: ColumnElement[bool], same: Mapping[str, str]) -> Any:
    """Each child without an effect, under the first of its references that has an action here. An
    action that no longer applies says nothing about a child."""
    row = action_row.c
    counted = (
        select(
            row.child,
            row.state,
            row.raised_on,
            (case(same, value=row.child, else_=row.child) if same else row.child).label("same"),
        )
        .where(ours, row.child != "", row.state != ActionState.NO_LONGER_APPLICABLE.value)
        .subquery()
        .c
    )
    effective = func.sum(case((counted.state == ActionState.EFFECTIVE.value, 1), else_=0))
    return (
        select(
            func.min(counted.child).label("child"),
            func.count().label("number"),
            func.sum(case((counted.state.in_(OPEN), 1), else_=0)).label("still"),
            func.min(counted.raised_on).label("since"),
        )
        .group_by(counted.same)
        .having(effective == 0)
    )
