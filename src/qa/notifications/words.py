"""How the steps of reminders are told in history, and what their fields are called."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords, Statement
from qa.notifications import events

LABELS = {
    "soon_days": "Working days before the due date at which the owner is reminded (0: not)",
    "on_the_day": "Remind the owner on the day itself",
    "late_days": "Working days late at which the owner is reminded again",
    "manager_days": "Working days late at which the line manager is told",
    "head_days": "Working days late at which the head of service and the QA leads are told",
    "most": "Most reminders of one thing to one person",
}
HISTORY = RoomWords(
    labels=LABELS,
    events=(
        EventWords(
            events.ReminderPolicySet,
            lambda event: f"Set version {event.policy_version} of the steps of reminders",
            statement=Statement("policy"),
        ),
    ),
)
