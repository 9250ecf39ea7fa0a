"""Which actions each figure counts: said once, for the counting and for the list behind it.

Every rule takes the day that the report is of: overdue and "the date has passed" are questions
about dates. A date has passed when it lies before that day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, true

from projections.actions.queries import late
from projections.actions.tables import action_row
from qa.actions.states import OPEN_STATES, ActionState

Condition = Callable[[date], ColumnElement[bool]]

_ROW = action_row.c
_STANDING = _ROW.state != ActionState.NO_LONGER_APPLICABLE.value

RAISED_ON = "raised_on"
COHORTS: Mapping[str, str] = {
    RAISED_ON: "the day it was raised",
    "first_due_on": "its first due date",
    "due_on": "the due date in force",
    "verify_by": "the day by which its impact was to be checked",
}
"""The dates that put an action in a period, in words."""

SENTENCE = (
    "An action counts in the period in which it was raised, for the team that answers for it as "
    "the report stands. The completion rates count it by its due date, the loop closed rate by "
    "the day by which its impact was to be checked, each only where that day is before the day "
    "of the report. Actions that no longer apply are in none of these rates."
)


@dataclass(frozen=True, slots=True)
class LoopRule:
    """`cohort` is the date that puts an action in the period; `base` and `counted` say which of
    those the denominator and the numerator hold. `days` is the column of a length of time."""

    cohort: str
    base: Condition
    counted: Condition
    days: str = ""


def _always(day: date) -> ColumnElement[bool]:
    return true()


def _of_state(*states: ActionState) -> Condition:
    values = sorted(state.value for state in states)
    # Nothing is added to the state. It keeps SQLite from going through all actions of ten years
    # that are in it, by its index, where those of a quarter are asked for.
    return lambda day: _ROW.state.concat("").in_(values)


def _reached(column: str) -> Condition:
    return lambda day: _ROW[column].is_not(None)


def _raised(counted: Condition) -> LoopRule:
    return LoopRule(RAISED_ON, _always, counted)


def _lasting(column: str, which: Condition) -> LoopRule:
    return LoopRule(RAISED_ON, which, which, column)


def _passed(column: str) -> Condition:
    return lambda day: and_(_ROW[column] < day.isoformat(), _STANDING)


def _evidenced_by(column: str) -> Condition:
    return lambda day: and_(_passed(column)(day), _ROW.evidenced_on <= _ROW[column])


def _effective_by(day: date) -> ColumnElement[bool]:
    return and_(_passed("verify_by")(day), _ROW.state == ActionState.EFFECTIVE.value)


def _late_by_first(day: date) -> ColumnElement[bool]:
    return late(day, "first")


_ACCEPTED, _CLAIMED = _reached("days_to_accept"), _reached("days_to_claim")
_EVIDENCED, _VERIFIED = _reached("days_to_evidence"), _reached("days_to_verify")
EFFECTIVE = _of_state(ActionState.EFFECTIVE)
_REOPENED = _of_state(ActionState.REOPENED)
_CLOSED = _of_state(ActionState.EFFECTIVE, ActionState.REOPENED)

RULES: Mapping[str, LoopRule] = {
    "raised": _raised(_always),
    "accepted": _raised(_ACCEPTED),
    "claimed": _raised(_CLAIMED),
    "evidenced": _raised(_EVIDENCED),
    "verified": _raised(_VERIFIED),
    "effective": _raised(EFFECTIVE),
    "not_effective": _raised(_of_state(ActionState.NOT_EFFECTIVE)),
    "no_longer_applicable": _raised(_of_state(ActionState.NO_LONGER_APPLICABLE)),
    "open": _raised(_of_state(*OPEN_STATES)),
    "overdue_by_current_date": _raised(late),
    "overdue_by_first_date": _raised(_late_by_first),
    "redated": _raised(lambda day: _ROW.moved > 0),
    "recurrence_rate": LoopRule(RAISED_ON, _CLOSED, _REOPENED),
    "action_completion_rate": LoopRule(
        "first_due_on", _passed("first_due_on"), _evidenced_by("first_due_on")
    ),
    "action_completion_rate_by_current_date": LoopRule(
        "due_on", _passed("due_on"), _evidenced_by("due_on")
    ),
    "loop_closed_rate": LoopRule("verify_by", _passed("verify_by"), _effective_by),
    "days_to_acceptance": _lasting("days_to_accept", _ACCEPTED),
    "days_to_claim": _lasting("days_to_claim", _CLAIMED),
    "days_to_evidence": _lasting("days_to_evidence", _EVIDENCED),
    "days_to_impact_check": _lasting("days_to_verify", _VERIFIED),
    "days_to_effect": _lasting("days_to_end", EFFECTIVE),
}
"""Every figure by its name; a length of time gives two, its median and its 90th percentile."""

LATENESS: Mapping[str, str] = {
    "days_overdue_by_current_date": "due_on",
    "days_overdue_by_first_date": "first_due_on",
}
"""How late those are that are overdue, by the date in force and by the first one."""

P90 = "_p90"


def rule_of(figure: str) -> LoopRule | None:
    """How a figure counts; None for a name that the report has not."""
    name = figure.removesuffix(P90)
    if name in LATENESS:
        which = _late_by_first if LATENESS[name] == "first_due_on" else late
        return LoopRule(RAISED_ON, which, which, LATENESS[name])
    rule = RULES.get(name)
    return None if rule is None or (name != figure and not rule.days) else rule
