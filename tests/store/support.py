"""A small noun for the tests of the store, which knows none: a jar of marbles with a note."""

from __future__ import annotations

from typing import Any

from qa.core.event import Event, RecordedEvent
from qa.core.frozen import SealedText
from qa.store.unit import Stamp

KIM = Stamp(by="person-kim", in_role="auditor", team="North")
LEE = Stamp(by="person-lee", in_role="moderator")


class MarblesAdded(Event):
    TYPE = "toy.marbles-added"

    count: int


class NoteWritten(Event):
    TYPE = "toy.note-written"

    note: SealedText
    colour: str = "red"


def marbles(total: int, recorded: RecordedEvent[Any]) -> int:
    event = recorded.event
    return total + event.count if isinstance(event, MarblesAdded) else total
