"""Control charts give the published limits and signals, and claim nothing where points are few."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.figures.control_charts import (
    ChartValue,
    ControlChart,
    Kind,
    assurance,
    best_kind,
    chart,
    variation,
)
from qa.core.words import rounded


def readings(*values: float | int | str | None, fresh: Sequence[int] = ()) -> list[ChartValue]:
    return [
        ChartValue(None if v is None else Fraction(str(v)), fresh=at in fresh)
        for at, v in enumerate(values)
    ]


def signals(drawn: ControlChart) -> list[tuple[str, ...]]:
    return [point.signals for point in drawn.points]


NHS_R = (
    "-0.56047565", "-0.23017749", "1.55870831", "0.07050839", "0.12928774",
    "1.71506499", "0.46091621", "-1.26506123", "-0.68685285", "-0.44566197",
    "1.22408180", "0.35981383", "0.40077145", "0.11068272", "-0.55584113",
    "1.78691314", "0.49785048", "-1.96661716", "0.70135590", "-0.47279141",
)  # fmt: skip
"""The data of the test of NHSRplotthedots (R's rnorm(20) after set.seed(123))."""


def test_xmr_gives_the_mean_and_limits_that_the_nhs_r_package_publishes() -> None:
    point = chart("xmr", readings(*NHS_R)).points[0]
    found = (point.centre, point.lower, point.upper)
    assert [f"{float(each or 0):.3g}" for each in found] == ["0.142", "-3.01", "3.29"]


def test_a_moving_range_far_over_the_average_is_screened_out_once() -> None:
    values: list[str | int] = [*NHS_R]
    values[14] = 10
    drawn = chart("xmr", readings(*values))
    [stretch] = drawn.stretches
    ranges = [abs(Fraction(str(b)) - Fraction(str(a))) for a, b in itertools.pairwise(values)]
    limit = Fraction(3267, 1000) * sum(ranges) / 19
    kept = [each for each in ranges if each < limit]
    assert stretch.screened == 19 - len(kept) == 2
    assert stretch.moving_range == sum(kept) / len(kept)
    assert drawn.points[14].signals == ("beyond-limits",)


def test_xmr_worked_out_by_hand() -> None:
    # The mean is 606/12; the moving ranges are 2 1 3 1 2 3 4 2 1 3 and 0, on average 22/11.
    drawn = chart("xmr", readings(50, 52, 51, 48, 49, 51, 54, 50, 48, 49, 52, 52))
    assert drawn.stretches[0].centre == Fraction(606, 12)
    assert drawn.stretches[0].moving_range == Fraction(2 + 1 + 3 + 1 + 2 + 3 + 4 + 2 + 1 + 3, 11)
    point = drawn.points[0]
    reach = Fraction(266, 100) * Fraction(22, 11)
    assert (point.lower, point.upper) == (Fraction(606, 12) - reach, Fraction(606, 12) + reach)


DEFECTS = (12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15,
           9, 12, 7, 13, 9, 6)  # fmt: skip
"""Samples of 50 in Montgomery's textbook, table 7.1."""


def proportions(*parts: tuple[int, int]) -> list[ChartValue]:
    return [ChartValue(Fraction(100 * n, d), n, d) for n, d in parts]


def test_a_p_chart_gives_the_limits_of_the_textbook() -> None:
    drawn = chart("p", proportions(*((d, 50) for d in DEFECTS)))
    point = drawn.points[0]
    assert point.centre == Fraction(34700, 1500)
    assert point.lower is not None
    assert point.upper is not None
    assert [str(rounded(each, 2)) for each in (point.lower, point.upper)] == ["5.24", "41.02"]
    beyond = [at for at, found in enumerate(signals(drawn), 1) if "beyond-limits" in found]
    assert beyond == [15, 23]


def test_each_point_of_a_p_chart_has_the_limits_of_its_own_base() -> None:
    few, many = chart("p", proportions((1, 4), (100, 400))).points
    assert few.upper is not None
    assert few.centre is not None
    assert many.upper is not None
    assert many.centre is not None
    assert abs((few.upper - few.centre) - 10 * (many.upper - many.centre)) < Fraction(1, 10**20)
    with pytest.raises(ValueError, match="numerator and denominator"):
        chart("p", readings(25, 30))


def test_seven_on_one_side_of_the_mean_are_a_shift_and_six_are_not() -> None:
    level = (10, 12, 10, 12, 10, 12)
    seven = chart("xmr", readings(*level, 13, 14, 13, 14, 13, 14, 13, 8, 8, 9))
    assert [at for at, found in enumerate(signals(seven)) if "shift" in found] == list(range(5, 13))
    six = chart("xmr", readings(10, 12, 10, 12, 10, 10, 13, 14, 13, 14, 13, 14, 8, 8, 9, 9))
    assert not any("shift" in found for found in signals(six))


def test_seven_that_only_rise_are_a_trend_and_an_equal_value_ends_it() -> None:
    rising = (5, 9, 4, 5, 6, 7, 8, 9, 10, 5, 9, 6)
    drawn = chart("xmr", readings(*rising))
    assert [at for at, found in enumerate(signals(drawn)) if "trend" in found] == list(range(2, 9))
    held = chart("xmr", readings(5, 9, 4, 5, 6, 7, 7, 8, 9, 5, 9, 6))
    assert not any("trend" in found for found in signals(held))


def test_two_of_three_near_a_limit_have_to_be_on_one_side() -> None:
    # The example of the tests of NHSRplotthedots: opposite sides are common cause.
    opposite = chart("xmr", readings(*[1, -1] * 7, 5.5, -5.5))
    assert signals(opposite)[-2:] == [(), ()]
    level = [10, 12] * 7
    near = chart("xmr", readings(*level, 16.5, 12, 16.5, 11))
    flagged = [at for at, found in enumerate(signals(near)) if "near-limit" in found]
    assert flagged == [14, 16]


def test_limits_begin_anew_only_where_a_reading_says_so() -> None:
    values = [10, 12] * 6 + [40, 42] * 6
    drawn = chart("xmr", readings(*values, fresh=[12]))
    assert [(s.start, s.end) for s in drawn.stretches] == [(0, 12), (12, 24)]
    assert [s.centre for s in drawn.stretches] == [Fraction(11), Fraction(41)]
    assert not any(signals(drawn))
    assert any(signals(chart("xmr", readings(*values))))


def test_fewer_than_twelve_points_claim_nothing_and_say_so() -> None:
    drawn = chart("xmr", readings(10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 99))
    assert not any(signals(drawn))
    assert "Too few points (11)" in drawn.warnings[0]
    assert variation(drawn, "higher").code == "too-few"
    assert assurance(drawn, Fraction(5), "higher").code == "too-few"


def test_a_missing_value_is_no_point_and_interrupts_a_run() -> None:
    values = [8, 20] * 5 + [15, 15, 15, None, 15, 15, 15, 15]
    drawn = chart("xmr", readings(*values))
    assert drawn.points[13].value is None
    assert not any("shift" in found for found in signals(drawn))
    assert "1 period has no value" in " ".join(drawn.warnings)


@pytest.mark.parametrize(
    ("better", "code"),
    [
        ("higher", "special-improving"),
        ("lower", "special-concerning"),
        ("unknown", "special-higher"),
    ],
)
def test_the_variation_icon_says_better_or_worse_only_where_that_is_decided(
    better: str, code: str
) -> None:
    drawn = chart("xmr", readings(*[10, 12] * 6, 30))
    icon = variation(drawn, better)  # type: ignore[arg-type]
    assert icon.code == code
    assert variation(chart("xmr", readings(*[10, 12] * 7)), "higher").code == "common-cause"


@pytest.mark.parametrize(
    ("target", "better", "code"),
    [
        (5, "higher", "passes"),
        (17, "higher", "fails"),
        (11, "higher", "hit-and-miss"),
        (17, "lower", "passes"),
        (5, "lower", "fails"),
        (5, "unknown", "no-target"),
        (None, "higher", "no-target"),
    ],
)
def test_the_assurance_icon_holds_the_limits_against_the_target(
    target: int | None, better: str, code: str
) -> None:
    # Mean 11, average moving range 2: limits 5.68 and 16.32.
    drawn = chart("xmr", readings(*[10, 12] * 7))
    asked = None if target is None else Fraction(target)
    assert assurance(drawn, asked, better).code == code  # type: ignore[arg-type]


def test_a_run_chart_has_the_median_and_claims_with_six_and_five() -> None:
    drawn = chart("run", readings(1, 9, 1, 9, 1, 9, 6, 7, 8, 7, 8, 7, 1, 1))
    assert drawn.stretches[0].centre == Fraction(7)
    rising = chart("run", readings(9, 1, 2, 3, 4, 5, 9, 1, 9, 1, 9, 1))
    assert [at for at, found in enumerate(signals(rising)) if "trend" in found] == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]
    assert rising.points[0].upper is None


def test_a_p_chart_is_chosen_only_where_every_value_has_both_parts() -> None:
    whole = proportions((1, 4), (2, 5))
    assert best_kind(whole, "percent") == "p"
    assert best_kind([*whole, ChartValue(None)], "percent") == "p"
    assert best_kind([*whole, ChartValue(Fraction(40))], "percent") == "xmr"
    assert best_kind(whole, "count") == "xmr"
    assert best_kind([], "percent") == "xmr"


numbers = st.lists(st.one_of(st.none(), st.integers(0, 50)), min_size=0, max_size=40)
kinds: st.SearchStrategy[Kind] = st.sampled_from(["xmr", "run"])


@settings(max_examples=50)
@given(numbers, kinds, st.integers(-20, 20), st.integers(1, 9))
def test_a_chart_does_not_depend_on_where_zero_is_or_on_the_unit(
    values: list[int | None], kind: Kind, moved: int, times: int
) -> None:
    before = chart(kind, readings(*values))
    after = chart(kind, readings(*(None if v is None else times * v + moved for v in values)))
    assert signals(after) == signals(before)
    for one, other in zip(before.points, after.points, strict=True):
        for a, b in ((one.centre, other.centre), (one.lower, other.lower)):
            assert b == (None if a is None else times * a + moved)


@settings(max_examples=50)
@given(numbers, kinds)
def test_read_from_the_other_end_the_same_points_are_special(
    values: list[int | None], kind: Kind
) -> None:
    there = chart(kind, readings(*values))
    back = chart(kind, readings(*reversed(values)))
    assert [set(s) for s in signals(back)] == [set(s) for s in reversed(signals(there))]


def test_a_fall_that_lies_above_the_centre_is_a_fall() -> None:
    """A trend decides over the side of the centre, as NHSRplotthedots has it."""
    values = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 40, 39, 38, 37, 36, 35, 34]
    drawn = chart("xmr", [ChartValue(Fraction(each)) for each in values])
    last = drawn.points[-1]
    assert "trend" in last.signals
    assert last.above is True
    icon = variation(drawn, "higher")
    assert icon.code == "special-concerning"
    assert icon.sentence.startswith("Special cause: concerning, falling values")
    assert variation(drawn, "lower").code == "special-improving"
    assert "falling values" in variation(drawn, "unknown").sentence


def test_a_period_that_is_not_over_is_neither_drawn_nor_called_missing() -> None:
    readings = [ChartValue(Fraction(each)) for each in (3, 5, 4)]
    drawn = chart("xmr", [*readings, ChartValue(None, running=True)])
    assert drawn.points[-1].value is None
    assert not any("no value" in text for text in drawn.warnings)


def test_limits_of_a_baseline_are_those_of_its_values_and_are_held() -> None:
    first = [Fraction(each) for each in (10, 12, 11, 9, 10, 13, 11, 10, 12, 9, 11, 10)]
    later = [Fraction(each) for each in (30, 31, 29)]
    alone = chart("xmr", [ChartValue(each) for each in first])
    held = chart("xmr", [ChartValue(each) for each in first + later], 12)
    moved = chart("xmr", [ChartValue(each) for each in first + later])
    lines = [(point.centre, point.lower, point.upper) for point in held.points]
    assert set(lines) == {(p.centre, p.lower, p.upper) for p in alone.points}
    assert all("beyond-limits" in point.signals for point in held.points[-3:])
    assert moved.points[0].centre != held.points[0].centre
    assert held.stretches[0].known == 15
    fresh = [ChartValue(each, fresh=at == 0) for at, each in enumerate(first)]
    again = chart("xmr", [*(ChartValue(each) for each in first + later), *fresh], 12)
    assert again.points[-1].centre == alone.points[0].centre


def test_a_held_proportion_has_limits_by_the_base_of_each_point() -> None:
    readings = [ChartValue(Fraction(50), 10, 20) for _ in range(12)]
    later = [ChartValue(Fraction(90), 90, 100), ChartValue(None)]
    held = chart("p", [*readings, *later], 12)
    wide, narrow, missing = held.points[0], held.points[12], held.points[13]
    assert (wide.centre, narrow.centre) == (50, 50)
    assert wide.upper is not None
    assert narrow.upper is not None
    assert rounded(narrow.upper, 6) == 65
    assert narrow.upper < wide.upper
    assert "beyond-limits" in narrow.signals
    assert (missing.centre, missing.upper) == (50, None)
