"""How the events of a child's references are told in history."""

from __future__ import annotations

from qa.children import events
from qa.core.event_words import EventWords, RoomWords

_JOINING = {"joining": "the id of the joining: the entry is its own"}

HISTORY = RoomWords(
    events=(
        EventWords(events.ChildJoined, "Joined: two references are one child’s", hidden=_JOINING),
        EventWords(events.ChildParted, "Joining undone: the references are two children’s again"),
    ),
)
