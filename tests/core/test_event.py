"""What an event is called in the log."""

from __future__ import annotations

import pytest

from qa.core.event import REGISTER, Event


class MarbleFound(Event):
    jar: str


class MarblesPolished(Event):
    TYPE = "toy.marbles-shone"


def test_an_event_is_stored_by_the_name_of_its_class_or_by_the_one_it_keeps() -> None:
    assert MarbleFound.TYPE == "MarbleFound"
    assert MarblesPolished.TYPE == "toy.marbles-shone"
    assert REGISTER["MarbleFound"] is MarbleFound
    assert REGISTER["toy.marbles-shone"] is MarblesPolished
    assert "MarblesPolished" not in REGISTER


def test_a_stored_name_is_taken_once() -> None:
    with pytest.raises(TypeError, match="MarbleFound is taken by MarbleFound"):
        type("MarbleFound", (Event,), {"__module__": __name__})
