"""A concern and what is done about it are words of some length."""

from __future__ import annotations

from qa.safeguarding import decisions
from qa.safeguarding.commands import AcknowledgeConcern
from tests.safeguarding.support import TOLD, raise_concern
from tests.support.given import codes_of

LONGEST = 5000


def test_a_concern_says_what_is_feared() -> None:
    def raised(text: str) -> list[str]:
        return codes_of(lambda: raise_concern(text))

    assert raised(" ") == ["what-missing"]
    assert raised("x" * LONGEST) == []
    assert raised("x" * (LONGEST + 1)) == ["what-long"]


def test_a_manager_says_what_is_being_done() -> None:
    def acknowledged(text: str) -> list[str]:
        command = AcknowledgeConcern(audit="a1", concern="c1", doing=text)
        return codes_of(lambda: decisions.acknowledge(TOLD, command, by="p-manager"))

    assert acknowledged(" ") == ["doing-missing"]
    assert acknowledged("x" * LONGEST) == []
    assert acknowledged("x" * (LONGEST + 1)) == ["doing-long"]
