"""The steps of reminders and escalation: a versioned policy of the council, with the defaults
Caseloop ships."""

from __future__ import annotations

from qa.core.errors import Fault, refuse_any
from qa.core.event import Event
from qa.notifications.commands import SetReminderPolicy
from qa.notifications.events import ReminderPolicySet

REMINDER_POLICY_STREAM = "reminder-policy"

DEFAULT_REMINDER_POLICY = ReminderPolicySet(
    policy_version=0,
    soon_days=3,
    on_the_day=True,
    late_days=(1, 5, 10),
    manager_days=5,
    head_days=10,
    most=6,
)
"""In force until a QA lead sets another: the owner is reminded three days before, on the day, and
one, five and ten days after; their manager hears after a week, the head of service after two."""

MOST_STEPS = 10


def set_reminder_policy(current: ReminderPolicySet, command: SetReminderPolicy) -> list[Event]:
    """Set a new version. It holds for what has not been sent yet.

    Raises:
        Refused: a number out of its range, or the head of service hearing before the manager.
    """
    faults, late = command.faults(), command.late_days
    if list(late) != sorted(set(late)) or not all(1 <= day <= 250 for day in late):
        sentence = "Enter different working days from 1 to 250, the smallest first."
        faults.append(Fault("late_days", "days-order", sentence))
    elif len(late) > MOST_STEPS:
        sentence = f"Enter {MOST_STEPS} steps or fewer."
        faults.append(Fault("late_days", "days-many", sentence))
    if not faults and command.head_days < command.manager_days:
        sentence = "The head of service cannot hear before the line manager."
        faults.append(Fault("head_days", "days-reversed", sentence))
    refuse_any(faults)
    return [ReminderPolicySet(policy_version=current.policy_version + 1, **command.model_dump())]
