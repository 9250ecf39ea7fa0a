"""Lateness by the first date beside the current one, at the precision that was agreed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.plans.lateness import dates, overdue
from qa.core.due_dates import Due, Stage
from tests.plans.support import FOUR, Told, month, on

START = date(2020, 9, 1)


def told() -> Told:
    return Told(START).scale(FOUR).plan()


@pytest.mark.parametrize(
    ("stages", "days"),
    [
        ((on(date(2021, 4, 1)),), 0),
        ((on(date(2021, 3, 31)),), 1),
        ((month(date(2021, 3, 1)),), 1),
        ((month(date(2021, 4, 1)),), 0),
        ((Stage(due=Due(kind="quarterly", on=date(2020, 9, 1))),), 0),
        ((Stage(due=Due(kind="ongoing", on=date(2020, 9, 1))),), 0),
        ((on(date(2021, 2, 1), "Core"), on(date(2021, 12, 1), "All")), 0),
        ((Stage(role="start", due=Due(kind="month", on=date(2020, 9, 1))),), None),
        ((Stage(due=Due(kind="unknown", said="31/06/2021")),), None),
        ((), None),
    ],
)
def test_how_late_it_is_on_the_first_of_april(stages: tuple[Stage, ...], days: int | None) -> None:
    record = told().action("1.1", *stages).record()
    assert dates(record, record.actions["1.1"], date(2021, 4, 1)).late_by_current == days


def test_an_action_whose_date_is_unknown_is_listed_apart_and_a_recurring_one_is_never_due() -> None:
    plan = told().action("1.1", Stage(due=Due(kind="unknown", said="31/06/2021")))
    plan.action("1.2", Stage(due=Due(kind="quarterly", on=date(2020, 9, 1))))
    plan.action("1.3", on(date(2021, 1, 1)))
    found = overdue(plan.record(), date(2021, 4, 1))
    lists = (found.unknown, found.never_due, found.by_current, found.redated)
    assert [[one.action.id for one in held] for held in lists] == [["1.1"], ["1.2"], ["1.3"], []]


def test_a_new_date_ends_lateness_by_the_current_date_and_never_by_the_first() -> None:
    first, second = on(date(2021, 1, 31)), on(date(2021, 6, 30))
    plan = told().action("1.1", first)
    plan.day = date(2021, 3, 1)
    plan.redate("1.1", [first], [second])
    record = plan.record()
    action = record.actions["1.1"]
    before, after = (dates(record, action, date(2021, month, 1)) for month in (2, 4))
    assert (before.overdue, before.overdue_by_first, before.redated) == (True, True, 0)
    assert (after.overdue, after.overdue_by_first, after.redated) == (False, True, 1)
    assert (after.slipped, after.late_by_first) == (150, 60)


def test_what_is_rated_as_met_is_late_no_more() -> None:
    plan = told().action("1.1", on(date(2021, 1, 31)))
    plan.rate("1.1", "blue", date(2021, 3, 1), evidence=())
    record = plan.record()
    assert [len(overdue(record, date(2021, m, 28)).by_current) for m in (2, 3)] == [1, 0]


def test_lateness_can_be_asked_of_one_level_alone() -> None:
    plan = told().action("1.1", on(date(2021, 1, 31))).action("1.2", on(date(2021, 1, 31)))
    plan.rate("1.1", "amber", date(2021, 1, 19)).rate("1.2", "green", date(2021, 1, 19))
    found = overdue(plan.record(), date(2021, 2, 1), level="amber")
    assert [one.action.id for one in found.by_current] == ["1.1"]


@settings(max_examples=40)
@given(st.lists(st.integers(0, 60), max_size=6), st.integers(0, 400))
def test_no_rescheduling_lowers_the_days_slipped_or_changes_lateness_by_the_first_date(
    moves: list[int], after: int
) -> None:
    plan = told().action("1.1", on(START))
    at = START
    for days in moves:
        old, at = at, at + timedelta(days)
        plan.day += timedelta(10)
        plan.redate("1.1", [on(old)], [on(at)])
    record = plan.record()
    action = record.actions["1.1"]
    slips = [dates(record, action, START + timedelta(n)).slipped for n in range(0, 80, 10)]
    assert slips == sorted(slips, key=lambda days: days or 0)
    assert slips[-1] == sum(moves[:7])
    assert action.first == (on(START),)
    assert dates(record, action, START + timedelta(after)).late_by_first == after
