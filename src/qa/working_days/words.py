"""How the working days are told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords, Statement
from qa.working_days import events

HISTORY = RoomWords(
    events=(
        EventWords(
            events.WorkingDaysSet,
            lambda event: f"Set version {event.policy_version} of the working days",
            statement=Statement("policy"),
        ),
    ),
)
