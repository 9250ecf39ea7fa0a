"""Intervals by resampling hold the truth, and are the same for ever; so are the first formulas."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import pytest

from projections.figures import first_formulas, resampling, statistics

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


@pytest.mark.parametrize(
    ("samples", "bounds"),
    [(949, None), (950, (22, 927)), (998, (23, 974)), (999, (24, 974))],
)
def test_the_bounds_are_the_same_shares_from_both_ends(
    samples: int, bounds: tuple[int, int] | None
) -> None:
    """Of 999 samples the 25th and the 975th; of fewer than 950 none."""
    assert resampling._bounds(range(samples)) == bounds
