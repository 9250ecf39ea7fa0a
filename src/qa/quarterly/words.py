"""How the events of quarterly reports are told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords
from qa.quarterly import events

_SECTION = "the id of a section: its question stands beside it, or in an entry before"
_MADE = "how it is made again, kept with the published report"


HISTORY = RoomWords(
    events=(
        EventWords(
            events.QuarterlyReportStarted,
            lambda event: f"Began the quarterly report “{event.title}”",
            hidden={"report": "the id of the report: the entry is its own"},
            paths={"start": "quarter_start", "end": "quarter_end"},
        ),
        EventWords(
            events.QuarterlySectionAdded,
            lambda event: f"Added the section “{event.question}”",
            hidden={"section": _SECTION},
            paths={"question": "section_question"},
        ),
        EventWords(
            events.QuarterlySectionChanged,
            lambda event: f"Changed the section “{event.question}”",
            hidden={"section": _SECTION},
            paths={"question": "section_question"},
        ),
        EventWords(
            events.QuarterlySectionRemoved,
            "Took a section out",
            hidden={"section": _SECTION},
        ),
        EventWords(
            events.QuarterlySectionsOrdered,
            "Put the sections in another order",
            hidden={"sections": _SECTION},
        ),
        EventWords(
            events.QuarterlyCommentaryWritten,
            "Wrote the commentary of a section",
            hidden={"section": _SECTION},
            paths={"text": "commentary"},
        ),
        EventWords(
            events.QuarterlyHeadlinesChosen,
            "Chose the three headline sentences",
            hidden={"headlines": "the figures that the sentences beside them are made of"},
        ),
        EventWords(
            events.QuarterlySentForReview,
            lambda event: f"Sent for review as recorded up to entry {event.position}",
            hidden={"formulas": _MADE, "rendering": _MADE, "letterhead": _MADE},
        ),
        EventWords(events.QuarterlyReturned, "Sent back to be changed"),
        EventWords(events.QuarterlyAgreed, "Agreed the report"),
        EventWords(
            events.QuarterlyPublished,
            "Published the report",
            hidden={"published": "the id of the published report, which has a history of its own"},
        ),
    ),
)
