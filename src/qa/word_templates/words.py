"""How the council's Word template is told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords, Statement
from qa.word_templates import events


def _set(event: events.WordTemplateSet) -> str:
    if not event.styles:
        return "Set Caseloop’s own styles for Word documents"
    return f"Set version {event.number} of the Word template"


HISTORY = RoomWords(
    events=(
        EventWords(
            events.WordTemplateSet,
            _set,
            statement=Statement("policy"),
            hidden={"styles": "a file, which is told by its name and its hash"},
        ),
    ),
)
