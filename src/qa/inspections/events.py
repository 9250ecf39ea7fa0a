"""Events of an inspector's room (stream ``inspection:<room>``).

A room is how somebody from outside the council reads its records: for a time, within a scope, and
where it is pinned, only what was known at one position of the log. The room is the inspector's only
right; there is no other grant beside it. Their private notes are no events.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.event import Event
from qa.core.fields import FieldWords
from qa.core.frozen import SealedText
from qa.core.words import Scope


def inspection_stream(room: str) -> str:
    return f"inspection:{room}"


class InspectorRoomOpened(Event):
    """An inspector may read from `since` to `until` (the last day). `pin` is the last position of
    the log that they see anything of, and `pinned_on` the day whose end it is."""

    room: str
    title: str
    inspector: Annotated[str, FieldWords(label="Inspector")]
    scope: Scope
    since: date
    until: date
    pin: Annotated[int | None, FieldWords(label="Pinned to the position")] = None
    pinned_on: Annotated[date | None, FieldWords(label="Pinned to the end of")] = None


class InspectorRoomExtended(Event):
    """The last day of the room was moved."""

    old: date
    new: date


class InspectorRoomClosed(Event):
    """The room was closed before its last day; the reason is in the envelope."""


class InspectorQuestionAsked(Event):
    """The inspector asked the council something, for example about the record `subject`."""

    question: str
    asked: Annotated[SealedText, FieldWords(label="Question")]
    subject: Annotated[str, FieldWords(label="About")] = ""


class InspectorQuestionAnswered(Event):
    """The council answered; a later answer to the same question stands beside the earlier one."""

    question: str
    answer: Annotated[SealedText, FieldWords(label="Answer")]
