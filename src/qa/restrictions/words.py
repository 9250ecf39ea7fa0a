"""How the events of restrictions are told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords
from qa.restrictions import events

_RESTRICTION = {"restriction": "the id of the restriction: the entry is its own"}

HISTORY = RoomWords(
    people=frozenset({"reader", "readers"}),
    events=(
        EventWords(
            events.ChildRestricted,
            "Restricted the records of the child",
            hidden=_RESTRICTION,
        ),
        EventWords(
            events.RestrictionReadersNamed,
            "Named others to read the restricted records",
            pairs=(("old", "new", "readers"),),
        ),
        EventWords(
            events.RestrictionOverridden,
            lambda event: f"Broke the glass over the restricted records, until {event.until}",
            about="reader",
        ),
        EventWords(events.RestrictionLifted, "Lifted the restriction"),
    ),
)
