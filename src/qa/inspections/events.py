"""Events of an inspector's room (stream ``inspection:<room>``).

A room is how somebody from outside the council reads its records: for a time, within a scope, and
where it is pinned, only what was known at one position of the log. The room is the inspector's only
right; there is no other grant beside it. Their private notes are no events.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from qa.core.event import Event
from qa.core.fields import FieldWords
from qa.core.frozen import Frozen, SealedText
from qa.core.words import Scope


def inspection_stream(room: str) -> str:
    return f"inspection:{room}"


class RoomAudit(Frozen):
    """An audit that a room is about, with its reference as it was then."""

    audit: str
    reference: str


class RoomReach(Frozen):
    """What a room opens: of a part of the council the `audits` and the files of the `children`
    (references) that are named, or all where none is; and of these what was made with the `tools`
    that are named, or with any."""

    scope: Scope
    audits: tuple[RoomAudit, ...] = ()
    children: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


class InspectorRoomOpened(Event):
    """An inspector may read from `since` to `until` (the last day), as far as a `RoomReach` with
    its fields goes. `pin` is the last position of the log that they see anything of, and
    `pinned_on` the day whose end it is."""

    SCHEMA: ClassVar[int] = 2

    room: str
    title: str
    inspector: Annotated[str, FieldWords(label="Inspector")]
    scope: Scope
    since: date
    until: date
    pin: Annotated[int | None, FieldWords(label="Pinned to the position")] = None
    pinned_on: Annotated[date | None, FieldWords(label="Pinned to the end of")] = None
    audits: tuple[RoomAudit, ...] = ()
    children: tuple[str, ...] = ()
    tools: Annotated[tuple[str, ...], FieldWords(label="Tools")] = ()


class InspectorRoomReachChanged(Event):
    """The room opens something else from now on; the reason is in the envelope."""

    old: RoomReach
    new: RoomReach


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
