"""Which audits the policy picks for moderation, and which policies are impossible."""

from __future__ import annotations

from typing import Any

import pytest

from qa.audits.comparison import GradesGiven
from qa.moderation import events as moderation_events
from qa.moderation.selection import draw, set_policy, why_selected
from tests.audits.support import (
    POLICY,
    TOOL,
)
from tests.support.council import policy_of
from tests.support.given import Given, given


def picked(overall: str = "good", before: int = 99, **values: Any) -> tuple[str, ...]:
    policy = POLICY.model_copy(update={"share_percent": 0, **values})
    grades = GradesGiven(overall, {})
    return why_selected(
        policy,
        audit="a",
        inadequate=grades.inadequate(TOOL),
        outstanding=grades.outstanding(TOOL),
        submitted_before=before,
    )[0]


def test_the_policy_picks_by_its_lines_and_says_which() -> None:
    assert picked("inadequate") == ("inadequate",)
    assert picked("outstanding") == ("outstanding",)
    assert picked(before=2) == ("new-auditor",)
    assert picked(before=3) == ()
    assert picked(share_percent=100) == ("random",)
    assert picked("inadequate", before=0, share_percent=100) == (
        "inadequate",
        "new-auditor",
        "random",
    )
    assert picked("inadequate", every_inadequate=False) == ()


def test_the_lottery_can_be_drawn_again_and_keeps_its_share() -> None:
    places = [draw("seed", f"audit-{n}") for n in range(4000)]
    assert places == [draw("seed", f"audit-{n}") for n in range(4000)]
    assert places != [draw("other", f"audit-{n}") for n in range(4000)]
    assert 900 < sum(place < 2500 for place in places) < 1100


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"share_percent": 101}, "share-range"),
        ({"first_audits_of_new_auditor": -1}, "number-range"),
        ({"moderate_within_working_days": 0}, "days-range"),
        ({"seed": " "}, "seed-missing"),
        ({"small_number": 0}, "number-range"),
        ({"settle_difference_within_working_days": 0}, "days-range"),
    ],
)
def test_a_policy_must_be_possible(values: dict[str, Any], code: str) -> None:
    when: Given[Any] = given(POLICY, lambda s, r: s)
    when.when(lambda p: set_policy(p, policy_of("A new year.", **values))).refused(code)
    fresh = when.when(lambda p: set_policy(p, policy_of("A new year."))).then(
        moderation_events.ModerationPolicySet
    )
    assert fresh[0].policy_version == POLICY.policy_version + 1  # type: ignore[attr-defined]
