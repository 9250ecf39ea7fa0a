"""Given a week of the access log, which accesses are worth a second look, and of how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from qa.access.unusual import (
    RULES,
    Case,
    UnusualAccessFinding,
    Week,
    unusual,
    weeks_before,
)
from qa.core.access import Access, What

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
CASE = Case(team="east", child="C-1", own_to=frozenset({"w"}), part_of=frozenset({"a", "m"}))


def lines(
    person: str,
    count: int,
    *,
    first: int = 1,
    subject: str = "judgement:x",
    role: str = "auditor",
    at: datetime = MONDAY,
    what: What = What.VIEW,
) -> list[Access]:
    return [
        Access(first + n, at, person, role, what, subject.format(n=n), "", None, None, None)
        for n in range(count)
    ]


def week(found: Sequence[Access], **known: object) -> Week:
    plain = Week(found, {"x": CASE}, {"a": "west", "b": "west", "e": "east"}, {})
    return replace(plain, **known)  # type: ignore[arg-type]


def of(rule: str, found: Sequence[Access], **known: object) -> list[UnusualAccessFinding]:
    return [one for one in unusual(week(found, **known)) if one.rule == rule]


def test_a_case_holder_who_opens_the_audit_of_their_case_is_named_once() -> None:
    assert of("own-case", [*lines("w", 2), *lines("a", 3, first=9)]) == [
        UnusualAccessFinding("own-case", "w", 2, 2, [1, 2])
    ]


@pytest.mark.parametrize(
    ("person", "role", "count", "found"),
    [
        ("b", "auditor", 5, 1),
        ("b", "auditor", 4, 0),
        ("a", "auditor", 9, 0),  # they have a part in it
        ("e", "auditor", 9, 0),  # it is their own team's
        ("b", "qa-lead", 9, 0),  # the role reaches beyond a team
    ],
)
def test_outside_the_team_counts_only_those_with_no_business_there(
    person: str, role: str, count: int, found: int
) -> None:
    assert len(of("out-of-team", lines(person, count, role=role))) == found


def test_records_watched_more_closely_are_found_by_the_child_and_by_its_audits() -> None:
    both = [*lines("b", 1), *lines("b", 1, first=7, subject="child:C-1")]
    other = lines("b", 2, first=20, subject="child:C-2")
    watched = frozenset({"C-1"})
    assert of("restricted", [*both, *other], restricted=watched) == [
        UnusualAccessFinding("restricted", "b", 2, 4, [1, 7])
    ]
    assert of("restricted", both) == []


@pytest.mark.parametrize(
    ("opened", "before", "found"),
    [
        (30, [10, 10, 9], True),
        (29, [10, 10, 10], False),
        (19, [1, 1], False),  # few are never many
        (20, [1, 1], True),
        (60, [], True),
        (30, [0, 0, 10], True),  # a week away is no week of work
    ],
)
def test_many_are_many_against_the_own_median(opened: int, before: list[int], found: bool) -> None:
    looked = lines("b", opened, subject="judgement:{n}")
    again = lines("b", 50, first=900, subject="judgement:1")
    met = of("volume", [*looked, *again], before={"b": before})
    assert [one.numerator for one in met] == ([opened] if found else [])


def test_many_are_many_against_the_others_where_there_is_no_own_past() -> None:
    peers = [
        one
        for n, name in enumerate("cdf")
        for one in lines(name, 12, first=100 * n, subject="judgement:{n}")
    ]
    mine = lines("b", 36, first=1000, subject="judgement:{n}")
    assert [one.denominator for one in of("volume", [*peers, *mine])] == [12]
    assert of("volume", [*peers, *mine[:35]]) == []


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (datetime(2026, 3, 2, 7, 0, tzinfo=UTC), 0),
        (datetime(2026, 3, 2, 6, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 2, 20, 0, tzinfo=UTC), 1),
        (datetime(2026, 3, 7, 12, 0, tzinfo=UTC), 1),
        (datetime(2026, 7, 6, 6, 30, tzinfo=UTC), 0),  # half past seven in London
        (datetime(2026, 4, 3, 12, 0, tzinfo=UTC), 1),  # Good Friday
    ],
)
def test_out_of_hours_goes_by_the_clocks_and_holidays_of_england(at: datetime, found: int) -> None:
    assert len(of("out-of-hours", lines("b", 5, at=at))) == found


def test_often_refused_counts_against_all_they_did() -> None:
    refused = lines("b", 5, what=What.DENIED, subject="case-audit:z")
    assert of("refused", [*refused, *lines("b", 5, first=50)]) == [
        UnusualAccessFinding("refused", "b", 5, 10, [1, 2, 3, 4, 5])
    ]


def test_every_rule_says_what_it_counts_and_weeks_touch() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.words.endswith(".") and len(rule.words) > 60 for rule in RULES)
    spans = weeks_before(MONDAY, 3)
    assert spans[0][1] == MONDAY
    assert spans[1][1] == spans[0][0] == MONDAY - timedelta(days=7)
