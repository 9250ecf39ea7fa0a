"""Thurrock's plan and indicators as its council kept them: the published means come out, and what
the sheets have wrong is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from projections.indicators import queries
from projections.plans import counting
from projections.plans import ratings as plan_ratings
from projections.plans.record import PlanRecord
from qa.core.words import rounded
from tests.cases.support import Brought, brought

BEFORE, NOW = date(2017, 10, 31), date(2018, 1, 31)
OUTSIDE = "TH-P2-03"
"""Rated, and in none of the published means."""
PUBLISHED = {
    BEFORE: ["2.8", "1.7", "2.0", "2.0", "2.0", "1.5", "2.3", "2.6", "2.1"],
    NOW: ["3.3", "2.3", "2.5", "2.9", "2.0", "2.5", "2.4", "2.9", "2.6"],
}
"""Priorities 1 to 8 and overall; two of them, 2.0 and 2.1, the paper has as 1.5 and 2.0."""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brought]:
    with brought("thurrock-2018", tmp_path_factory.mktemp("thurrock")) as made:
        yield made


@pytest.fixture(scope="module")
def record(case: Brought) -> PlanRecord:
    return case.record("Development plan")


def without(record: PlanRecord, reference: str) -> PlanRecord:
    kept = {id: one for id, one in record.actions.items() if one.reference != reference}
    return replace(record, actions=kept)


def test_everything_comes_in_and_what_is_refused_is_named(case: Brought) -> None:
    done = [
        (one["kind"], one["result"]["imported"], one["result"]["rejected"]) for one in case.answers
    ]
    assert done == [
        ("rag-scale", 5, 0), ("plan", 100, 0), ("assessments", 99, 0), ("assessments", 99, 0),
        ("assessments", 100, 0), ("assessments", 94, 2), ("indicators", 21, 3),
        ("observations", 36, 6), ("observations", 13, 0),
    ]  # fmt: skip
    faults = [fault for one in case.answers for fault in one["faults"]]
    for wrong in (
        "May-18, “re”",
        "May-18, “Jan-00”",
        "Notes, “4”",
        "Notes, “96.7%”",
        "Notes, “69.40%”",
    ):
        assert sum(wrong in fault for fault in faults) == 1, wrong
    notes = [note for one in case.answers for note in one["notes"]]
    for told in (
        "Time, “Jun”: “Jun” holds no date.", "Time, “01/16/2018”", "Time, “01/02/18”",
        "215.5 stands in all 6 periods", "The row of TH-P8-17 has no rating and no words",
        "“88.80% Only collected quarterly” begins with a value",
    ):  # fmt: skip
        assert any(told in note for note in notes), told
    assert case.again()[2]["result"]["already_there"] == 99


def test_merged_cells_hold_for_all_their_rows_and_dates_are_as_precise_as_they_were(
    record: PlanRecord,
) -> None:
    parts = Counter(record.parts[one.part].reference for one in record.actions.values())
    assert [parts[str(n)] for n in range(1, 9)] == [8, 8, 21, 29, 3, 2, 9, 20]
    assert len({one.title for one in record.actions.values()}) < 60
    stages = [stage for one in record.actions.values() for stage in one.stages]
    precise = Counter(stage.due.kind for stage in stages if stage.due)
    assert (precise["month"], precise["day"]) == (85, 1)


@pytest.mark.parametrize("day", PUBLISHED)
def test_the_published_means_come_out(record: PlanRecord, day: date) -> None:
    board = counting.on_the_board(without(record, OUTSIDE), day)
    means = [held.of_the_day.mean for _, held in board.themes] + [board.mean_of_themes]
    assert [f"{rounded(mean.exact, 1)}" for mean in means] == PUBLISHED[day]
    levels = {level.label: len(held) for level, held in board.whole.of_the_day.levels}
    assert list(levels.values()) == ([5, 74, 16, 3, 0] if day == BEFORE else [3, 39, 38, 18, 0])


def test_the_row_outside_stays_on_record_and_would_change_its_mean(record: PlanRecord) -> None:
    for day, shown in ((BEFORE, "1.8"), (NOW, "2.3")):
        second = counting.on_the_board(record, day).themes[1][1]
        assert f"{rounded(second.of_the_day.mean.exact, 1)}" == shown


def test_nought_ends_a_rating_and_is_no_rating(record: PlanRecord) -> None:
    for day in (date(2018, 3, 31), date(2018, 5, 31)):
        board = counting.on_the_board(record, day)
        assert all(held.of_the_day.mean.exact is None for _, held in board.themes)
        assert board.mean_of_themes.exact is None


def test_the_history_of_the_rows(record: PlanRecord) -> None:
    moved = Counter()
    for action in without(record, OUTSIDE).actions:
        before, now = (plan_ratings.rating(record, action, day) for day in (BEFORE, NOW))
        moved[plan_ratings.direction(record, before, now, NOW)] += 1
    assert moved == {"better": 39, "level": 59, "unrated": 1}


def test_indicators_have_their_months_and_no_direction(case: Brought) -> None:
    with case.reading() as connection:
        held = queries.every(connection)
    assert len(held) == 21
    values = {one.id: list(one.values) for one in held}
    assert sum(map(len, values.values())) == 49
    assert sum(not each for each in values.values()) == 8
    assert {one.definition_on(NOW).polarity for one in held} == {"unknown"}
    assert sum(value.value for value in values["indicator-4"]) == 28
    assert values["indicator-4"][0].note == "Realigned by one column"
