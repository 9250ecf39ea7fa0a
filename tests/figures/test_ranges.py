"""The days of a row, and rows that a report never gave."""

from __future__ import annotations

from datetime import date

import pytest

from projections.figures.ranges import RangeQuestion, days_of_row
from qa.core.errors import NotFound
from qa.core.periods import PeriodKind

QUESTION = RangeQuestion(
    start=date(2026, 2, 1), end=date(2026, 9, 30), by=PeriodKind.CALENDAR_QUARTER
)


@pytest.mark.parametrize(
    ("named", "start", "end"),
    [
        ({"calendar_quarter": "2026 Q1 (calendar)"}, "2026-02-01", "2026-03-31"),
        ({"calendar_quarter": "2026 Q2 (calendar)", "team": "east"}, "2026-04-01", "2026-06-30"),
        ({"total": "Whole range"}, "2026-02-01", "2026-09-30"),
        ({"team": "east"}, "2026-02-10", "2026-07-10"),
    ],
)
def test_a_row_has_the_days_of_its_period_as_far_as_they_were_asked(
    named: dict[str, str], start: str, end: str
) -> None:
    days = days_of_row(QUESTION, {**named, "from": start, "to": end})
    assert days == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("named", "start", "end"),
    [
        ({"calendar_quarter": "2026 Q3 (calendar)"}, "2026-04-01", "2026-06-30"),
        ({"calendar_quarter": "2026 Q2 (calendar)"}, "2026-04-01", "2026-06-29"),
        ({"calendar_quarter": "2026 Q1 (calendar)"}, "2026-01-01", "2026-03-31"),
        ({"quarter": "2026/27 Q1"}, "2026-04-01", "2026-06-30"),
        ({"total": "All there is"}, "2026-02-01", "2026-09-30"),
        ({"total": "Whole range"}, "2026-04-01", "2026-06-30"),
        ({}, "2026-01-31", "2026-03-31"),
        ({}, "2026-04-01", "2026-10-01"),
        ({}, "2026-06-01", "2026-04-01"),
    ],
)
def test_a_row_that_no_such_report_gave_is_not_there(
    named: dict[str, str], start: str, end: str
) -> None:
    with pytest.raises(NotFound):
        days_of_row(QUESTION, {**named, "from": start, "to": end})
