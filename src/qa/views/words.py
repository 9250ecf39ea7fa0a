"""How the events of named views are told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords
from qa.views import events

HISTORY = RoomWords(
    events=(
        EventWords(
            events.ListViewKept,
            lambda event: f"Kept the list {event.path} as “{event.name}”",
            hidden={"view": "the id of the view: the entry is its own"},
        ),
        EventWords(events.ListViewRemoved, "Removed the view"),
    ),
)
