"""What a practitioner says to the audit of their own case, and what is answered once."""

from __future__ import annotations

import pytest

from qa.core.errors import NotFound, NotNow, Refused
from qa.practitioners import decisions
from qa.practitioners.commands import AnswerFactDispute, DisputeFact, ReflectOnAudit
from qa.practitioners.state import Response

LONG = "x" * 5001


def reply(dispute: str, text: str) -> AnswerFactDispute:
    return AnswerFactDispute(audit="a1", dispute=dispute, outcome="stands", answer=text)


@pytest.mark.parametrize(
    ("stated", "should_be", "codes"),
    [
        ("", " ", ["stated-missing", "should-be-missing"]),
        (LONG, "Four.", ["text-long"]),
    ],
)
def test_every_fault_of_a_dispute_is_named(stated: str, should_be: str, codes: list[str]) -> None:
    with pytest.raises(Refused) as refusal:
        decisions.dispute(DisputeFact(audit="a1", stated=stated, should_be=should_be), dispute="d1")
    assert [fault.code for fault in refusal.value.faults] == codes


def test_a_dispute_is_answered_once_in_words() -> None:
    waiting = Response(frozenset({"d1"}))
    with pytest.raises(Refused) as refusal:
        decisions.answer(waiting, reply("d1", " "))
    assert [f.code for f in refusal.value.faults] == ["answer-missing"]
    assert decisions.answer(waiting, reply("d1", "It does."))
    with pytest.raises(NotFound):
        decisions.answer(waiting, reply("d2", "It does."))
    with pytest.raises(NotNow):
        decisions.answer(Response(answered=frozenset({"d1"})), reply("d1", "So."))


def test_a_reflection_says_something() -> None:
    with pytest.raises(Refused):
        decisions.reflect(ReflectOnAudit(audit="a1", text="  "))
    said = decisions.reflect(ReflectOnAudit(audit="a1", text=" More visits. "))
    assert [event.text for event in said] == ["More visits."]  # type: ignore[attr-defined]
