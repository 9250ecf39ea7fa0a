"""Figures: exact until shown, never 0 for unknown, and never without their base."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.figures import figure as figures_figure
from projections.figures import rounding, statistics
from qa.core.periods import PeriodKind, period_of

Q2 = period_of(date(2021, 7, 1), PeriodKind.QUARTER)
Q3 = period_of(date(2021, 10, 1), PeriodKind.QUARTER)


def test_a_rate_is_given_in_exactly_the_published_shape() -> None:
    assert figures_figure.rate("agreement", 35, 41).to_json() == {
        "numerator": 35,
        "denominator": 41,
        "value": "85.4",
        "unit": "percent",
        "interval": ["71.6", "93.1"],
        "caveats": [],
    }


def test_a_rate_shows_whole_percent_and_its_interval() -> None:
    figure = figures_figure.rate("agreement", 35, 41)
    assert figure.display == "85%"
    assert figure.display_interval == "72% to 93%"


@pytest.mark.parametrize(
    ("numerator", "denominator", "value", "display"),
    [
        (207, 470, "44.0", "44%"),
        (1, 8, "12.5", "13%"),
        (1, 16, "6.3", "6%"),
        (1, 200, "0.5", "1%"),
        (3, 3, "100.0", "100%"),
        (0, 12, "0.0", "0%"),
    ],
)
def test_halves_go_away_from_zero_on_the_exact_number(
    numerator: int, denominator: int, value: str, display: str
) -> None:
    figure = figures_figure.rate("x", numerator, denominator)
    assert (figure.to_json()["value"], figure.display) == (value, display)


def test_no_base_is_unknown_and_never_zero() -> None:
    figure = figures_figure.rate("agreement", 0, 0)
    assert figure.to_json() == {
        "numerator": 0,
        "denominator": 0,
        "value": None,
        "unit": "percent",
        "interval": None,
        "caveats": ["no-data: Nothing to count: there is no base."],
    }
    assert figure.display == "–"
    assert figure.display_interval == ""


def test_a_small_base_is_flagged_and_still_shown() -> None:
    assert figures_figure.rate("x", 3, 9).value == Decimal("33.3")
    assert [figures_figure.code_of_caveat(c) for c in figures_figure.rate("x", 3, 9).caveats] == [
        "small-number"
    ]
    assert figures_figure.rate("x", 3, 10).caveats == ()


def test_outside_readers_see_nothing_that_gives_a_small_figure_back() -> None:
    hidden = figures_figure.rate("x", 2, 5).suppressed_below(6)
    assert hidden.suppressed
    assert hidden.to_json() == {
        "numerator": None,
        "denominator": None,
        "value": None,
        "unit": "percent",
        "interval": None,
        "caveats": ["suppressed: Not shown, because it rests on fewer than 6."],
    }
    assert hidden.suppressed_below(6) is hidden
    assert not figures_figure.rate("x", 2, 6).suppressed_below(6).suppressed
    assert not figures_figure.rate("x", 0, 0).suppressed_below(6).suppressed
    assert figures_figure.count("inadequate", 3, among=60).suppressed_below(6).suppressed
    assert not figures_figure.count("inadequate", 0, among=60).suppressed_below(6).suppressed


def test_a_figure_in_full_says_what_it_rests_on() -> None:
    basis = figures_figure.Basis(
        period=Q2,
        cohort_rule="by the date of the audit",
        as_at=date(2022, 2, 1),
        position=812,
        scale_version="ofsted-4@1",
        tool_versions=("whole-case@1",),
        rows="period=2021%2F22+Q2&moderated=yes",
        caveats=("series-break: The tool changed in the period.",),
    )
    full = figures_figure.rate("agreement", 35, 41, basis).in_full()
    assert full["period"] == "2021/22 Q2"
    assert (full["from"], full["to"]) == ("2021-07-01", "2021-09-30")
    assert (full["as_at"], full["position"]) == ("2022-02-01", 812)
    assert (full["scale_version"], full["tool_versions"]) == ("ofsted-4@1", ["whole-case@1"])
    assert full["caveats"] == ["series-break: The tool changed in the period."]
    assert full["rows"] == "period=2021%2F22+Q2&moderated=yes"
    assert full["display"] == "85%"


def test_a_coefficient_carries_pairs_and_says_why_it_has_no_value() -> None:
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    agreeing, _ = statistics.agreement(table)
    figure = figures_figure.coefficient("kappa", statistics.cohens_kappa(table, "none"), agreeing)
    assert (figure.numerator, figure.denominator) == (140, 200)
    assert (figure.to_json()["value"], figure.display) == ("0.4915", "0.49")
    unknown = figures_figure.coefficient(
        "kappa", statistics.cohens_kappa([[0, 0], [0, 12]], "none"), 12
    )
    assert unknown.value is None
    assert "same single grade" in unknown.caveats[0]
    alpha = figures_figure.coefficient("alpha", statistics.krippendorffs_alpha(table), agreeing)
    assert alpha.caveats == ()
    assert alpha.interval is not None
    constant = statistics.cohens_kappa([[7, 5], [0, 0]], "linear")
    level = figures_figure.coefficient("kappa_linear", constant, 7)
    assert [figures_figure.code_of_caveat(c) for c in level.caveats] == ["no-interval"]


def test_a_mean_shift_carries_the_sum_of_steps_and_keeps_its_sign() -> None:
    table = statistics.contingency([(2, 4)] * 3 + [(4, 3)] * 2 + [(1, 1)] * 11, 4)
    figure = figures_figure.mean_shift("shift", statistics.shift(table))
    assert (figure.numerator, figure.denominator, figure.unit) == (-4, 16, "grade steps")
    assert (figure.to_json()["value"], figure.display) == ("-0.25", "−0.25")
    level = figures_figure.mean_shift("shift", statistics.shift([[400, 1], [0, 0]]))
    assert (level.to_json()["value"], level.display) == ("0.00", "0.00")


def test_days_and_counts_read_as_words() -> None:
    assert figures_figure.median_days("days", [1, 4]).display == "2.5 days"
    assert figures_figure.median_days("days", [1]).display == "1 day"
    assert figures_figure.median_days("days", []).value is None
    assert figures_figure.median_days("days", [1, 4]).display_base == "5 days in all, n = 2"
    assert figures_figure.median_days("days", [1]).display_base == "1 day in all, n = 1"
    assert figures_figure.rate("good", 3, 4).display_base == "3 of 4"
    assert figures_figure.rate("good", 0, 0).display_base == "nothing to count"
    assert figures_figure.count("audits", 43).to_json()["value"] == "43"
    assert figures_figure.count("audits", 43, among=60).denominator == 60


def test_points_and_percent_are_different_changes_and_both_show_their_bases() -> None:
    before, after = figures_figure.rate("good", 37, 100), figures_figure.rate("good", 50, 100)
    points, relative = (
        figures_figure.change_in_points(before, after),
        figures_figure.relative_change(before, after),
    )
    assert points.display == "+13 points"
    assert relative.display == "+35.1%"
    assert (points.kind, relative.kind) == ("percentage points", "percent of the earlier value")
    assert points.to_json()["before"]["denominator"] == 100
    assert points.to_json()["after"]["numerator"] == 50
    assert (
        figures_figure.change_in_points(
            figures_figure.rate("g", 29, 100), figures_figure.rate("g", 41, 100)
        ).display
        == "+12 points"
    )


def test_a_rate_may_fall_while_its_number_rises() -> None:
    before = figures_figure.rate("agreement", 35, 41, figures_figure.Basis(period=Q2))
    after = figures_figure.rate("agreement", 43, 60, figures_figure.Basis(period=Q3))
    points, number = (
        figures_figure.change_in_points(before, after),
        figures_figure.change_in_number(before, after),
    )
    assert (points.direction, number.direction) == ("down", "up")
    assert (points.display, number.display) == ("−13.7 points", "+8")
    # 85% and 72% as published are 13 apart; the change says so instead of choosing in silence
    assert points.caveats == (
        "rounding: 85% and 72% as shown are 13 points apart; unrounded, they are as given here.",
    )


def test_one_point_apart_is_said_in_the_singular() -> None:
    points = figures_figure.change_in_points(
        figures_figure.rate("agreement", 43, 119), figures_figure.rate("agreement", 41, 112)
    )
    assert points.caveats == (
        "rounding: 36% and 37% as shown are 1 point apart; unrounded, they are as given here.",
    )


def test_an_increase_from_nothing_has_no_percentage() -> None:
    change = figures_figure.relative_change(
        figures_figure.count("x", 0), figures_figure.count("x", 5)
    )
    assert (change.value, change.display, change.direction) == (None, "–", "unknown")
    assert change.caveats[0].startswith("no-base")
    assert (
        figures_figure.relative_change(
            figures_figure.count("p", 70), figures_figure.count("p", 86)
        ).display
        == "+22.9%"
    )


def test_what_was_graded_on_different_scales_is_not_compared() -> None:
    before = figures_figure.rate("good", 3, 20, figures_figure.Basis(scale_version="rag@1"))
    after = figures_figure.rate(
        "good", 9, 20, figures_figure.Basis(scale_version="rag@2", tool_versions=("t@2",))
    )
    for change in (
        figures_figure.change_in_points(before, after),
        figures_figure.relative_change(before, after),
        figures_figure.change_in_number(before, after),
    ):
        assert change.value is None
        assert [figures_figure.code_of_caveat(c) for c in change.caveats] == [
            "scales-differ",
            "tools-differ",
        ]


def test_points_lie_between_percentages_only() -> None:
    assert (
        figures_figure.change_in_points(
            figures_figure.count("x", 3), figures_figure.count("x", 5)
        ).value
        is None
    )
    assert (
        figures_figure.relative_change(
            figures_figure.count("x", 3), figures_figure.rate("x", 3, 5)
        ).value
        is None
    )


def test_an_unknown_side_leaves_the_change_unknown() -> None:
    assert (
        figures_figure.change_in_points(
            figures_figure.rate("x", 0, 0), figures_figure.rate("x", 3, 12)
        ).display
        == "–"
    )


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_value_is_never_further_from_the_exact_rate_than_half_a_tenth(
    share: tuple[int, int],
) -> None:
    figure = figures_figure.rate("x", *share)
    assert figure.value is not None
    assert abs(Fraction(figure.value) - Fraction(100 * share[0], share[1])) <= Fraction(1, 20)
    assert figure.interval is not None
    low, high = figure.interval
    assert 0 <= low <= high <= 100


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (Fraction(25400, 255), "percent", "above 99%"),
        (Fraction(100, 255), "percent", "below 1%"),
        (Fraction(100), "percent", "100%"),
        (Fraction(0), "percent", "0%"),
        (Decimal("0.00001"), "probability", "below 0.01"),
        (Decimal("0.9999"), "probability", "above 0.99"),
        (Fraction(998, 1000), "coefficient", "above 0.99"),
        (Fraction(3, 1000), "coefficient", "0.00"),
    ],
)
def test_nothing_is_rounded_to_a_bound_that_it_does_not_reach(
    value: Fraction | Decimal, unit: rounding.Unit, said: str
) -> None:
    assert rounding.shown(value, unit) == said


def test_files_take_as_many_places_as_tell_a_value_from_a_bound() -> None:
    almost = figures_figure.rate("agreed", 99_999, 100_000)
    assert almost.to_json()["value"] == "99.999"
    assert almost.display == "above 99%"
    down = statistics.shift([[0, 40], [0, 0]])
    test = statistics.Estimate(down.sign_test, 40)
    figure = figures_figure.coefficient("direction", test, 0, unit="probability")
    assert (figure.display, figure.to_json()["value"]) == ("below 0.01", "0.000000000002")
    # Reports that were published by the first formulas keep their bytes.
    first = figures_figure.rate("agreed", 254, 255, figures_figure.Basis(formulas=1))
    assert (first.display, str(first.value)) == ("100%", "99.6")


def test_the_mean_shift_has_an_interval_or_says_why_not() -> None:
    moved = figures_figure.mean_shift("mean_shift", statistics.shift([[9, 6], [1, 9]]))
    assert moved.interval is not None
    assert moved.display_interval.startswith("−0.")
    alike = figures_figure.mean_shift("mean_shift", statistics.shift([[0, 12], [0, 0]]))
    assert [figures_figure.code_of_caveat(c) for c in alike.caveats] == ["no-interval"]
