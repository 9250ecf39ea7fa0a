"""The limits of a funnel are the exact binomial ones, and few are neither flagged nor left out of
the rate of all."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from projections.figures.funnels import TAILS, FunnelPart, funnel, limits


@given(st.integers(1, 400), st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=200))
def test_limits_are_those_of_the_binomial_between_whole_counts(of: int, target: Fraction) -> None:
    found = limits(of, target)
    expected = []
    for tail in TAILS:
        count = int(binom.ppf(tail, of, float(target)))
        reached, before = (binom.cdf(at, of, float(target)) for at in (count, count - 1))
        expected.append(max((count - (reached - tail) / (reached - before)) / of, 0.0))
    told = (found.outer_low, found.low, found.high, found.outer_high)
    assert told == pytest.approx(expected, abs=1e-6)
    assert [*told] == sorted(told)


def test_limits_close_in_on_the_rate_of_all_as_numbers_grow() -> None:
    few, many = limits(20, Fraction(3, 5)), limits(2000, Fraction(3, 5))
    assert many.high - many.low < (few.high - few.low) / 5
    for share in (0, 1):
        one = limits(7, Fraction(share))
        assert (one.low, one.high) == (share, share)


def test_a_part_is_read_against_its_own_limits_and_few_are_not_read() -> None:
    parts = [
        FunnelPart("East", 10, 40), FunnelPart("North", 30, 40), FunnelPart("South", 24, 40),
        FunnelPart("West", 26, 40), FunnelPart("Tiny", 0, 4), FunnelPart("None", 0, 0),
    ]  # fmt: skip
    made = funnel(parts, least=5)
    assert made is not None
    assert (made.count, made.of) == (90, 164)
    read = {one.part.name: one.reading for one in made.points}
    assert read == {
        "East": "far-below", "North": "above", "South": "within", "Tiny": None, "West": "within",
    }  # fmt: skip
    assert [one.part.name for one in made.outside] == ["East", "North"]
    assert funnel(parts[:2], least=5) is None
    assert funnel([*parts[:2], parts[4]], least=5) is None
