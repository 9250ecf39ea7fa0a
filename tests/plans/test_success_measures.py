"""Success measures: met, not met, ambiguous or not evaluable, and why."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from projections.plans.record import Measure
from projections.plans.success_measures import Answer, evaluate, measures_on
from qa.plans.action_events import (
    SuccessMeasureReported,
    SuccessMeasureSet,
    SuccessMeasureWithdrawn,
)
from tests.plans.support import FOUR, Told

FILE = Path(__file__).parent / "telford-2018-measures.csv"
PUBLISHED = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
"""Every measure of a council's plan of 2016-18 with its published figures, and what is to come out.
`reading` is how several figures answer one target; the reason of a report is its note."""


def measure(**values: Any) -> Measure:
    given = {"comparator": "gte", "target": Decimal(80), "unit": "percent", "indicator": None}
    return Measure(
        id="m",
        action="a",
        text="A measure",
        set_on=date(2018, 1, 1),
        withdrawn_on=None,
        withdrawn_because=None,
        **{**given, **values},
    )


def report(*values: str, **said: Any) -> SuccessMeasureReported:
    return SuccessMeasureReported(
        report="r",
        measure="m",
        state="value" if values else "no-value",
        said="as published",
        values=tuple(map(Decimal, values)),
        **said,
    )


@pytest.mark.parametrize("row", PUBLISHED, ids=[row["measure"] for row in PUBLISHED])
def test_each_published_measure_comes_out_as_by_hand(row: dict[str, str]) -> None:
    asked = measure(
        comparator=row["comparator"],
        target=Decimal(row["target"]) if row["target"] else None,
        unit=row["unit"] or None,
    )
    fixed = ("no numeric target", "no value published for this measure")
    note = "" if row["reason"] in fixed else row["reason"]
    reports = []
    if row["values"]:
        reports = [report(*row["values"].split(), reading=row["reading"], note=note)]
    found = evaluate(asked, reports)
    assert (found.state, found.reason) == (row["state"], row["reason"])


def test_the_published_plan_had_14_met_34_not_met_1_ambiguous_and_86_not_evaluable() -> None:
    found = Counter(row["state"] for row in PUBLISHED)
    assert found == {"met": 14, "not-met": 34, "ambiguous": 1, "not-evaluable": 86}
    assert sum(row["reason"] == "no numeric target" for row in PUBLISHED) == 64


def test_of_two_periods_that_end_alike_the_month_decides() -> None:
    year, march = report("71", period="2017-18"), report("84", period="2018-03")
    for held in ([year, march], [march, year]):
        assert evaluate(measure(), held).state == "met"
    assert evaluate(measure(), [march, report("70", period="2018-04-30")]).state == "not-met"


def test_of_two_reports_on_one_period_the_later_one_decides() -> None:
    assert evaluate(measure(), [report("70"), report("90")]).state == "met"


def test_two_readings_that_agree_are_not_ambiguous() -> None:
    assert evaluate(measure(), [report("81", "90", reading="either")]).state == "met"
    assert evaluate(measure(), [report("10", "20", reading="either")]).state == "not-met"


def test_a_value_in_another_unit_is_not_compared() -> None:
    found = evaluate(measure(), [report("90", unit="count")])
    assert (found.state, found.reason) == (
        "not-evaluable", "the value is in another unit than the target",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "answer", "state"),
    [
        ((), "met", "met"),
        ((), "unknown", "not-evaluable"),
        (("90",), "met", "met"),
        (("90",), "not-met", "ambiguous"),
    ],
)
def test_an_indicator_answers_where_no_report_does_and_never_overrules_one(
    values: tuple[str, ...], answer: Answer, state: str
) -> None:
    assert evaluate(measure(), [report(*values)] if values else [], answer).state == state


def test_on_a_day_an_action_has_the_measures_and_the_reports_of_that_day() -> None:
    plan = Told(date(2018, 1, 1)).scale(FOUR).plan().action("1.1")
    held = SuccessMeasureSet(measure="m", text="80%", comparator="gte", target=Decimal(80))
    later = report("70").model_copy(update={"report": "r2"})
    said = {2: held, 3: report("82"), 4: later, 5: SuccessMeasureWithdrawn(measure="m")}
    for month, event in said.items():
        plan.day = date(2018, month, 1)
        plan.of("1.1", event, reason="No longer asked.")
    record = plan.record()
    states = [
        [found.state for _, found in measures_on(record, "1.1", date(2018, month, 15), {})]
        for month in range(1, 6)
    ]
    assert states == [[], ["not-evaluable"], ["met"], ["not-met"], []]
