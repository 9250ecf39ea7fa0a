"""The event behind reminders and escalation (stream ``reminder-policy``)."""

from __future__ import annotations

from typing import Annotated

from qa.core.event import Event
from qa.core.fields import FieldWords, choice, whole


def _number(label: str, least: int, most: int) -> FieldWords:
    return whole(label, least, most, code="number-range")


SoonDays = Annotated[
    int, _number("Working days before the due date at which the owner is reminded (0: not)", 0, 20)
]
OnTheDay = Annotated[bool, choice("Remind the owner on the day itself")]
LateDays = Annotated[
    tuple[int, ...],
    FieldWords(
        label="Working days late at which the owner is reminded again", hint="For example: 1, 5, 10"
    ),
]
ManagerDays = Annotated[int, _number("Working days late at which the line manager is told", 1, 250)]
HeadDays = Annotated[
    int,
    _number("Working days late at which the head of service and the QA leads are told", 1, 250),
]
MostReminders = Annotated[int, _number("Most reminders of one thing to one person", 1, 50)]


class ReminderPolicySet(Event):
    """From when and how often people are reminded, and who else is told when work stays undone.

    Days are working days of England. `soon_days` before the due date (0: not) and, with
    `on_the_day`, on it; then on each of `late_days` after it. `manager_days` after it the line
    manager is told, `head_days` after it the head of service and the QA leads. Nobody gets more
    than `most` reminders of one thing.
    """

    policy_version: int
    soon_days: SoonDays
    on_the_day: OnTheDay
    late_days: LateDays
    manager_days: ManagerDays
    head_days: HeadDays
    most: MostReminders
