"""How the events of inspectors' rooms are told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords, said
from qa.inspections import events

_QUESTION = {"question": "the id of the question"}

HISTORY = RoomWords(
    labels={"scope.code": "Scope: which", "scope.kind": "Scope"},
    people=frozenset({"inspector"}),
    events=(
        EventWords(
            events.InspectorRoomOpened,
            lambda event: f"Opened the inspector room “{event.title}” until {event.until}",
            about="inspector",
            hidden={"room": "the id of the room: the entry is its own"},
        ),
        EventWords(
            events.InspectorRoomExtended,
            lambda event: (
                f"Moved the last day of the inspector room from {event.old} to {event.new}"
            ),
            pairs=(("old", "new", "until"),),
        ),
        EventWords(events.InspectorRoomClosed, said("Closed the inspector room")),
        EventWords(events.InspectorQuestionAsked, said("Asked a question"), hidden=_QUESTION),
        EventWords(events.InspectorQuestionAnswered, said("Answered a question"), hidden=_QUESTION),
    ),
)
