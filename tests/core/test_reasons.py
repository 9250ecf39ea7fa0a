"""What counts as a reason where a rule is set aside."""

from __future__ import annotations

import pytest

from qa.core.reasons import LONGEST, of_substance, owe_reason, reason_faults
from tests.support.given import codes_of


@pytest.mark.parametrize(
    ("reason", "enough"),
    [
        ("Wrong child.", True),
        ("One lapse.", True),
        ("We are few.", True),
        ("The plan already holds all of it.", True),
        ("", False),
        ("x", False),
        ("x x x x x x x x", False),
        ("xxxxxxxx xxxxxxxx", False),
        ("None.", False),
        ("n/a", False),
        ("Not applicable.", False),
        ("No action is needed.", False),
        ("See above.", False),
        ("as before, see above", False),
        ("Unnecessary", False),
        ("1234567 8", True),
        ("abc defg", False),
        ("abcd efgh", True),
        (". . . . . . . . .", False),
    ],
)
def test_a_reason_says_something(reason: str, enough: bool) -> None:
    assert of_substance(reason) is enough


@pytest.mark.parametrize(
    ("reason", "codes"),
    [
        ("The child moved away.", []),
        ("  ", ["why-missing"]),
        ("Illness.", ["reason-thin"]),
        ("The child moved away. " * LONGEST, ["why-long"]),
    ],
)
def test_a_reason_that_is_owed_is_refused_at_its_field(reason: str, codes: list[str]) -> None:
    faults = reason_faults(reason, "Say why.", field="why")
    assert [fault.code for fault in faults] == codes
    assert {fault.field for fault in faults} <= {"why"}
    assert codes_of(lambda: owe_reason(reason, "Say why.", field="why")) == codes
