"""Periods: financial years from April, calendar years from January, and never one for the other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.core.errors import Refused
from qa.core.periods import PeriodKind, parse_kind, parse_period, period_of, periods_between

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
kinds = st.sampled_from(list(PeriodKind))


@pytest.mark.parametrize(
    ("day", "kind", "label", "start", "end"),
    [
        ("2021-09-30", "quarter", "2021/22 Q2", "2021-07-01", "2021-09-30"),
        ("2021-01-01", "quarter", "2020/21 Q4", "2021-01-01", "2021-03-31"),
        ("2020-12-31", "quarter", "2020/21 Q3", "2020-10-01", "2020-12-31"),
        ("2021-05-05", "calendar-quarter", "2021 Q2 (calendar)", "2021-04-01", "2021-06-30"),
        ("2022-03-31", "financial-year", "2021/22", "2021-04-01", "2022-03-31"),
        ("2022-03-31", "calendar-year", "2022", "2022-01-01", "2022-12-31"),
        ("1999-04-01", "financial-year", "1999/00", "1999-04-01", "2000-03-31"),
        ("2024-02-29", "month", "February 2024", "2024-02-01", "2024-02-29"),
    ],
)
def test_a_day_falls_in_the_period_the_field_would_name(
    day: str, kind: str, label: str, start: str, end: str
) -> None:
    period = period_of(date.fromisoformat(day), parse_kind(kind))
    assert (period.label, period.start.isoformat(), period.end.isoformat()) == (label, start, end)


def test_the_quarters_of_a_span_come_in_order_and_whole() -> None:
    spans = periods_between(date(2021, 1, 15), date(2022, 3, 1), PeriodKind.QUARTER)
    assert [p.label for p in spans] == [
        "2020/21 Q4",
        "2021/22 Q1",
        "2021/22 Q2",
        "2021/22 Q3",
        "2021/22 Q4",
    ]


def test_a_span_that_ends_before_it_begins_has_no_periods() -> None:
    assert list(periods_between(date(2021, 2, 1), date(2021, 1, 31), PeriodKind.MONTH)) == []


@given(days, kinds)
def test_a_period_holds_its_day_and_its_label_reads_back(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    assert day in period
    assert parse_period(period.label) == period
    assert period.following.start == period.end + timedelta(days=1)
    assert period.following.preceding == period
    assert period.preceding.end == period.start - timedelta(days=1)


@given(days, st.integers(0, 1500), kinds)
def test_every_day_of_a_span_is_in_exactly_one_of_its_periods(
    first: date, length: int, kind: PeriodKind
) -> None:
    last = first + timedelta(days=length)
    periods = list(periods_between(first, last, kind))
    for day in (first, last, first + timedelta(days=length // 2)):
        assert sum(day in period for period in periods) == 1


@pytest.mark.parametrize("word", ["week", "", "quarters"])
def test_an_unknown_kind_of_period_is_refused_with_the_known_ones(word: str) -> None:
    with pytest.raises(Refused, match="calendar-quarter"):
        parse_kind(word)


@pytest.mark.parametrize("text", ["2021/23", "2021/22 Q5", "Smarch 2021", "Q2", "0000", "0000/01"])
def test_what_is_not_a_period_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_period(text)
