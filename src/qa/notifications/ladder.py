"""Which reminders and escalations a due date has reached on a day: a question about dates.

Days are counted as working days of England. What is due on a day that nobody works is due on the
next working day, and late only after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qa.core.clock import ENGLAND, WorkingDays
from qa.notifications.events import ReminderPolicySet


class Rung(StrEnum):
    """Who hears: the owner, their line manager, the head of service and the QA leads."""

    OWNER = "owner"
    MANAGER = "manager"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Reached:
    """A step that a due date has reached. `step` names it for ever: ``soon``, ``today``,
    ``late-5``; `words` say it to people, after the name of the task."""

    rung: Rung
    step: str
    words: str


def reached(
    policy: ReminderPolicySet, due_on: date, today: date, calendar: WorkingDays = ENGLAND
) -> list[Reached]:
    """The latest step of every rung. Steps that nobody looked at on their day are passed over, so
    that a service that stood still does not send them all at once."""
    found = []
    own = _owners(policy, due_on, today, calendar)
    if own is not None:
        found.append(own)
    for rung, days in ((Rung.MANAGER, policy.manager_days), (Rung.HEAD, policy.head_days)):
        if calendar.after(due_on, days) <= today:
            found.append(Reached(rung, f"{rung}-{days}", _late(days)))
    return found


def _owners(
    policy: ReminderPolicySet, due_on: date, today: date, calendar: WorkingDays
) -> Reached | None:
    last_day = calendar.after(due_on, 0)
    if today < last_day:
        soon = policy.soon_days and due_on <= calendar.after(today, policy.soon_days)
        return Reached(Rung.OWNER, "soon", "is due soon") if soon else None
    if today < calendar.after(last_day, 1):
        # Over a weekend it is not late yet, and what was not sent on the day is still owed.
        words = "is due today" if today == last_day else "was due on the last working day"
        return Reached(Rung.OWNER, "today", words) if policy.on_the_day else None
    past = [days for days in policy.late_days if calendar.after(due_on, days) <= today]
    if not past:
        return None
    return Reached(Rung.OWNER, f"late-{past[-1]}", _late(past[-1]))


def _late(days: int) -> str:
    return f"is overdue by {days} working day{'' if days == 1 else 's'} or more"
