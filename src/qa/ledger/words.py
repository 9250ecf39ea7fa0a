"""How the events of the ledger are told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords
from qa.ledger import events

HISTORY = RoomWords(
    labels={"held": "Facts that the backup held", "origin": "Name of the log from here on"},
    events=(
        EventWords(
            events.LedgerRestored,
            lambda event: f"Put a backup of {event.held} facts back",
        ),
    ),
)
