"""What is likely to be late, told from how past dates were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from projections.plans.forecast import forecast, kept_dates
from projections.plans.record import PlanRecord
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


def led(record: PlanRecord, **leads: Sequence[str]) -> PlanRecord:
    """The plan with these leads of its actions, named by the last part of their reference."""
    actions = {
        action.id: replace(action, leads=tuple(leads.get(f"a{action.id.partition('.')[2]}", ())))
        for action in record.actions.values()
    }
    return replace(record, actions=actions)


def test_the_past_of_the_lead_who_has_most_of_it_tells_before_that_of_the_plan() -> None:
    plan = told(16, *(0 for _ in range(5)))
    ann, ben = [f"a{n}" for n in range(5)], [f"a{n}" for n in range(5, 11)]
    leads = {**dict.fromkeys(ann, ("ann",)), **dict.fromkeys(ben, ("ben",))}
    few = {**leads, "a11": ("cat",), "a12": ("cat",), "a13": ("cat",), "a14": ("cat",)}

    def told_of(*of: str) -> tuple[str, int, int, bool | None]:
        [one] = forecast(led(plan.record(), **{**few, "a99": of}), DAY, NEXT)
        return one.of, one.kept.past, one.kept.missed, one.likely

    assert told_of("ann") == ("ann", 5, 0, False)
    assert told_of("ann", "ben") == told_of("ben", "ann") == ("ben", 6, 6, True)
    assert told_of("cat") == told_of() == ("the whole plan", 16, 11, True)
    [kept] = forecast(led(plan.record(), **{**few, "a99": ["ann"]}), DAY, NEXT)
    assert kept.sentence == "Of 5 past dates of ann, 0 were missed."
    [missed] = forecast(led(plan.record(), **{**few, "a99": ["ben"]}), DAY, NEXT)
    assert missed.sentence == (
        f"Of 6 past dates of ben, 6 were missed, half of them by {(DAY - DUE).days} days or more."
    )


def test_the_likeliest_to_be_late_come_first() -> None:
    plan = told(15, *(0 for _ in range(8)))
    coming = {"96": "ann", "97": "cat", "98": "ben"}
    for reference in coming:
        plan.action(f"1.{reference}", on(date(2026, 1, 15)))
    leads = {f"a{n}": [("ann", "cat", "ben")[n // 5]] for n in range(15)}
    leads |= {f"a{n}": [lead] for n, lead in coming.items()}
    found = forecast(led(plan.record(), **leads), DAY, NEXT)
    told_from = [(one.of, one.kept.share, one.likely) for one in found]
    assert told_from == [
        ("ben", 1, True),
        ("the whole plan", Fraction(7, 15), False),
        ("cat", Fraction(2, 5), False),
        ("ann", 0, False),
    ]


def test_a_date_that_is_not_over_or_not_known_tells_nothing() -> None:
    assert kept_dates(told(5).record(), DUE).past == 0
    assert kept_dates(told(5).record(), DUE + timedelta(days=1)).past == 5
    undated = told(5).action("1.50")
    assert kept_dates(undated.record(), DAY).past == 5
    assert [one.dates.action.id for one in forecast(undated.record(), DAY, NEXT)] == ["1.99"]


def test_a_date_slips_to_the_first_rating_as_met_after_it() -> None:
    plan = told(1).rate("1.0", "yellow", DUE + timedelta(days=5))
    assert kept_dates(plan.record(), DAY).slip == (DAY - DUE).days
    assert kept_dates(plan.rate("1.0", "blue", DUE + timedelta(days=40)).record(), DAY).slip == 40
    taken_back = told(1).rate("1.0", "blue", DUE).rate("1.0", "yellow", DUE)
    assert kept_dates(taken_back.record(), DAY).slip == (DAY - DUE).days
