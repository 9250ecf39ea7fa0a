"""The question behind a row: narrowed to the days that the row names."""

from __future__ import annotations

from datetime import date

import pytest

from api.agreement.cli import GradesQuery
from api.quarterly.cli import QuarterlyQuery
from api.reports.query import of_days

START, END = date(2026, 1, 1), date(2026, 6, 30)
ASKED = GradesQuery(start=START, end=END, by="quarter", team="east")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-01-01", "2026-03-31"),
        ("2026-06-30", "2026-06-30"),
        ("2026-01-02", "2026-06-30"),
    ],
)
def test_a_row_of_fewer_days_is_asked_of_these_and_of_all_else_alike(first: str, last: str) -> None:
    (found,) = of_days(ASKED, {"quarter": "2025/26 Q4", "from": first, "to": last})
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert (found.start, found.end) == days
    assert (found.by, found.team) == (ASKED.by, ASKED.team)


@pytest.mark.parametrize(
    "group",
    [
        {},
        {"from": "2026-01-01"},
        {"from": "2026-01-01", "to": "2026-06-30"},
        {"from": "2025-12-31", "to": "2026-03-31"},
        {"from": "2026-04-01", "to": "2026-07-01"},
        {"from": "2026-03-31", "to": "2026-01-01"},
        {"from": "2026-02-30", "to": "2026-03-31"},
        {"from": "the first", "to": "2026-03-31"},
        {"from": START, "to": date(2026, 3, 31)},
    ],
)
def test_any_other_row_is_asked_with_the_question_as_it_is(group: dict[str, object]) -> None:
    assert of_days(ASKED, group) == []


def test_a_question_without_days_is_not_narrowed() -> None:
    asked = QuarterlyQuery(report="a" * 32)
    assert of_days(asked, {"from": "2026-01-01", "to": "2026-03-31"}) == []
