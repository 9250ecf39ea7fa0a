"""Which days the council works, what it may say of them, and that no day that is over changes."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest

from qa.core import clock
from qa.core.clock import ENGLAND, WorkingDays
from qa.core.event import last_said
from qa.working_days import clocks
from qa.working_days.clocks import set_working_days
from qa.working_days.commands import SetWorkingDays
from qa.working_days.events import NOTHING_SET, WorkingDaysSet
from tests.support.given import TODAY, codes_of, given

QA = Path(__file__).parents[2] / "src" / "qa"


def policy(*closed: date, current: WorkingDaysSet = NOTHING_SET) -> WorkingDaysSet:
    decided = set_working_days(current, SetWorkingDays(closed=closed), today=TODAY)
    return given(NOTHING_SET, last_said, *decided).state


def test_closed_days_weekends_and_bank_holidays_are_not_counted() -> None:
    maundy = date(2026, 4, 2)
    closed = WorkingDays(frozenset({maundy}))
    assert ENGLAND.after(date(2026, 4, 1), 1) == maundy
    assert closed.after(date(2026, 4, 1), 1) == date(2026, 4, 7)  # past Good Friday and Easter
    assert closed.after(maundy, 0) == date(2026, 4, 7)
    assert not closed.works(date(2026, 4, 4))


def test_bank_holidays_of_years_that_are_not_listed_come_from_the_library() -> None:
    listed = Path(clock.__file__).with_name("bank_holidays.txt").read_text("utf-8").split()
    assert (listed[0], listed[-1]) == ("1990-01-01", "2069-12-26")
    for year in (1989, 1990, 2026, 2069, 2070):
        assert clock.bank_holidays(year) == clock.holidays_of_library(year)


def test_what_is_set_is_refused_where_it_moves_the_past_or_is_a_slip() -> None:
    def refused(*closed: date, current: WorkingDaysSet = NOTHING_SET) -> list[str]:
        return codes_of(
            lambda: set_working_days(current, SetWorkingDays(closed=closed), today=TODAY)
        )

    day = timedelta(days=1)
    assert refused(TODAY) == refused(TODAY + day) == refused() == []
    assert refused(TODAY - day) == ["date-past"]
    held = policy(TODAY).model_copy(update={"closed": (TODAY - day,)})
    assert refused(TODAY - day, TODAY, current=held) == []
    assert refused(TODAY, current=held) == ["date-past"]
    assert refused(date(TODAY.year + 6, 1, 1)) == ["date-far"]
    assert refused(*(TODAY + n * day for n in range(501))) == ["days-many"]
    assert refused(*(TODAY + n * day for n in range(500))) == []
    assert set_working_days(held, SetWorkingDays(closed=(TODAY - day,)), today=TODAY) == []


def test_a_newer_list_of_holidays_moves_no_day_that_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, ahead = TODAY - timedelta(days=10), TODAY + timedelta(days=10)
    while not (ENGLAND.works(before) and ENGLAND.works(ahead)):
        before, ahead = before - timedelta(days=1), ahead + timedelta(days=1)
    first = policy(TODAY)
    known = clock.bank_holidays
    newer = lambda year: known(year) | {before, ahead}  # noqa: E731
    monkeypatch.setattr(clock, "bank_holidays", newer)
    monkeypatch.setattr(clocks, "bank_holidays", newer)
    assert not ENGLAND.works(before)
    assert first.calendar.works(before)
    assert first.calendar.works(ahead)
    second = policy(TODAY, TODAY + timedelta(days=1), current=first).calendar
    assert second.works(before)
    assert not second.works(ahead)


def test_every_clock_that_a_command_starts_counts_by_the_council_s_calendar() -> None:
    """A decision that can be given a calendar is given one by whoever calls it."""
    taking: set[str] = set()
    calls: list[tuple[str, str, bool]] = []
    for path in QA.rglob("*.py"):
        if path.stem == "handing_over":
            continue  # it calls what carries commands out
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                names = [each.arg for each in (*node.args.args, *node.args.kwonlyargs)]
                if "calendar" in names and path.stem in ("decisions", "disputes", "clocks"):
                    taking.add(f"{path.parent.name}.{node.name}")
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rpartition(".")[2]
                given_one = any(
                    "calendar" in ast.unparse(each) for each in (*node.args, *node.keywords)
                )
                room = path.relative_to(QA).parts[0]
                calls.append((room, name, given_one))
    assert len(taking) > 10
    rooms = {one.partition(".")[0]: one.partition(".")[2] for one in taking}
    assert {"actions", "moderation", "follow_ups"} <= set(rooms)
    forgotten = {
        f"{room}.{name}"
        for room, name, given_one in calls
        if f"{room}.{name}" in taking and not given_one
    }
    assert forgotten == set()
