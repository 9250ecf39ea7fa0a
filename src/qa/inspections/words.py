"""How the events of inspectors' rooms are told in history.

Which audits and children a room is about is told by their number: the page of the room names them,
to those who may read them.
"""

from __future__ import annotations

from qa.core.event_words import Change, EventWords, RoomWords, change
from qa.inspections import events

_QUESTION = {"question": "the id of the question"}
_SCOPE = "room_scope"
_NAMED = "named on the page of the room, to those who may read them; here they are counted"


def _counted(number: int, one: str, several: str) -> list[str]:
    return [f"{number} {one if number == 1 else several}"] if number else []


def _opened(event: events.InspectorRoomOpened) -> str:
    about = [
        *_counted(len(event.audits), "audit", "audits"),
        *_counted(len(event.children), "child’s file", "children’s files"),
    ]
    suffix = f", about {' and '.join(about)}" if about else ""
    return f"Opened the inspector room “{event.title}” until {event.until}{suffix}"


def _reach_changed(event: events.InspectorRoomReachChanged) -> str:
    was = {*(one.audit for one in event.old.audits), *event.old.children}
    now = {*(one.audit for one in event.new.audits), *event.new.children}
    moved = [
        *(f"{each} added" for each in _counted(len(now - was), "case", "cases")),
        *(f"{each} removed" for each in _counted(len(was - now), "case", "cases")),
    ]
    suffix = f": {', '.join(moved)}" if moved else ""
    return f"Changed what the inspector room opens{suffix}"


def _scope_and_tools(event: events.InspectorRoomReachChanged) -> list[Change]:
    old, new = event.old, event.new
    pairs = (
        (_SCOPE, old.scope.key, new.scope.key),
        ("room_tools", ", ".join(old.tools), ", ".join(new.tools)),
    )
    return [change(path, was, now) for path, was, now in pairs if was != now or path == _SCOPE]


HISTORY = RoomWords(
    labels={"scope.code": "Scope: which", "scope.kind": "Scope", _SCOPE: "Scope"},
    people=frozenset({"inspector"}),
    events=(
        EventWords(
            events.InspectorRoomOpened,
            _opened,
            about="inspector",
            paths={"tools": "room_tools"},
            hidden={
                "room": "the id of the room: the entry is its own",
                "audits": _NAMED,
                "children": _NAMED,
            },
        ),
        EventWords(
            events.InspectorRoomReachChanged,
            _reach_changed,
            changes=_scope_and_tools,
            changed=("old", "new"),
        ),
        EventWords(
            events.InspectorRoomExtended,
            lambda event: (
                f"Moved the last day of the inspector room from {event.old} to {event.new}"
            ),
            pairs=(("old", "new", "until"),),
        ),
        EventWords(events.InspectorRoomClosed, "Closed the inspector room"),
        EventWords(events.InspectorQuestionAsked, "Asked a question", hidden=_QUESTION),
        EventWords(events.InspectorQuestionAnswered, "Answered a question", hidden=_QUESTION),
    ),
)
