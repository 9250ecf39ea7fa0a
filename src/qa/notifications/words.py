"""How the steps of reminders are told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords, Statement
from qa.notifications import events

HISTORY = RoomWords(
    events=(
        EventWords(
            events.ReminderPolicySet,
            lambda event: f"Set version {event.policy_version} of the steps of reminders",
            statement=Statement("policy"),
        ),
    ),
)
