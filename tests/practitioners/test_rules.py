"""What a practitioner says to the audit of their own case, and what is answered once."""

from __future__ import annotations

import pytest

from qa.core.errors import NotFound, NotNow, Refused
from qa.practitioners import decisions
from qa.practitioners.decisions import Response

LONG = "x" * 5001


@pytest.mark.parametrize(
    ("stated", "should_be", "codes"),
    [
        ("", " ", ["stated-missing", "should-be-missing"]),
        (LONG, "Four.", ["text-long"]),
    ],
)
def test_every_fault_of_a_dispute_is_named(stated: str, should_be: str, codes: list[str]) -> None:
    with pytest.raises(Refused) as refusal:
        decisions.dispute("a1", dispute="d1", stated=stated, should_be=should_be)
    assert [fault.code for fault in refusal.value.faults] == codes


def test_a_dispute_is_answered_once_with_an_outcome_and_words() -> None:
    waiting = Response(frozenset({"d1"}))
    with pytest.raises(Refused) as refusal:
        decisions.answer(waiting, dispute="d1", outcome="perhaps", answer="")
    assert [f.field for f in refusal.value.faults] == ["outcome", "answer"]
    assert decisions.answer(waiting, dispute="d1", outcome="stands", answer="It does.")
    with pytest.raises(NotFound):
        decisions.answer(waiting, dispute="d2", outcome="stands", answer="It does.")
    with pytest.raises(NotNow):
        decisions.answer(
            Response(answered=frozenset({"d1"})), dispute="d1", outcome="stands", answer="So."
        )


def test_a_reflection_says_something() -> None:
    with pytest.raises(Refused):
        decisions.reflect("a1", text="  ")
    assert decisions.reflect("a1", text=" More visits. ")[0].text == "More visits."  # type: ignore[attr-defined]
