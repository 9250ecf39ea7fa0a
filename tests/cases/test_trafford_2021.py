"""Trafford's ratings of January 2021: the published table comes out of the imported case folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from api.cli.store_session import open_services
from projections.plans import counting, lateness
from projections.plans import ratings as plan_ratings
from projections.plans.record import PlanRecord
from qa.core.words import Actor, Grant, Role
from qa.plans.commands import AdoptPlanScale
from qa.plans.handlers import plans
from tests.cases.support import HERE, Brought, brought, caseloop

TITLE = "Improvement plan 2020/21"
MEETING = date(2021, 1, 19)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brought]:
    with brought("trafford-2021-01", tmp_path_factory.mktemp("trafford")) as made:
        yield made


@pytest.fixture(scope="module")
def record(case: Brought) -> PlanRecord:
    return case.record(TITLE)


def levels(counted: counting.RatingCounts) -> dict[str, int]:
    return {level.code: len(actions) for level, actions in counted.of_the_day.levels}


def test_the_published_table_by_ambition(record: PlanRecord) -> None:
    board = counting.on_the_board(record, MEETING)
    published = {
        "1": (9, 6, 3), "2": (10, 5, 5), "3": (10, 8, 2), "4": (11, 11, 0), "5": (8, 8, 0),
        "6": (6, 2, 4), "7": (9, 2, 7),
    }  # fmt: skip
    made = {
        part.reference: (len(held.actions), levels(held)["amber"], levels(held)["green"])
        for part, held in board.themes
        if not held.no_data
    }
    assert made == published
    assert len(board.whole.actions) == 63
    assert levels(board.whole) == {"red": 0, "amber": 42, "green": 21, "blue": 0}


def test_an_ambition_without_actions_has_no_data_which_is_not_nought(record: PlanRecord) -> None:
    board = counting.on_the_board(record, MEETING)
    eighth = next(held for part, held in board.themes if part.reference == "8")
    assert eighth.no_data
    assert eighth.of_the_day.mean.exact is None


def test_actions_known_only_from_a_count_are_implied_and_counted(record: PlanRecord) -> None:
    implied = [action for action in record.actions.values() if action.implied]
    assert len(implied) == 17
    assert len(record.actions) - len(implied) == 46
    assert {(action.title, action.stages) for action in implied} == {("", ())}
    rows = [
        action
        for action in record.actions.values()
        if action.stages and plan_ratings.rating(record, action.id, MEETING).level.code == "amber"
    ]
    assert len(rows) == 23


def test_exactly_one_date_is_rejected_and_its_action_stays_amber(
    case: Brought, record: PlanRecord
) -> None:
    notes = [note for answer in case.answers for note in answer["notes"]]
    assert notes == [
        "row 50, timescale, “31/06/2021”: “31/06/2021” is not a date: June 2021 has 30 days."
    ]
    assert [fault for answer in case.answers for fault in answer["faults"]] == []
    action = next(a for a in record.actions.values() if a.reference == "6.1")
    (stage,) = action.stages
    assert (stage.due.kind, stage.due.said) == ("unknown", "31/06/2021")
    assert plan_ratings.rating(record, action.id, MEETING).level.code == "amber"


def test_amber_past_its_reviewed_timescale(record: PlanRecord) -> None:
    february = lateness.overdue(record, date(2021, 2, 1), level="amber")
    assert [late.action.reference for late in february.by_current] == ["1.2", "2.9", "3.6"]
    april = lateness.overdue(record, date(2021, 4, 1), level="amber")
    late = [one.action.reference for one in april.by_current]
    assert len(late) == 13
    assert "3.4" not in late  # due on that very day
    assert [one.action.reference for one in april.unknown if one.action.stages] == ["6.1"]


def test_a_month_is_kept_as_a_month(record: PlanRecord) -> None:
    action = next(a for a in record.actions.values() if a.reference == "2.1")
    assert [(s.due.kind, s.due.label) for s in action.stages] == [("month", "March 2021")]


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brought]:
    """The plan a year on: the board took another scale, on which amber and green mean other
    things, and rated two actions on it."""
    place = tmp_path_factory.mktemp("later")
    with brought("trafford-2021-01", place) as made:
        caseloop("import", "rag-scale", str(HERE / "trafford-2022" / "rag_scale.yaml"), "--json")
        services = open_services()
        plans.adopt_scale(
            services.desk,
            AdoptPlanScale(
                plan=made.record(TITLE).plan.id, scale="trafford@2", since=date(2022, 2, 1)
            ),
            by=Actor(person="lead", grants=(Grant(role=Role.QA_LEAD, since=date(2020, 1, 1)),)),
        )
        ratings = place / "ratings.csv"
        ratings.write_text("ref,rag,date\n1.1,amber,10/02/2022\n1.2,green,10/02/2022\n")
        caseloop("import", "assessments", str(ratings), "--plan", TITLE, "--json")
        yield made


def test_a_new_scale_leaves_the_ratings_of_the_old_one(later: Brought) -> None:
    record = later.record(TITLE)
    before = counting.on_the_board(record, MEETING)
    assert before.scale.key == "trafford@1"
    assert levels(before.whole) == {"red": 0, "amber": 42, "green": 21, "blue": 0}
    assert {review.scale for held in record.reviews.values() for review in held} == {
        "trafford@1",
        "trafford@2",
    }


def test_amber_of_two_scales_is_never_counted_together(later: Brought) -> None:
    board = counting.on_the_board(later.record(TITLE), date(2022, 3, 1))
    new, old = board.whole.tallies
    assert (new.scale.key, old.scale.key) == ("trafford@2", "trafford@1")
    counts = [{level.code: len(actions) for level, actions in tally.levels} for tally in (new, old)]
    assert counts == [
        {"red": 0, "amber": 1, "green": 1},
        {"red": 0, "amber": 40, "green": 21, "blue": 0},
    ]
    assert new.mapped == old.mapped == ()


def test_the_same_folder_twice_adds_nothing(case: Brought) -> None:
    assert [answer["result"]["imported"] for answer in case.answers] == [4, 8, 63, 63, 20, 60]
    assert [answer["result"]["imported"] for answer in case.again()] == [0] * 6
