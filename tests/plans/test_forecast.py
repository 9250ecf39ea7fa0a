"""What is likely to be late, told from how past dates were kept."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from projections.plans.forecast import forecast, kept_dates
from tests.plans.support import FOUR, Told, on

START, DUE, DAY = date(2025, 1, 6), date(2025, 6, 30), date(2025, 12, 1)
NEXT = date(2026, 1, 31)


def told(past: int, *met_after: int) -> Told:
    """A plan with `past` dates on one day, some of them met so many days after (or before)."""
    plan = Told(START).scale(FOUR).plan()
    for at in range(past):
        plan.action(f"1.{at}", on(DUE))
    for at, days in enumerate(met_after):
        plan.rate(f"1.{at}", "blue", DUE + timedelta(days))
    return plan.action("1.99", on(date(2026, 1, 15)))


def test_a_date_was_kept_when_the_action_was_met_on_its_last_day() -> None:
    kept = kept_dates(told(5, -10, 0, 1, 30).record(), DAY)
    still_open = (DAY - DUE).days
    assert (kept.past, kept.missed) == (5, 3)
    assert kept.slip == sorted([1, 30, still_open])[1]


def test_an_action_is_likely_late_when_half_of_the_past_dates_were_missed() -> None:
    found = forecast(told(6, 0, 0, 0).record(), DAY, NEXT)
    assert [(one.dates.action.id, one.likely) for one in found] == [("1.99", True)]
    assert found[0].kept.share == Fraction(1, 2)
    assert found[0].sentence.startswith("Of 6 past dates of the whole plan, 3 were missed")
    assert [one.likely for one in forecast(told(6, 0, 0, 0, 0).record(), DAY, NEXT)] == [False]


def test_too_short_a_past_tells_nothing_and_says_so() -> None:
    found = forecast(told(4).record(), DAY, NEXT)
    assert [(one.likely, one.kept.past) for one in found] == [(None, 4)]
    assert "too few" in found[0].sentence
    assert [one.likely for one in forecast(told(5).record(), DAY, NEXT)] == [True]


def test_only_dates_that_fall_before_the_coming_day_are_foretold() -> None:
    record = told(6).record()
    assert forecast(record, DAY, date(2026, 1, 15)) == []
    assert [one.dates.action.id for one in forecast(record, DAY, date(2026, 1, 16))] == ["1.99"]
