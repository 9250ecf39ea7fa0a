"""The actions behind a figure: which it counts, which it leaves out, and why.

Asked by the same rules and with the same question as the report, so that the two agree.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.engine import Connection

from projections.actions.closing_the_loop.counting import LoopQuestionAt, days_late
from projections.actions.closing_the_loop.rules import (
    COHORTS,
    LATENESS,
    P90,
    RAISED_ON,
    LoopRule,
    rule_of,
)
from projections.actions.tables import ACTIONS, ActionRow, action_row
from qa.actions.states import ActionState
from qa.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class ActionBehind:
    """One action beside a figure: `row` as the read table holds it, `days` where the figure is a
    length of time. `left_out` says why neither count holds it; else it is empty."""

    row: ActionRow
    in_numerator: bool
    in_denominator: bool
    days: int | None
    left_out: str


@dataclass(frozen=True, slots=True)
class LoopFigureRows:
    """The actions that the reader may see, and how many more the figure counts. `counted` are the
    ids of all that it counts, whoever reads."""

    actions: tuple[ActionBehind, ...]
    hidden: int
    counted: frozenset[str]


def needed(figure: str) -> LoopRule:
    """The rule of a figure. Raises `NotFound` for a name that the report has not."""
    rule = rule_of(figure)
    if rule is None:
        raise NotFound("There is no such figure.")
    return rule


def behind(
    connection: Connection, asking: LoopQuestionAt, figure: str, visible: ColumnElement[bool]
) -> LoopFigureRows:
    """The actions behind `figure` of the question, the first raised first. Those that are not
    `visible` to the reader are only counted.

    Raises `NotFound` for a figure that the report has not.
    """
    rule = needed(figure)
    query = (
        ACTIONS.ever(*_of_cohort(connection, asking, rule.cohort))
        .add_columns(rule.base(asking.day), rule.counted(asking.day), visible)
        .order_by(action_row.c.opened)
    )
    found: list[ActionBehind] = []
    counted: set[str] = set()
    hidden = 0
    for *values, in_base, is_counted, seen in connection.execute(query).all():
        row, below = ActionRow._make(values), bool(in_base)
        if below:
            counted.add(row.action)
        if not seen:
            hidden += below
            continue
        days = _days(figure, rule, row, asking) if below and rule.days else None
        left_out = "" if below else _why(rule, row)
        found.append(ActionBehind(row, below and bool(is_counted), below, days, left_out))
    return LoopFigureRows(tuple(found), hidden, frozenset(counted))


def _of_cohort(
    connection: Connection, asking: LoopQuestionAt, cohort: str
) -> list[ColumnElement[bool]]:
    found = asking.rows(cohort)
    return found if cohort == RAISED_ON else [*found, *(asking.raised(connection) or ())]


def counted_places(
    connection: Connection, asking: LoopQuestionAt, figure: str, visible: ColumnElement[bool]
) -> dict[str, tuple[bool, int | None]]:
    """Of the actions that `figure` counts and that are `visible`, by id: whether the numerator
    holds it, and its days. Raises as `behind`."""
    rule, table = needed(figure), action_row.c
    days = [table[rule.days]] if rule.days else []
    query = ACTIONS.ever(
        *_of_cohort(connection, asking, rule.cohort), rule.base(asking.day), visible
    )
    query = query.with_only_columns(
        table.action, rule.counted(asking.day), table.claimed_on, *days
    ).order_by(table.opened)
    late = figure.removesuffix(P90) in LATENESS

    def length(given: Any, claimed: str | None) -> int | None:
        found: int | None = days_late(given, claimed, asking.day) if late else given
        return found

    return {
        action: (bool(counted), length(given[0], claimed) if given else None)
        for action, counted, claimed, *given in connection.execute(query).all()
    }


def _days(figure: str, rule: LoopRule, row: ActionRow, asking: LoopQuestionAt) -> int | None:
    if figure.removesuffix(P90) in LATENESS:
        return days_late(getattr(row, rule.days), row.claimed_on, asking.day)
    days: int | None = getattr(row, rule.days)
    return days


def _why(rule: LoopRule, row: ActionRow) -> str:
    """Why an action of the period belongs to neither count."""
    if row.state == ActionState.NO_LONGER_APPLICABLE.value:
        return "It no longer applies."
    if rule.cohort != RAISED_ON:
        cohort = COHORTS[rule.cohort]
        return f"{cohort[0].upper()}{cohort[1:]} has not passed."
    return "It has not come to this step, or is not overdue." if rule.days else "Its loop is open."


def masked(found: LoopFigureRows, closed: Collection[str]) -> LoopFigureRows:
    """The same without the texts of actions whose audits are not shown to the reader in passing."""
    actions = tuple(
        replace(one, row=one.row._replace(text="")) if one.row.audit in closed else one
        for one in found.actions
    )
    return replace(found, actions=actions)
