"""What can be asked of the steps of reminders and escalation."""

from __future__ import annotations

from qa.core.command import Command
from qa.notifications.events import (
    HeadDays,
    LateDays,
    ManagerDays,
    MostReminders,
    OnTheDay,
    SoonDays,
)


class SetReminderPolicy(Command, stream="reminder-policy"):
    """Set the next version of the steps of reminders."""

    soon_days: SoonDays
    on_the_day: OnTheDay
    late_days: LateDays
    manager_days: ManagerDays
    head_days: HeadDays
    most: MostReminders
