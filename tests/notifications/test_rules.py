"""When reminders and escalations are due: working days, bank holidays, and the ladder."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from qa.core.clock import ENGLAND
from qa.core.event import last_said
from qa.notifications.commands import SetReminderPolicy
from qa.notifications.events import ReminderPolicySet
from qa.notifications.ladder import reached
from qa.notifications.steps import (
    DEFAULT_REMINDER_POLICY,
    set_reminder_policy,
)
from tests.support.given import given

GOOD_FRIDAY = date(2026, 4, 3)


def proposed(**change: Any) -> SetReminderPolicy:
    """The steps that Caseloop starts with, but for these."""
    held = DEFAULT_REMINDER_POLICY.model_dump(exclude={"policy_version"})
    return SetReminderPolicy.model_validate({**held, **change})


def steps(due_on: date, today: date) -> list[str]:
    return [one.step for one in reached(DEFAULT_REMINDER_POLICY, due_on, today)]


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2026, 3, 27), []),
        (date(2026, 3, 30), []),
        (date(2026, 4, 1), ["soon"]),
        (GOOD_FRIDAY, ["soon"]),
        (date(2026, 4, 6), ["soon"]),
        (date(2026, 4, 7), ["today"]),
        (date(2026, 4, 8), ["late-1"]),
        (date(2026, 4, 13), ["late-1"]),
        (date(2026, 4, 14), ["late-5", "manager-5"]),
        (date(2026, 4, 21), ["late-10", "manager-5", "head-10"]),
        (date(2027, 4, 21), ["late-10", "manager-5", "head-10"]),
    ],
)
def test_what_is_due_on_good_friday_is_late_from_the_second_working_day_after_easter(
    today: date, found: list[str]
) -> None:
    assert steps(GOOD_FRIDAY, today) == found


def test_the_night_the_clocks_change_moves_no_step() -> None:
    due = date(2026, 3, 30)
    assert [steps(due, date(2026, 3, on)) for on in (27, 28, 29, 30, 31)] == [
        ["soon"], ["soon"], ["soon"], ["today"], ["late-1"],
    ]  # fmt: skip


@settings(max_examples=200)
@for_all(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(-10, 60))
def test_steps_only_ever_climb(due: date, after: int) -> None:
    ladder = ["soon", "today", "late-1", "late-5", "manager-5", "late-10", "head-10"]
    today = due + timedelta(days=after)
    tomorrow = today + timedelta(days=1)
    here, next_day = steps(due, today), steps(due, tomorrow)
    height = [max([ladder.index(step) for step in found], default=-1) for found in (here, next_day)]
    assert len(here) <= 3
    assert height[0] <= height[1]
    if not ENGLAND.works(tomorrow):
        assert here == next_day or next_day == ["soon"]


def test_what_falls_due_on_a_friday_keeps_its_step_over_the_weekend() -> None:
    due = date(2026, 3, 13)
    assert [steps(due, due + timedelta(days=after)) for after in range(4)] == [
        ["today"], ["today"], ["today"], ["late-1"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"most": 0, "soon_days": 21}, {"most": "number-range", "soon_days": "number-range"}),
        ({"late_days": (5, 1)}, {"late_days": "days-order"}),
        ({"late_days": (0,)}, {"late_days": "days-order"}),
        ({"late_days": tuple(range(1, 13))}, {"late_days": "days-many"}),
        ({"manager_days": 12}, {"head_days": "days-reversed"}),
    ],
)
def test_steps_that_make_no_sense_are_refused(
    change: dict[str, object], faults: dict[str, str]
) -> None:
    wanted = proposed(**change)
    asked = given(DEFAULT_REMINDER_POLICY, last_said).when(
        lambda now: set_reminder_policy(now, wanted)
    )
    assert asked.faults() == faults


def test_nobody_is_reminded_where_the_council_says_so() -> None:
    quiet = proposed(soon_days=0, on_the_day=False, late_days=())
    (now,) = (
        given(DEFAULT_REMINDER_POLICY, last_said)
        .when(lambda held: set_reminder_policy(held, quiet))
        .then(ReminderPolicySet)
    )
    assert isinstance(now, ReminderPolicySet)
    assert now.policy_version == 1
    assert [reached(now, GOOD_FRIDAY, GOOD_FRIDAY + timedelta(days=d)) for d in (-1, 4)] == [[], []]
