"""Our own formulas against statsmodels, against the definition spelt out, and by simulation."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, t
from statsmodels.stats.inter_rater import cohens_kappa as library_kappa
from statsmodels.stats.proportion import proportion_confint

from projections.figures import distributions, first_formulas, resampling, statistics

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


# -- intervals by resampling

SHARES = [[0.12, 0.05, 0.0, 0.0], [0.06, 0.3, 0.08, 0.01], [0.0, 0.06, 0.18, 0.04]]
SHARES.append([0.0, 0.0, 0.03, 0.07])


def drawn(pairs: int, source: random.Random) -> list[list[int]]:
    cells = [(i, j) for i in range(4) for j in range(4)]
    table = [[0] * 4 for _ in range(4)]
    weights = [SHARES[i][j] for i, j in cells]
    for i, j in source.choices(cells, weights, k=pairs):
        table[i][j] += 1
    return table


def test_intervals_hold_the_truth_about_nineteen_times_in_twenty() -> None:
    """Three hundred councils of sixty moderations; the truth is that of a very large one."""
    source = random.Random(20)
    whole = [[round(1_000_000 * share) for share in line] for line in SHARES]
    alpha = float(statistics.krippendorffs_alpha(whole).value or 0)
    mean = float(statistics.shift(whole).mean or 0)
    held = {"alpha": 0, "mean": 0}
    for _ in range(300):
        table = drawn(60, source)
        of_alpha = statistics.krippendorffs_alpha(table).interval
        of_mean = statistics.shift(table).interval
        assert of_alpha is not None
        assert of_mean is not None
        held["alpha"] += of_alpha[0] <= Decimal(alpha) <= of_alpha[1]
        held["mean"] += of_mean[0] <= Decimal(mean) <= of_mean[1]
    assert 0.91 <= held["alpha"] / 300 <= 0.98
    assert 0.91 <= held["mean"] / 300 <= 0.98


EXAMPLE = ((13, 2, 0), (3, 20, 7), (0, 4, 16))


def test_a_table_has_one_interval_in_every_process_and_for_ever() -> None:
    """These numbers may never change: published reports are made of them."""
    alpha, moved = statistics.krippendorffs_alpha(EXAMPLE), statistics.shift(EXAMPLE)
    assert [str(round(bound, 4)) for bound in alpha.interval or ()] == ["0.6413", "0.8761"]
    assert [str(round(bound, 4)) for bound in moved.interval or ()] == ["-0.1538", "0.0923"]
    script = (
        "import json; from projections.figures import resampling; "
        f"table = {EXAMPLE!r}; "
        "print(json.dumps([resampling.alphas(table, 'ordinal'), resampling.mean_shifts(table)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    here = [resampling.alphas(EXAMPLE, "ordinal"), resampling.mean_shifts(EXAMPLE)]
    assert json.loads(done.stdout) == json.loads(json.dumps(here))


def test_pairs_that_are_all_alike_have_no_interval_and_say_so() -> None:
    down = statistics.shift([[0, 12], [0, 0]])
    assert (down.mean, down.interval, down.note) == (Fraction(-1), None, statistics.ALL_ALIKE)
    one_apart = statistics.krippendorffs_alpha([[0, 1], [0, 11]])
    assert (one_apart.interval, one_apart.note) == (None, statistics.SELDOM_KNOWN)


# -- the formulas of reports published before formulas had a version


def test_the_first_formulas_still_give_what_was_published() -> None:
    one_grade = [[0, 0], [0, 7]]
    assert first_formulas.gwets_ac(one_grade).note == statistics.ONE_CELL
    assert first_formulas.krippendorffs_alpha([[0, 7], [0, 0]]).value is None
    alpha = first_formulas.krippendorffs_alpha(EXAMPLE)
    assert (alpha.interval, alpha.note) == (None, first_formulas.NO_FORMULA_INTERVAL)
    never_varies = [[0] * 4, [0] * 4, [0] * 4, [3, 4, 6, 4]]
    kappa = first_formulas.cohens_kappa(never_varies, "linear")
    assert [round(bound, 4) for bound in kappa.interval or ()] == [0, 0]
    assert first_formulas.shift([[0, 9], [1, 5]]).interval is None
