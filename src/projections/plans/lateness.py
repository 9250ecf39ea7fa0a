"""Lateness by the first agreed date beside lateness by the date in force.

The dates in force on a day are those of the last rescheduling approved by then. "Quarterly" and
"ongoing" are never finally due; an action whose end is unknown is listed apart, neither late nor in
time. On its last day an action is not late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from projections.plans.ratings import rating
from projections.plans.record import ActionRecord, PlanRecord, Rescheduling
from qa.core.due_dates import Due, Stage, last_due


@dataclass(frozen=True, slots=True)
class Dates:
    """An action's dates on a day. Days late are 0 while it is in time, None where nobody can say.

    `slipped` is how many days later the date in force ends than the first one; `done` says that
    the rating then counts as met, so that the action is no longer late. `come_due` says that its
    last day has come, on which it is not yet late.
    """

    action: ActionRecord
    first: Due | None
    due: Due | None
    stages: tuple[Stage, ...]
    redated: int
    slipped: int | None
    done: bool
    late_by_first: int | None
    late_by_current: int | None
    come_due: bool

    @property
    def unknown(self) -> bool:
        """Whether it has no date that anybody knows."""
        return self.due is None or self.due.kind == "unknown"

    @property
    def overdue_by_first(self) -> bool:
        return not self.done and bool(self.late_by_first)

    @property
    def overdue(self) -> bool:
        return not self.done and bool(self.late_by_current)


def approved(record: PlanRecord, action: str, day: date) -> list[Rescheduling]:
    """The reschedulings of an action approved by the end of `day`, the earliest first."""
    return [
        one
        for one in record.reschedulings.get(action, ())
        if one.state == "approved" and one.decided_on is not None and one.decided_on <= day
    ]


def dates(record: PlanRecord, action: ActionRecord, day: date) -> Dates:
    """The dates of an action as they were in force at the end of `day`."""
    moved = approved(record, action.id, day)
    stages = moved[-1].new if moved else action.first
    first, due = last_due(action.first), last_due(stages)
    current = rating(record, action.id, day)
    return Dates(
        action=action,
        first=first,
        due=due,
        stages=stages,
        redated=len(moved),
        slipped=_between(first, due),
        done=current is not None and current.level.met,
        late_by_first=_late(first, day),
        late_by_current=_late(due, day),
        come_due=due is not None and due.last_day is not None and due.last_day <= day,
    )


def _rated(record: PlanRecord, action: ActionRecord, day: date) -> str | None:
    current = rating(record, action.id, day)
    return None if current is None else current.level.code


def _late(due: Due | None, day: date) -> int | None:
    if due is None or due.kind == "unknown":
        return None
    if due.last_day is None:
        return 0
    return max(0, (day - due.last_day).days)


def _between(first: Due | None, due: Due | None) -> int | None:
    if first is None or due is None or first.last_day is None or due.last_day is None:
        return None
    return (due.last_day - first.last_day).days


@dataclass(frozen=True, slots=True)
class Overdue:
    """The actions of a plan by lateness on a day. An action may be in the first two lists."""

    by_first: tuple[Dates, ...]
    by_current: tuple[Dates, ...]
    redated: tuple[Dates, ...]
    unknown: tuple[Dates, ...]
    never_due: tuple[Dates, ...]
    all: tuple[Dates, ...]


def overdue(record: PlanRecord, day: date, *, level: str | None = None) -> Overdue:
    """Who is late on `day`, by the first date and by the current one.

    With `level` (``code``, on the scale each is rated on), only actions rated so on that day.
    """
    all_dates = [
        dates(record, action, day)
        for action in record.actions_on(day)
        if level is None or _rated(record, action, day) == level
    ]
    return Overdue(
        by_first=tuple(one for one in all_dates if one.overdue_by_first),
        by_current=tuple(one for one in all_dates if one.overdue),
        redated=tuple(one for one in all_dates if one.redated),
        unknown=tuple(one for one in all_dates if one.unknown),
        never_due=tuple(
            one for one in all_dates if not one.unknown and one.due and one.due.last_day is None
        ),
        all=tuple(all_dates),
    )
