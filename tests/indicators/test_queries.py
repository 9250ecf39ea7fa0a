"""What an indicator's record shows: every period, every value ever given, and how it moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from projections.core.rebuild import rebuild
from projections.core.true_on import shadow
from projections.core.verify import verify
from projections.indicators import queries
from tests.conftest import NewCouncil
from tests.indicators.support import Keeper
from tests.support.council import Council


@pytest.fixture
def kept(council: Council) -> Keeper:
    return Keeper(council)


@pytest.fixture(scope="module")
def shared(new_council: NewCouncil) -> Council:
    """One council for every test of this module that needs no other engine."""
    return new_council(datetime(2021, 1, 19, 9, tzinfo=UTC))


@pytest.fixture
def keep(shared: Council) -> Keeper:
    return Keeper(shared)


NUMBERS = count(1)


def test_rows_are_the_same_inline_and_rebuilt(kept: Keeper) -> None:
    id = kept.define(polarity="higher")
    kept.target(id, "gte", "70")
    kept.observe(id, "2020/21 Q1", "11%", note="first")
    kept.observe(id, "2020/21 Q2", "7.0", numerator="7", denominator="100")
    kept.observe(id, "2020/21 Q2", "8", source="scrutiny pack")
    kept.restate(id, "2020/21 Q1", "12", "Late returns.")
    kept.do("observe_comparator", id, comparator="England", period="2019/20", value="40", reason="")
    kept.do("break_series", id, period="2020/21 Q3", reason="A new tool is used.")
    kept.do("rebase", id, period="2020/21 Q2", reason="New process.")
    kept.do("decide_polarity", id, polarity="lower", since=date(2021, 4, 1), reason="The board.")
    kept.do("record_claim", id, period="2020/21 Q2", text="It rose.", source="Report", claimed="9")
    kept.do("retire", id, after=date(2021, 3, 31), reason="It was replaced.")
    store, registry = kept.council.services.store, kept.council.services.registry
    before = kept.held(id)
    assert verify(store, registry) == []
    rebuild(store, registry, only=["indicators"])
    assert kept.held(id) == before
    assert verify(store, registry) == []
    assert [(v.period, v.source, str(v.value), v.restated) for v in before.values] == [
        ("2020/21 Q1", "", "12", 1),
        ("2020/21 Q2", "", "7.0", 0),
        ("2020/21 Q2", "scrutiny pack", "8", 0),
    ]
    [restated] = before.restatements
    assert (restated.event.old_value, restated.event.value, restated.entry.reason) == (
        Decimal(11),
        Decimal(12),
        "Late returns.",
    )


def test_as_known_then_and_as_true_then(kept: Keeper) -> None:
    id = kept.define()
    kept.observe(id, "2020/21 Q1", "11")
    store = kept.council.services.store
    with store.reading() as connection:
        then = store.head(connection)
    kept.council.clock.advance(timedelta(days=1))
    kept.restate(id, "2020/21 Q1", "12", "Late returns.")
    assert kept.held(id, then).values[0].value == Decimal(11)
    assert kept.held(id).values[0].value == Decimal(12)

    registry, day = kept.council.services.registry, date(2020, 6, 30)

    def seen(on: date) -> list[Any]:
        with store.reading() as connection:
            upto = store.head(connection)
        with store.reading(lambda c: shadow(store, registry, c, on, upto)) as connection:
            found = queries.one(connection, id)
        return [] if found is None else [v.value for v in found.values]

    assert seen(day) == [Decimal(12)]
    assert seen(day - timedelta(days=1)) == []


def test_every_period_is_there_and_a_missing_one_is_missing(keep: Keeper) -> None:
    id = keep.define("gaps")
    keep.observe(id, "2020/21 Q1", "10")
    keep.observe(id, "2020/21 Q3", state="no-value", note="System change")
    points = keep.series(id, last=date(2021, 3, 31)).points
    assert [point.state for point in points] == ["value", "missing", "no-value", "missing"]
    assert all(point.figure is None for point in points[1:])
    assert points[2].notes == ("System change",)
    shown = keep.series(id)
    assert len(shown.points) == 3
    assert shown.waiting == ()
    keep.define("late")
    keep.observe("late", "2020/21 Q1", "10")
    assert [p.label for p in keep.series("late").waiting] == ["2020/21 Q2", "2020/21 Q3"]
    assert keep.series("late").warning == "No value yet for 2020/21 Q2, 2020/21 Q3."


def test_two_sources_stand_side_by_side_and_are_flagged_where_they_differ(keep: Keeper) -> None:
    id = keep.define("sources", polarity="higher")
    keep.observe(id, "2020/21 Q1", "80")
    keep.observe(id, "2020/21 Q2", "82", source="self-assessment")
    keep.observe(id, "2020/21 Q2", "85", source="scrutiny pack")
    keep.observe(id, "2020/21 Q3", "17.7", source="a")
    keep.observe(id, "2020/21 Q3", "17.70", source="b")
    first, second, third = keep.series(id).points
    assert (second.state, second.contradicted, second.figure) == ("contradiction", True, None)
    assert [each.record.value for each in second.values] == [Decimal(85), Decimal(82)]
    assert second.movement.word == "unknown"
    assert (third.state, third.contradicted) == ("value", False)
    assert first.contradicted is False
    # The council's own value is the one to go by, and the flag stays.
    keep.observe(id, "2020/21 Q1", "81", source="scrutiny pack")
    first = keep.series(id).points[0]
    assert (first.state, first.contradicted) == ("value", True)
    assert first.figure is not None
    assert first.figure.display == "80%"


def test_better_and_worse_are_said_by_the_polarity_in_force(keep: Keeper) -> None:
    id = keep.define("moves", polarity="lower")
    for period, value in (("Q1", "15.9"), ("Q2", "17.70"), ("Q3", "17.7")):
        keep.observe(id, f"2020/21 {period}", value)
    first, second, third = keep.series(id).points
    assert first.movement.sentence == "2019/20 Q4 has no value to compare with."
    assert second.movement.word == "worse"
    assert second.movement.claim == "no-real-change"
    assert second.movement.sentence == (
        "+1.8 points on 2020/21 Q1: no real change (fewer than 12 values to tell by)."
    )
    assert third.movement.word == "same"
    keep.do(
        "decide_polarity", id, polarity="unknown", since=date(2020, 7, 1), reason="It is left open."
    )
    second = keep.series(id).points[1]
    assert second.movement.word == "unknown"
    assert second.movement.sentence == (
        "+1.8 points on 2020/21 Q1; which way is better is not decided."
    )


def test_nothing_is_compared_across_a_break(keep: Keeper) -> None:
    id = keep.define("broken", polarity="higher")
    keep.observe(id, "2020/21 Q1", "43")
    keep.observe(id, "2020/21 Q2", "31")
    keep.target(id, "increase")
    keep.do("break_series", id, period="2020/21 Q2", reason="A new tool is used.")
    point = keep.series(id).points[1]
    assert point.breaks
    assert (point.movement.word, point.movement.change) == ("unknown", None)
    assert point.target.code == "not-evaluable"


@pytest.mark.parametrize(
    ("target", "values", "code", "sentence"),
    [
        (("gte", "70"), ("70",), "met", "70% against at least 70%."),
        (("gte", "70", {"tolerance": "5"}), ("66",), "near", "66% against at least 70%."),
        (("gte", "70", {"tolerance": "3"}), ("66",), "not-met", "66% against at least 70%."),
        (("lte", "70"), ("70.1",), "not-met", "70.1% against at most 70%."),
        (("between", "60", {"upto": "70"}), ("65",), "met", "65% against 60% to 70%."),
        (("increase",), ("65",), "not-evaluable", "2019/20 Q4, the period before, has no value."),
        (
            ("increase",),
            ("65", "66"),
            "met",
            "65% to 66%, against an increase on the period before.",
        ),
        (
            ("decrease",),
            ("65", "66"),
            "not-met",
            "65% to 66%, against a reduction on the period before.",
        ),
        (("aligned",), ("65",), "not-evaluable", "There is no value of a comparator for"),
        (("monitor",), ("65",), "none", "Only monitored"),
        (
            ("change-by-percent-a-year", "-20"),
            ("70", "77", "86"),
            "not-met",
            "70% to 86% is +22.9% since 2020/21 Q1, against a reduction of 20% a year. A year "
            "before there is no value; this is the change within the year so far.",
        ),
    ],
)
def test_the_target_is_met_near_not_met_or_says_why_not(
    keep: Keeper, target: tuple[Any, ...], values: tuple[str, ...], code: str, sentence: str
) -> None:
    id = keep.define(f"t-{next(NUMBERS)}")
    comparator, of, more = (*target, "", {})[:3] if len(target) < 3 else target
    keep.target(id, comparator, of, **(more or {}))
    for quarter, value in enumerate(values, 1):
        keep.observe(id, f"2020/21 Q{quarter}", value)
    latest = keep.series(id).latest
    assert latest is not None
    assert latest.target.code == code
    assert latest.target.sentence.startswith(sentence)


def test_aligned_is_read_against_the_comparator_for_the_year_around(keep: Keeper) -> None:
    id = keep.define("aligned", unit="rate-per-10000")
    keep.target(id, "aligned", against="Statistical neighbours", tolerance="2")
    keep.observe(id, "2020/21 Q1", "61.5")
    for name, value in (("Statistical neighbours", "60"), ("England", "40")):
        keep.do("observe_comparator", id, comparator=name, period="2020/21", value=value)
    point = keep.series(id).points[0]
    assert [(name, period.label) for name, period, _ in point.comparators] == [
        ("England", "2020/21"),
        ("Statistical neighbours", "2020/21"),
    ]
    assert (point.target.code, point.target.sentence) == (
        "met",
        "61.5 against 60 of Statistical neighbours.",
    )


def test_the_year_so_far_is_added_up_only_where_that_is_honest(keep: Keeper) -> None:
    def year(id: str) -> tuple[str, str]:
        found = keep.series(id).year
        return ("" if found.figure is None else found.figure.display, found.sentence)

    keep.define("stock", unit="count")
    keep.define("flow", unit="count", adds_up=True)
    keep.define("rolling", rolling_months="12")
    keep.define("parts", adds_up=True)
    keep.define("bare", adds_up=True)
    keep.define("rate", unit="days")
    for quarter, (above, below) in enumerate(((10, 20), (30, 60), (10, 100)), 1):
        period = f"2020/21 Q{quarter}"
        for id in ("stock", "flow", "rolling", "bare", "rate"):
            keep.observe(id, period, str(above))
        keep.observe("parts", period, numerator=str(above), denominator=str(below))
    assert year("flow")[0] == "50"
    assert year("parts")[0] == "28%"
    for id, why in (
        ("stock", "does not say that its periods add up"),
        ("rolling", "rolling windows overlap"),
        ("bare", "not every period has numerator and denominator"),
        ("rate", "rates, means and scores cannot be added up"),
    ):
        assert year(id)[0] == ""
        assert why in year(id)[1]


def test_an_excluded_month_stays_noted_beside_its_value(keep: Keeper) -> None:
    id = keep.define("excluded")
    keep.observe(id, "2020/21 Q3", "27%", note="exc Dec", said="27% exc Dec")
    [point] = keep.series(id).points
    assert (point.state, point.notes) == ("value", ("exc Dec",))
    assert point.figure is not None
    assert point.figure.caveats == ("note: exc Dec",)


# -- what may be claimed


def test_a_signal_of_the_chart_is_claimed_and_common_cause_is_not(keep: Keeper) -> None:
    id = keep.define(f"claims-{next(NUMBERS)}", polarity="lower", unit="days", period="month",
                     since=date(2019, 1, 1))  # fmt: skip
    values = [10, 12] * 6 + [10, 20]
    months = [f"{month} {year}" for year in (2019, 2020) for month in MONTHS][: len(values)]
    for month, value in zip(months, values, strict=True):
        keep.observe(id, month, str(value))
    points = keep.series(id).points
    usual, last = points[12], points[13]
    assert (usual.movement.word, usual.movement.claim) == ("better", "no-real-change")
    assert usual.movement.sentence.endswith("no real change (common cause).")
    assert last.movement.claim == "worse"
    assert "The chart says worse: a point beyond a limit" in last.movement.sentence


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August",
          "September", "October", "November", "December")  # fmt: skip


def test_a_period_that_is_not_over_is_no_headline_and_compared_with_none(keep: Keeper) -> None:
    id = keep.define(f"running-{next(NUMBERS)}", polarity="higher")
    keep.observe(id, "2020/21 Q1", "70")
    keep.observe(id, "2020/21 Q2", "10")
    during = keep.series(id, today=date(2020, 8, 1))
    assert during.latest is not None
    assert during.latest.period.label == "2020/21 Q1"
    running = during.points[-1]
    assert (running.over, running.movement.claim, running.movement.change) == (
        False, "unknown", None)  # fmt: skip
    assert "2020/21 Q2 is not over yet" in running.movement.sentence
    assert "2020/21 Q2 is not over yet." in running.notes
    assert during.drawn.fitting.points[-1].value is None
    after = keep.series(id, today=date(2020, 9, 30)).points[-1]
    assert after.movement.change is not None


def test_a_restated_value_is_marked_with_what_it_replaced(keep: Keeper) -> None:
    id = keep.define(f"restated-{next(NUMBERS)}")
    keep.observe(id, "2020/21 Q1", "17.60")
    keep.observe(id, "2020/21 Q2", "18")
    keep.restate(id, "2020/21 Q1", "17.7", "Late returns.")
    keep.restate(id, "2020/21 Q1", "17.9", "Later still.")
    first, second = keep.series(id).points[:2]
    assert first.restated == "Restated: was 17.7%."
    assert first.restated in first.notes
    assert second.restated == ""


def test_counted_values_break_where_their_tool_changes(keep: Keeper) -> None:
    id = keep.define(f"broken-{next(NUMBERS)}", polarity="higher")
    keep.observe(id, "2020/21 Q1", "70")
    keep.observe(id, "2020/21 Q2", "79.4")
    changed = {date(2020, 7, 1): "Graded with whole@2, before with whole@1: not comparable."}
    first, second = keep.series(id, broken_by=changed).points[:2]
    assert (first.breaks, second.breaks, second.movement.change) == (False, True, None)
    assert changed[date(2020, 7, 1)] in second.notes


def test_lines_of_a_chart_have_the_decimals_of_its_values(keep: Keeper) -> None:
    id = keep.define(f"places-{next(NUMBERS)}")
    keep.observe(id, "2020/21 Q1", "17")
    assert keep.series(id).places == 0
    keep.observe(id, "2020/21 Q2", "17.25")
    assert keep.series(id).places == 2


def test_an_indicator_shows_an_effect_by_a_value_of_a_later_period(keep: Keeper) -> None:
    id = keep.define(f"effect-{next(NUMBERS)}")
    since = date(2020, 6, 30)  # the last day of the first quarter

    def shown(named: str) -> bool:
        with keep.council.services.store.reading() as connection:
            return queries.has_values(connection, named, since)

    assert not shown(id)
    keep.observe(id, "2020/21 Q1", "11%")
    assert not shown(id), "a value of before proves nothing"
    keep.observe(id, "2020/21 Q2", "12%")
    assert shown(id)
    assert shown(id.replace("-", " ").capitalize()), "by its name"
    assert not shown("no such indicator")
