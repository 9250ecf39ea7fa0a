"""How the working days are told in history, and what their fields are called."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords, Statement
from qa.working_days import events

LABELS = {
    "closed": "Days on which nobody works, beside weekends and bank holidays",
    "bank_holidays": "Bank holidays that stand",
    "first_year": "First year whose bank holidays stand",
    "last_year": "Last year whose bank holidays stand",
}
HISTORY = RoomWords(
    labels=LABELS,
    events=(
        EventWords(
            events.WorkingDaysSet,
            lambda event: f"Set version {event.policy_version} of the working days",
            statement=Statement("policy"),
        ),
    ),
)
