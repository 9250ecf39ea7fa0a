"""How the events of published reports are told in history."""

from __future__ import annotations

from typing import Any

from qa.core.event_words import EventWords, RoomWords, code_in_words
from qa.publishing import events

_ASKED = {"start": "first day", "end": "last day", "by": "length of period"}


def _question(path: str, _tool: Any) -> str:
    """A part of what the report was asked, for example ``asked.filters.team``."""
    rest = path.partition(".")[2]
    narrowed = "Narrowed to: " if rest.startswith("filters.") else "Report: "
    return narrowed + _ASKED.get(rest, code_in_words(rest.rpartition(".")[2]))


def _restated(event: events.ReportRestated) -> str:
    figures = "1 figure" if event.figures == 1 else f"{event.figures} figures"
    return f"Restated {figures} as recorded up to entry {event.upto}"


HISTORY = RoomWords(
    beneath={"asked": _question},
    keyed={events.WantedOnly: ("name", "values")},
    events=(
        EventWords(
            events.ReportPublished,
            lambda event: f"Published “{event.title}” as recorded up to entry {event.position}",
            hidden={
                "published": "the id of the report: the entry is its own",
                "rendering": "the version of the layout of its files, which they say themselves",
                "letterhead": "whose files they are, which they say themselves",
            },
        ),
        EventWords(events.ReportCommented, "Commented on the published report"),
        EventWords(events.ReportRestated, _restated),
        EventWords(events.ReportWithdrawn, "Withdrew the published report"),
    ),
)
