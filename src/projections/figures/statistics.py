"""How far two readers of the same audits agree: rates, chance-corrected coefficients, direction.

Shared by the projections; pure. Everything starts from a contingency table of whole numbers:
rows are the auditor's grades, columns the moderator's, both ordered from best (rank 1) to worst.

Rational results are exact `Fraction`s, others `Decimal`s of ten places. What cannot be calculated
is None with a sentence saying why, never NaN and never 0. Intervals are at 95%.

Sources: Cohen 1960, 1968 (kappa); Fleiss, Cohen & Everitt 1969 (its standard error); Gwet 2008,
*Br J Math Stat Psychol* 61:29-48, and Gwet 2014, *Handbook of Inter-Rater Reliability*, 4th ed.,
ch. 3-5 (AC1, AC2, weights and variances); Krippendorff 2011, *Computing Krippendorff's
Alpha-Reliability*; Wilson 1927 as in Newcombe 1998 (interval of a rate).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from qa.core.errors import CaseloopError

Table = Sequence[Sequence[int]]
Interval = tuple[Decimal, Decimal]
Weighting = Literal["none", "linear", "quadratic", "ordinal"]
Level = Literal["nominal", "ordinal"]

# scipy and statsmodels take seconds to import; they are imported where they are used, so that a
# command that shows no coefficient does not wait for them.

NO_PAIRS = "There are no pairs of grades to compare."
ONE_PAIR = "There is only one pair of grades; a coefficient needs at least two."
ONE_CATEGORY = "The scale has only one grade, so agreement by chance cannot be told apart."
ONE_CELL = (
    "Both readers gave the same single grade every time, so agreement by chance cannot be told "
    "apart from judgement."
)
ONE_CELL_APART = (
    "Each reader gave one single grade every time, so agreement by chance cannot be told apart "
    "from judgement."
)
NO_SPREAD = "The standard error is zero, so no interval can be given."
NO_FORMULA_INTERVAL = (
    "No interval is given: alpha has no agreed formula for one, and none is drawn by resampling."
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One calculated value over `n` pairs. Where `value` or `interval` is None, `note` says why."""

    value: Fraction | Decimal | None
    n: int
    interval: Interval | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """Which way moderation moves grades, in steps of the scale.

    A step is the auditor's rank minus the moderator's, rank 1 being best: positive where the
    moderator's grade is better (moderated up), negative where it is worse (downgraded).
    `sign_test` is the exact two-sided probability, over the pairs that moved, of a split at least
    as uneven if up and down were equally likely; None (with `note`) where nothing moved.
    """

    n: int
    total_steps: int
    mean: Fraction | None
    up: int
    down: int
    same: int
    sign_test: Decimal | None
    note: str = ""


def contingency(pairs: Iterable[tuple[int, int]], categories: int) -> list[list[int]]:
    """Count (auditor's place, moderator's place) pairs, places 1 (best) to `categories`."""
    table = [[0] * categories for _ in range(categories)]
    for auditor, moderator in pairs:
        if not (1 <= auditor <= categories and 1 <= moderator <= categories):
            raise CaseloopError(f"A pair of grades lies outside a scale of {categories} grades.")
        table[auditor - 1][moderator - 1] += 1
    return table


def pairs_compared(table: Table) -> int:
    """How many pairs the table holds, having checked that it is one."""
    size = len(table)
    if size == 0 or any(len(row) != size for row in table):
        raise CaseloopError("A table of agreement has as many rows as columns, and at least one.")
    if any(cell < 0 for row in table for cell in row):
        raise CaseloopError("A table of agreement holds counts, which are never below zero.")
    return sum(cell for row in table for cell in row)


def agreement(table: Table, *, within: int = 0) -> tuple[int, int]:
    """(pairs at most `within` grades apart, pairs compared): 0 is exact, 1 within one grade."""
    n = pairs_compared(table)
    near = sum(
        cell for i, row in enumerate(table) for j, cell in enumerate(row) if abs(i - j) <= within
    )
    return near, n


@lru_cache(maxsize=20_000)
def wilson(numerator: int, denominator: int) -> Interval | None:
    """The 95% Wilson score interval of a rate, as shares of 1; None where there is no base."""
    if denominator == 0:
        return None
    if not 0 <= numerator <= denominator:
        raise CaseloopError("The numerator of a rate lies between nought and its denominator.")
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(numerator, denominator, alpha=0.05, method="wilson")
    return _decimal(max(0.0, float(low))), _decimal(min(1.0, float(high)))


def cohens_kappa(table: Table, weighting: Literal["none", "linear", "quadratic"]) -> Estimate:
    """Cohen's kappa, plain or weighted, with its large-sample interval (Fleiss et al. 1969)."""
    n = pairs_compared(table)
    refusal = _cannot_correct(table, n)
    if refusal:
        return Estimate(None, n, note=refusal)
    import numpy as np
    from statsmodels.stats.inter_rater import cohens_kappa as library_kappa

    with np.errstate(all="ignore"):  # its test statistic divides by a zero error; we do not use it
        result = library_kappa(
            np.asarray(table, dtype=float), wt=None if weighting == "none" else weighting
        )
        low, high, error = result.kappa_low, result.kappa_upp, result.std_kappa
    interval = _interval(float(low), float(high), float(error))
    return Estimate(
        _decimal(float(result.kappa)), n, interval, "" if interval is not None else NO_SPREAD
    )


def gwets_ac(table: Table, weighting: Weighting = "none") -> Estimate:
    """Gwet's AC1 (no weights) or AC2 (weighted): agreement corrected for chance, steady where
    nearly all audits get one grade. The value is exact; the interval uses t with n - 1 degrees.

    With weights w, joint shares p, and pi_k the mean share of grade k over the two readers:
    pa = sum w_kl p_kl; pe = T sum pi_k (1 - pi_k) / (q (q - 1)), T the sum of all weights;
    AC = (pa - pe) / (1 - pe) (Gwet 2014, ch. 4; variance ch. 5).
    """
    n = pairs_compared(table)
    refusal = _cannot_correct(table, n)
    if refusal:
        return Estimate(None, n, note=refusal)
    size = len(table)
    weights = weight_matrix(size, weighting)
    share = [[Fraction(cell, n) for cell in row] for row in table]
    mean_share = [
        (sum(share[k], Fraction()) + sum((row[k] for row in share), Fraction())) / 2
        for k in range(size)
    ]
    all_weights = sum((w for row in weights for w in row), Fraction())
    scaling = all_weights / (size * (size - 1))
    cells = [(k, m) for k in range(size) for m in range(size)]
    observed = sum((weights[k][m] * share[k][m] for k, m in cells), Fraction())
    chance = scaling * sum((pi * (1 - pi) for pi in mean_share), Fraction())
    if chance == 1:
        return Estimate(None, n, note=ONE_CELL_APART)
    value = (observed - chance) / (1 - chance)
    squares = sum(
        (
            share[k][m]
            * (
                weights[k][m]
                - 2 * (1 - value) * scaling * (1 - (mean_share[k] + mean_share[m]) / 2)
            )
            ** 2
            for k, m in cells
        ),
        Fraction(),
    )
    variance = (squares - (observed - 2 * (1 - value) * chance) ** 2) / (n * (1 - chance) ** 2)
    from scipy.stats import t

    error = math.sqrt(max(variance, Fraction()))
    reach = float(t.ppf(0.975, n - 1)) * error
    interval = _interval(float(value) - reach, float(value) + reach, error)
    return Estimate(value, n, interval, "" if interval is not None else NO_SPREAD)


def krippendorffs_alpha(table: Table, level: Level = "ordinal") -> Estimate:
    """Krippendorff's alpha for two readers, from their table."""
    n = pairs_compared(table)
    units: list[list[int]] = []
    for i, row in enumerate(table):
        for j, cell in enumerate(row):
            given = [0] * len(table)
            given[i] += 1
            given[j] += 1
            units.extend([given] * cell)
    refusal = _cannot_correct(table, n)
    return Estimate(None, n, note=refusal) if refusal else alpha_of_units(units, level)


def alpha_of_units(units: Sequence[Sequence[int]], level: Level = "ordinal") -> Estimate:
    """Krippendorff's alpha for any number of readers, some of whom may have missed a case.

    `units[u][k]` is how many readers gave case u the grade of place k. Cases read fewer than
    twice are left out, and `n` counts the rest.
    """
    paired = [unit for unit in units if sum(unit) >= 2]
    if not paired:
        return Estimate(None, 0, note=NO_PAIRS)
    if len(paired) == 1:
        return Estimate(None, 1, note=ONE_PAIR)
    if sum(1 for place in zip(*paired, strict=True) if any(place)) < 2:
        return Estimate(None, len(paired), note=ONE_CELL)
    import krippendorff
    import numpy as np

    value = krippendorff.alpha(
        value_counts=np.asarray(paired, dtype=float), level_of_measurement=level
    )
    return Estimate(_decimal(float(value)), len(paired), note=NO_FORMULA_INTERVAL)


def shift(table: Table) -> Shift:
    """Which way moderation moves grades, with the exact sign test (see `Shift`)."""
    n = pairs_compared(table)
    cells = [(i - j, cell) for i, row in enumerate(table) for j, cell in enumerate(row)]
    up = sum(cell for step, cell in cells if step > 0)
    down = sum(cell for step, cell in cells if step < 0)
    total = sum(step * cell for step, cell in cells)
    if n == 0:
        return Shift(0, 0, None, 0, 0, 0, None, NO_PAIRS)
    if up + down == 0:
        note = "No grade was moved, so there is no direction to test."
        return Shift(n, total, Fraction(total, n), up, down, n, None, note)
    from scipy.stats import binomtest

    probability = _decimal(float(binomtest(up, up + down, 0.5, alternative="two-sided").pvalue))
    return Shift(n, total, Fraction(total, n), up, down, n - up - down, min(probability, ONE))


def median_days(days: Iterable[int]) -> Fraction | None:
    """The median of whole days, exact; None where there are none."""
    ordered = sorted(days)
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def weight_matrix(size: int, weighting: Weighting) -> list[list[Fraction]]:
    """Credit for two grades of a scale of `size`: 1 on the diagonal, 0 from end to end.

    linear 1 - d/(q-1); quadratic 1 - (d/(q-1))^2; ordinal 1 - C(d+1, 2) / C(q, 2), where d is the
    number of grades apart (Gwet 2014, ch. 3). "none" gives credit for exact agreement only.
    """
    credit = _CREDIT[weighting]
    return [[credit(abs(i - j), size) for j in range(size)] for i in range(size)]


_CREDIT: dict[Weighting, Callable[[int, int], Fraction]] = {
    "none": lambda apart, size: Fraction(int(apart == 0)),
    "linear": lambda apart, size: 1 - Fraction(apart, size - 1),
    "quadratic": lambda apart, size: 1 - Fraction(apart, size - 1) ** 2,
    "ordinal": lambda apart, size: 1 - Fraction(math.comb(apart + 1, 2), math.comb(size, 2)),
}
ONE = Decimal(1)


def _cannot_correct(table: Table, n: int) -> str:
    """Why agreement cannot be corrected for chance here, or nothing."""
    if n == 0:
        return NO_PAIRS
    if len(table) == 1:
        return ONE_CATEGORY
    if n == 1:
        return ONE_PAIR
    used = [(i, j) for i, row in enumerate(table) for j, cell in enumerate(row) if cell]
    if len(used) == 1:
        return ONE_CELL if used[0][0] == used[0][1] else ONE_CELL_APART
    return ""


def _interval(low: float, high: float, error: float) -> Interval | None:
    """Bounds held within -1 and 1; none where the standard error is zero or unknown."""
    if not (math.isfinite(low) and math.isfinite(high)) or error < 1e-9:
        return None
    return _decimal(max(-1.0, low)), _decimal(min(1.0, high))


def _decimal(value: float) -> Decimal:
    """Ten places, which is where the libraries' own binary noise begins to be visible."""
    return Decimal(f"{value:.10f}") + 0
