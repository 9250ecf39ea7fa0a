"""Telford's plan at 31 March 2018: due lines, measures and values as published, nothing guessed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from projections.plans import counting, ratings, success_measures
from projections.plans.record import PlanRecord
from qa.plans.handlers.imports import imported_measure_id
from tests.cases.support import HERE, Brought, brought

TITLE = "Getting to good"
DAY = date(2018, 3, 31)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brought]:
    with brought("telford-2018", tmp_path_factory.mktemp("telford")) as made:
        yield made


@pytest.fixture(scope="module")
def record(case: Brought) -> PlanRecord:
    return case.record(TITLE)


def test_the_plan_has_its_published_shape(record: PlanRecord) -> None:
    themes = record.top()
    below = {
        theme.reference: [p for p in record.parts.values() if p.under == theme.id]
        for theme in themes
    }
    assert {theme: len(parts) for theme, parts in below.items()} == {"1": 4, "2": 3, "3": 4}
    numbers = {
        part.reference: [source.reference for source in part.sources]
        for parts in below.values()
        for part in parts
    }
    assert sorted(int(one) for (one,) in numbers.values()) == list(range(1, 12))
    assert (numbers["1.4"], numbers["2.3"]) == (["11"], ["10"])
    actions = Counter(record.parts[a.part].reference for a in record.actions.values())
    assert [actions[ref] for ref in sorted(numbers)] == [4, 5, 6, 7, 6, 4, 11, 5, 8, 2, 7]
    assert len(record.actions) == 65


def test_lost_colours_are_unknown_and_no_level_is_guessed(record: PlanRecord) -> None:
    board = counting.on_the_board(record, DAY)
    assert len(board.whole.unrated) == 65
    assert board.whole.of_the_day.rated == 0
    assert all(ratings.remarks(record, a, DAY).percent_complete is None for a in record.actions)


def test_due_lines_and_what_is_past(record: PlanRecord) -> None:
    assert sum(len(action.stages) for action in record.actions.values()) == 70
    past = {
        action.reference
        for action in record.actions.values()
        if action.due is not None and action.due.last_day is not None and action.due.last_day <= DAY
    }
    assert len(past) == 60
    others = {a.reference: a.due for a in record.actions.values() if a.reference not in past}
    assert {ref: None if due is None else due.label for ref, due in others.items()} == {
        "2.1-06": "September 2018",
        "2.1-04": "ongoing from September 2016",
        "1.3-03": "quarterly from September 2016",
        "1.1-04": "date unknown",
        "3.2-03": None,
    }


def test_every_measure_is_evaluated_as_expected_row_by_row(record: PlanRecord) -> None:
    with (HERE / "telford-2018" / "evaluations.csv").open(encoding="utf-8") as file:
        expected = {row["measure"]: row["status"].replace("_", "-") for row in csv.DictReader(file)}
    by_reference = {action.reference: action.id for action in record.actions.values()}
    found = {}
    for action in record.actions:
        for measure, evaluated in success_measures.measures_on(record, action, DAY, {}):
            found[measure.id] = evaluated.state
    made = {
        name: found[imported_measure_id(by_reference[name.rpartition("-")[0]], name)]
        for name in expected
    }
    assert made == expected
    assert Counter(made.values()) == {
        "met": 14, "not-met": 34, "ambiguous": 1, "not-evaluable": 86,
    }  # fmt: skip


def test_four_states_of_what_is_said_of_an_action(record: PlanRecord) -> None:
    states = Counter(
        min((one.content.state for one in record.reports[action]), key=lambda s: s != "value")
        for action in record.actions
    )
    assert states == {"value": 44, "not-applicable": 11, "no-value": 7, "blank": 3}


def test_a_value_is_never_taken_from_a_month_when_a_year_says_otherwise(
    record: PlanRecord,
) -> None:
    """Two values for one measure and two periods: the month decides, both are kept."""
    action = next(a for a in record.actions.values() if a.reference == "2.2-01")
    ((_, evaluated),) = success_measures.measures_on(record, action.id, DAY, {})
    assert (evaluated.state, evaluated.values) == ("met", (Decimal(84),))
    kept = [(one.content.period, *one.content.values) for one in record.reports[action.id]]
    assert kept == [("2018-03", Decimal(84)), ("2017-18", Decimal(71))]


def test_parts_that_do_not_add_up_and_two_targets_are_reported(
    case: Brought, record: PlanRecord
) -> None:
    notes = [note for answer in case.answers for note in answer["notes"] if "level" not in note]
    assert [note.rpartition("”: ")[2] for note in notes] == [
        "“End:” holds no date.",
        "iro-scrutiny-good-or-outstanding has two targets: 75 for action 1.1-02 (row 6), 80 for "
        "action 1.2-05.",
        "cic-attend-reviews has two targets: 70 for action 1.4-01 (row 33), 50 for action 1.4-04.",
        "The parts given add up to 14, not to 13.",
    ]
    total = [
        one.content
        for held in record.reports.values()
        for one in held
        if one.content.values == (Decimal(13),)
    ]
    assert [one.note for one in total] == [
        "foster carers total; The parts given add up to 14, not to 13."
    ]


def test_published_ratios_carry_their_parts(record: PlanRecord) -> None:
    said = {
        (one.content.numerator, one.content.denominator, *one.content.values)
        for held in record.reports.values()
        for one in held
        if one.content.numerator is not None
    }
    assert said == {(60, 61, Decimal(98)), (22, 214, Decimal(10))}
    both = next(
        one.content
        for held in record.reports.values()
        for one in held
        if one.content.values == (Decimal(82), Decimal(62))
    )
    assert both.said == "82% (41/50); 62% (31/50)"


def test_the_same_folder_twice_adds_nothing(case: Brought) -> None:
    assert {answer["result"]["imported"] for answer in case.again()} == {0}
