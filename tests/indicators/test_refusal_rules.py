"""What an indicator refuses, by name, at the edge of each bound."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qa.indicators import decisions
from qa.indicators.commands import ObserveIndicatorComparator, RecordIndicatorClaim, RetireIndicator
from qa.indicators.definition import LONGEST, TargetDraft
from qa.indicators.state import Indicator
from qa.indicators.values import number
from tests.indicators.support import DRAFT, Q3, TODAY, after, asked, faults, observed, replace
from tests.support.given import codes_of


def defined(**values: Any) -> list[str]:
    draft = replace(DRAFT, **values)
    return codes_of(lambda: decisions.define(Indicator(), draft, id="moderated"))


def test_an_id_is_taken_once() -> None:
    define = lambda: decisions.define(after(), DRAFT, id="moderated")  # noqa: E731
    assert codes_of(define) == ["indicator-exists"]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"rolling_months": "1"}, ["rolling-window"]),
        ({"rolling_months": "2"}, []),
        ({"rolling_months": "60"}, []),
        ({"rolling_months": "61"}, ["rolling-window"]),
        ({"rolling_months": "12", "adds_up": True}, ["rolling-adds-up"]),
        ({"baseline": "11"}, ["baseline-range"]),
        ({"baseline": "12"}, []),
        ({"baseline": "60"}, []),
        ({"baseline": "61"}, ["baseline-range"]),
        ({"measure": "audits-submitted", "unit": "count"}, []),
        ({"measure": "audits-submitted", "unit": "percent"}, ["unit-of-measure"]),
        ({"numerator": "x" * 1001}, ["numerator-long"]),
        ({"denominator": "x" * 1001}, ["denominator-long"]),
        ({"owner": "x" * 201}, ["owner-long"]),
        ({"numerator": "x" * 1000, "denominator": "x" * 1000, "owner": "x" * 200}, []),
    ],
)
def test_a_definition_keeps_its_bounds(values: dict[str, Any], codes: list[str]) -> None:
    assert defined(**values) == codes


def test_what_has_values_is_not_taken_back() -> None:
    assert codes_of(lambda: decisions.withdraw(after())) == []
    assert codes_of(lambda: decisions.withdraw(after(observed()))) == ["indicator-has-values"]


def test_retiring_has_a_last_day_and_a_reason_of_some_length() -> None:
    def retire(day: date | None, reason: str = "Another one replaces it.") -> list[str]:
        return codes_of(
            lambda: decisions.retire(after(), asked(RetireIndicator, after=day, reason=reason))
        )

    assert retire(None) == ["after-missing"]
    long = "A reason of substance. " * 1000
    assert retire(TODAY, long[:LONGEST]) == []
    assert retire(TODAY, long[: LONGEST + 1]) == ["reason-long"]


def test_a_number_has_at_most_thirty_digits() -> None:
    found: list[Any] = []
    assert number("9" * 30, "value", found) == Decimal("9" * 30)
    assert found == []
    assert number("9" * 31, "value", found) is None
    assert [(fault.field, fault.code) for fault in found] == [("value", "number-too-long")]


@pytest.mark.parametrize("field", ["source", "note", "excluded", "said"])
def test_what_is_written_beside_a_value_has_a_length(field: str) -> None:
    def observe(size: int) -> list[str]:
        draft = replace(Q3, **{field: "x" * size})
        return codes_of(lambda: decisions.observe(after(), draft, today=TODAY))

    assert observe(500) == []
    expected = {
        "source": "source-long", "note": "note-long", "excluded": "excluded-long",
        "said": "said-long",
    }  # fmt: skip
    assert observe(501) == [expected[field]]


def test_what_a_target_is_aligned_with_has_a_length() -> None:
    def target(size: int) -> list[str]:
        draft = TargetDraft(comparator="aligned", against="x" * size, since=date(2020, 4, 1))
        return codes_of(lambda: decisions.set_target(after(), draft))

    assert target(100) == []
    assert target(101) == ["against-long"]


def test_a_comparator_and_a_claim_have_a_length() -> None:
    def compared(name: str) -> Any:
        command = asked(
            ObserveIndicatorComparator, comparator=name, period="2020/21 Q3", value="40%"
        )
        return lambda: decisions.observe_comparator(after(), command, today=TODAY)

    assert codes_of(compared("x" * 100)) == []
    assert codes_of(compared("x" * 101)) == ["comparator-long"]

    def claimed(text: str) -> Any:
        command = asked(RecordIndicatorClaim, period="2020/21 Q3", text=text, source="The report.")
        return lambda: decisions.record_claim(after(), command, claim="c", today=TODAY)

    assert codes_of(claimed("x" * LONGEST)) == []
    assert faults(claimed("x" * (LONGEST + 1))) == [("text", "text-long")]
