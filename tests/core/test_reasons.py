"""What counts as a reason where a rule is set aside."""

from __future__ import annotations

import pytest

from qa.core.reasons import of_substance


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
