"""Figures at the edge of each rule: few or enough, up or down, whole or not, comparable or not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from projections.figures import figure as made
from projections.figures import statistics
from projections.figures.figure import SMALL, Basis, Figure, code_of_caveat


def codes(caveats: tuple[str, ...]) -> list[str]:
    return [code_of_caveat(text) for text in caveats]


@pytest.mark.parametrize(
    ("figure", "least", "hidden"),
    [
        (made.rate("x", 0, 0), 10, False),
        (made.rate("x", 0, 1), 10, True),
        (made.rate("x", 1, 9), 10, True),
        (made.rate("x", 1, 10), 10, False),
        (made.count("x", 0, 20), 10, False),
        (made.count("x", 1, 20), 10, True),
        (made.count("x", 9, 20), 10, True),
        (made.count("x", 10, 20), 10, False),
        (made.rate("x", 1, 20), 10, False),
    ],
)
def test_what_rests_on_too_few_is_emptied(figure: Figure, least: int, hidden: bool) -> None:
    found = figure.suppressed_below(least)
    assert found.suppressed is hidden
    if hidden:
        assert (found.numerator, found.denominator, found.value, found.interval) == (None,) * 4
        assert codes(found.caveats) == ["suppressed"]
        assert found.suppressed_below(least) is found
    else:
        assert found is figure


@pytest.mark.parametrize(("base", "flagged"), [(0, False), (1, True), (9, True), (10, False)])
def test_a_base_under_ten_is_flagged(base: int, flagged: bool) -> None:
    assert SMALL == 10
    found = codes(made.rate("x", 0, base).caveats)
    assert ("small-number" in found) is flagged
    assert ("no-data" in found) is (base == 0)


def test_a_figure_keeps_the_places_that_it_was_given_in() -> None:
    given = replace(made.rate("x", 1, 3), places=3)
    assert (str(given.value), str(made.rate("x", 1, 3).value)) == ("33.333", "33.3")


def test_figures_of_the_first_formulas_round_as_they_did() -> None:
    nearly = made.rate("x", 2999, 3000)
    first = replace(nearly, basis=Basis(formulas=1))
    assert (str(first.value), first.display) == ("100.0", "100%")
    assert (str(nearly.value), nearly.display) == ("99.97", "above 99%")


@pytest.mark.parametrize(
    ("before", "after", "direction", "display"),
    [
        ((1, 4), (3, 4), "up", "+50 points"),
        ((3, 4), (1, 4), "down", "−50 points"),
        ((1, 4), (1, 4), "level", "0 points"),
        ((50, 100), (51, 100), "up", "+1 point"),
        ((51, 100), (50, 100), "down", "−1 point"),
        ((50, 100), (101, 200), "up", "+0.5 points"),
    ],
)
def test_a_change_has_its_sign_its_unit_and_its_direction(
    before: tuple[int, int], after: tuple[int, int], direction: str, display: str
) -> None:
    change = made.change_in_points(made.rate("x", *before), made.rate("x", *after))
    assert (change.direction, change.display) == (direction, display)


def test_a_change_of_counts_is_whole_and_of_rates_has_a_place() -> None:
    counts = made.change_in_number(made.count("x", 3), made.count("x", 5))
    assert (str(counts.value), counts.direction, counts.display) == ("2", "up", "+2")
    points = made.change_in_points(made.rate("x", 0, 3), made.rate("x", 1, 3))
    assert str(points.value) == "33.3"


def test_what_is_unknown_has_no_change() -> None:
    none, some = made.rate("x", 0, 0), made.rate("x", 1, 2)
    for change in (made.change_in_points, made.relative_change):
        for pair in ((none, some), (some, none)):
            found = change(*pair)
            assert (found.exact, found.value, found.direction) == (None, None, "unknown")
    hidden = made.count("x", 1).suppressed_below(10)
    for pair in ((hidden, made.count("x", 9)), (made.count("x", 9), hidden)):
        assert made.change_in_number(*pair).exact is None


def test_a_relative_change_is_of_the_size_of_the_earlier_value() -> None:
    steps = [
        replace(made.count("x", 0), exact=Fraction(value), numerator=value) for value in (-4, -2, 0)
    ]
    assert made.relative_change(steps[0], steps[1]).exact == 50
    assert made.relative_change(steps[1], steps[0]).exact == -100
    nothing = made.relative_change(steps[2], steps[0])
    assert (nothing.exact, codes(nothing.caveats)) == (None, ["no-base"])


@pytest.mark.parametrize(
    ("basis", "code", "blocked"),
    [
        (Basis(scale_version="four@2"), "scales-differ", True),
        (Basis(tool_versions=("whole@2",)), "tools-differ", False),
        (Basis(cohort_rule="submitted"), "cohorts-differ", False),
    ],
)
def test_two_that_rest_on_other_things_say_so(basis: Basis, code: str, blocked: bool) -> None:
    before, after = made.rate("x", 1, 4), made.rate("x", 3, 4, basis)
    for change in (made.change_in_points, made.relative_change, made.change_in_number):
        found = change(before, after)
        assert codes(found.caveats) == [code]
        assert (found.exact is None) is blocked


def test_points_lie_between_percentages_alone() -> None:
    rate, number = made.rate("x", 1, 4), made.count("x", 3)
    for pair in ((rate, number), (number, rate), (number, number)):
        found = made.change_in_points(*pair)
        assert (found.exact, codes(found.caveats)) == (None, ["units-differ"])
    assert made.change_in_number(number, number).exact == 0


def test_a_rounded_difference_that_misleads_is_said_to() -> None:
    apart = made.change_in_points(made.rate("x", 104, 1000), made.rate("x", 106, 1000))
    assert codes(apart.caveats) == ["rounding"]
    assert "10% and 11% as shown are 1 point apart" in apart.caveats[0]
    assert made.change_in_points(made.rate("x", 10, 100), made.rate("x", 12, 100)).caveats == ()


def test_means_of_nothing_are_unknown_and_each_mean_weighs_the_same() -> None:
    none = made.mean_score("x", [])
    assert (none.exact, none.denominator, codes(none.caveats)) == (None, 0, ["no-data"])
    some = made.mean_score("x", [1, 2])
    assert (some.numerator, some.denominator, some.exact) == (3, 2, Fraction(3, 2))
    assert some.caveats == ()
    whole = made.mean_of_means("x", [some, none, made.mean_score("x", [3])])
    assert (whole.denominator, whole.exact, whole.caveats) == (2, Fraction(9, 4), ())
    empty = made.mean_of_means("x", [none])
    assert (empty.denominator, empty.exact, codes(empty.caveats)) == (0, None, ["no-data"])


def test_days_and_counts_carry_their_base() -> None:
    days = made.median_days("x", [1, 2, 9])
    assert (days.numerator, days.denominator, days.exact) == (12, 3, 2)
    assert codes(days.caveats) == ["small-number"]
    assert codes(made.median_days("x", []).caveats) == ["no-data"]
    assert (made.count("x", 3).denominator, made.count("x", 3, 7).denominator) == (3, 7)
    assert made.count("x", 3).caveats == ()


def test_a_change_in_full_gives_both_its_bases() -> None:
    found = made.change_in_points(made.rate("x", 1, 4), made.rate("x", 3, 4)).to_json()
    assert (found["kind"], found["value"], found["display"]) == (
        "percentage points", "50.0", "+50 points",
    )  # fmt: skip
    assert (found["before"]["numerator"], found["after"]["numerator"]) == (1, 3)
    none = made.change_in_points(made.rate("x", 0, 0), made.rate("x", 3, 4)).to_json()
    assert (none["value"], none["display"]) == (None, "–")


def test_why_a_coefficient_or_a_shift_has_no_interval_or_no_value() -> None:
    def noted(value: Fraction | None, note: str) -> list[str]:
        estimate = statistics.Estimate(value, 12, None, note)
        return codes(made.coefficient("kappa", estimate, 6).caveats)

    half = Fraction(1, 2)
    assert noted(None, "All agree on one grade.") == ["no-data"]
    assert noted(half, "Too few for an interval.") == ["no-interval"]
    assert noted(half, "") == []

    def moved(n: int, note: str, interval: tuple[Fraction, Fraction] | None) -> list[str]:
        mean = Fraction(1, 2) if n else None
        shift = statistics.Shift(n, n, mean, n, 0, 0, None, note, interval)
        return codes(made.mean_shift("shift", shift).caveats)

    assert moved(0, "Nothing to compare.", None) == ["no-data"]
    assert moved(12, "Too few for an interval.", None) == ["no-interval"]
    assert moved(12, "Nothing moved.", (half, half)) == []
    assert moved(12, "", None) == []


def test_a_change_rounds_to_the_places_that_are_shown() -> None:
    exact = [replace(made.rate("x", n, 1000), places=1) for n in (104, 106)]
    assert made.change_in_points(*exact).caveats == ()


def test_a_mean_of_ratings_is_not_rounded_to_an_end_of_its_scale() -> None:
    nearly = made.mean_score("x", [4] * 999 + [3], ends=(1, 4))
    assert (nearly.value, nearly.display) == (Decimal("3.999"), "above 3.9")
    assert made.mean_score("x", [4] * 9, ends=(1, 4)).display == "4.0"
    assert made.mean_score("x", [1] * 999 + [2], ends=(1, 4)).display == "below 1.1"
    assert made.mean_score("x", [2] * 999 + [3], ends=(1, 4)).display == "2.0"
    assert made.mean_of_means("x", [nearly, nearly]).display == "above 3.9"
