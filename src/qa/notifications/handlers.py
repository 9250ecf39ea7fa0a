"""Carries out the command that sets the steps of reminders and escalation."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.event import last_said
from qa.notifications import steps
from qa.notifications.commands import SetReminderPolicy


@handles(SetReminderPolicy)
def set_policy(command: SetReminderPolicy, work: Work) -> None:
    work.authorise("set-policy")
    current = work.unit.load(steps.REMINDER_POLICY_STREAM, last_said, steps.DEFAULT_REMINDER_POLICY)
    work.append(steps.REMINDER_POLICY_STREAM, *steps.set_reminder_policy(current, command))
