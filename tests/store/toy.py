"""A small noun for the tests of the store, which knows none: a jar of marbles with a note."""

from __future__ import annotations

from typing import Any

from qa.core.fact import Fact, Recorded
from qa.core.frozen import SealedText
from qa.store.unit import Stamp

KIM = Stamp(by="person-kim", in_role="auditor", team="North")
LEE = Stamp(by="person-lee", in_role="moderator")


class MarblesAdded(Fact):
    TYPE = "toy.marbles-added"

    count: int


class NoteWritten(Fact):
    TYPE = "toy.note-written"

    note: SealedText
    colour: str = "red"


def marbles(total: int, recorded: Recorded[Any]) -> int:
    fact = recorded.fact
    return total + fact.count if isinstance(fact, MarblesAdded) else total
