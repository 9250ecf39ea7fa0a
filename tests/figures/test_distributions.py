"""Our own formulas against statsmodels, against the definition spelt out, and by simulation."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, t
from statsmodels.stats.inter_rater import cohens_kappa as library_kappa
from statsmodels.stats.proportion import proportion_confint

from projections.figures import distributions, statistics

tables = st.integers(2, 5).flatmap(
    lambda q: st.lists(st.lists(st.integers(0, 30), min_size=q, max_size=q), min_size=q, max_size=q)
)


@settings(max_examples=150, deadline=None)
@given(tables, st.sampled_from(["none", "linear", "quadratic"]))
def test_kappa_and_its_interval_are_those_of_statsmodels(
    table: list[list[int]], weighting: statistics.Weighting
) -> None:
    ours = statistics.cohens_kappa(table, weighting)  # type: ignore[arg-type]
    if ours.value is None:
        return
    with np.errstate(all="ignore"):
        theirs = library_kappa(
            np.asarray(table, dtype=float), wt=None if weighting == "none" else weighting
        )
    assert float(ours.value) == pytest.approx(theirs.kappa, abs=1e-9)
    if ours.interval is None:
        assert not theirs.std_kappa > 1e-6
    else:
        assert float(ours.interval[0]) == pytest.approx(max(-1, theirs.kappa_low), abs=1e-7)
        assert float(ours.interval[1]) == pytest.approx(min(1, theirs.kappa_upp), abs=1e-7)


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_and_the_sign_test_are_those_of_the_libraries(share: tuple[int, int]) -> None:
    some, n = share
    low, high = proportion_confint(some, n, alpha=0.05, method="wilson")
    bounds = statistics.wilson(some, n)
    assert bounds is not None
    assert [float(b) for b in bounds] == pytest.approx([max(0, low), min(1, high)], abs=1e-9)
    expected = binomtest(some, n, 0.5).pvalue
    assert float(distributions.sign_test(some, n - some)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("degrees", [*range(1, 60), 399, 400, 401, 5000, 250_000])
def test_the_reach_of_t_is_that_of_scipy(degrees: int) -> None:
    assert distributions.student_reach(degrees) == pytest.approx(t.ppf(0.975, degrees), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=12),
    st.sampled_from(["nominal", "ordinal"]),
)
def test_alpha_is_its_definition_pair_by_pair(
    pairs: list[tuple[int, int]], level: statistics.Level
) -> None:
    """The mean squared distance of two readings of one case, against that of any two readings."""
    readings = [each for pair in pairs for each in pair]

    def apart(one: int, other: int) -> Fraction:
        if level == "nominal" or one == other:
            return Fraction(int(one != other))
        low, high = sorted((one, other))
        between = sum(1 for each in readings if low <= each <= high)
        ends = sum(1 for each in readings if each in (low, high))
        return (between - Fraction(ends, 2)) ** 2

    observed = sum((apart(*pair) for pair in pairs), Fraction()) / len(pairs)
    places = range(len(readings))
    anyhow = [apart(readings[a], readings[b]) for a, b in product(places, places) if a != b]
    expected = sum(anyhow, Fraction()) / len(anyhow)
    table = statistics.contingency(pairs, 4)
    value = statistics.krippendorffs_alpha(table, level).value
    assert value == (None if expected == 0 else 1 - observed / expected)
