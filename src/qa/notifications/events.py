"""The event behind reminders and escalation (stream ``reminder-policy``)."""

from __future__ import annotations

from typing import ClassVar

from qa.core.event import Event


class ReminderPolicySet(Event):
    """From when and how often people are reminded, and who else is told when work stays undone.

    Days are working days of England. `soon_days` before the due date (0: not) and, with
    `on_the_day`, on it; then on each of `late_days` after it. `manager_days` after it the line
    manager is told, `head_days` after it the head of service and the QA leads. Nobody gets more
    than `most` reminders of one thing.
    """

    TYPE: ClassVar[str] = "ReminderPolicySet"
    policy_version: int
    soon_days: int
    on_the_day: bool
    late_days: tuple[int, ...]
    manager_days: int
    head_days: int
    most: int
