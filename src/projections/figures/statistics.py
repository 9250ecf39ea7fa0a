"""How far two readers of the same audits agree: rates, chance-corrected coefficients, direction.

Shared by the projections; pure. Everything starts from a contingency table of whole numbers:
rows are the auditor's grades, columns the moderator's, both ordered from best (rank 1) to worst.

Coefficients are exact `Fraction`s, worked out in whole numbers; bounds of intervals are `Decimal`s
of ten places. What cannot be calculated is None with a sentence saying why, never NaN and never 0.
Intervals are at 95%.

Sources: Cohen 1960, *Educ Psychol Meas* 20:37-46, and 1968, *Psychol Bull* 70:213-220 (kappa);
Fleiss, Cohen & Everitt 1969, *Psychol Bull* 72:323-327 (its standard error); Gwet 2008,
*Br J Math Stat Psychol* 61:29-48, and Gwet 2014, *Handbook of Inter-Rater Reliability*, 4th ed.,
ch. 3-5 (AC1, AC2, weights and variances); Krippendorff 2011, *Computing Krippendorff's
Alpha-Reliability*; Wilson 1927, *J Am Stat Assoc* 22:209-212, as in Newcombe 1998, *Stat Med*
17:857-872 (interval of a rate). Intervals of alpha and of the mean shift: `resampling`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from projections.figures import resampling
from projections.figures.distributions import NORMAL, sign_test, student_reach
from qa.core.errors import CaseloopError

Table = Sequence[Sequence[int]]
Counts = tuple[tuple[int, ...], ...]
Interval = tuple[Decimal, Decimal]
Weighting = Literal["none", "linear", "quadratic", "ordinal"]
Level = Literal["nominal", "ordinal"]

NO_PAIRS = "There are no pairs of grades to compare."
ONE_PAIR = "There is only one pair of grades; a coefficient needs at least two."
ONE_CATEGORY = "The scale has only one grade, so agreement by chance cannot be told apart."
ONE_CELL = (
    "Both readers gave the same single grade every time, so agreement by chance cannot be told "
    "apart from judgement."
)
NO_SPREAD = "The standard error is zero, so no interval can be given."
ALL_ALIKE = "All samples drawn from these pairs give the same value, so there is no interval."
SELDOM_KNOWN = "Too many samples drawn from these pairs hold only one grade to give an interval."


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

    `interval` is that of the mean; where there is a mean and no interval, `note` says why.

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
    interval: Interval | None = None


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
    n, share, square = denominator, numerator / denominator, NORMAL * NORMAL
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = NORMAL * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    low = 0.0 if numerator == 0 else max(0.0, middle - reach)
    high = 1.0 if numerator == n else min(1.0, middle + reach)
    return _decimal(low), _decimal(high)


def cohens_kappa(table: Table, weighting: Literal["none", "linear", "quadratic"]) -> Estimate:
    """Cohen's kappa, plain or weighted, with its large-sample interval.

    With credits w, joint shares p, shares r of the rows and c of the columns, u_i = sum_j w_ij c_j
    and v_j = sum_i w_ij r_i: po = sum w p; pe = sum w r c; kappa = (po - pe) / (1 - pe); variance
    (sum p_ij (w_ij - (u_i + v_j)(1 - kappa))^2 - (kappa - pe (1 - kappa))^2) / (n (1 - pe)^2)
    (Fleiss, Cohen & Everitt 1969). Both are multiplied out to whole numbers here.
    """
    return _kappa(_frozen(table), weighting)


@lru_cache(maxsize=10_000)
def _kappa(table: Counts, weighting: Weighting) -> Estimate:
    n = pairs_compared(table)
    refusal = _cannot_correct(table, n) or _one_grade_only(table)
    if refusal:
        return Estimate(None, n, note=refusal)
    whole, credit = _whole_credits(len(table), weighting)
    rows, columns = _margins(table)
    places = range(len(table))
    cells = [(i, j) for i in places for j in places]
    given = n * sum(credit[i][j] * table[i][j] for i, j in cells)
    chance = sum(credit[i][j] * rows[i] * columns[j] for i, j in cells)
    most = whole * n * n
    left, lost = most - chance, most - given
    by_row = [sum(credit[i][j] * columns[j] for j in places) for i in places]
    by_column = [sum(credit[i][j] * rows[i] for i in places) for j in places]
    squares = sum(
        table[i][j] * (n * credit[i][j] * left - (by_row[i] + by_column[j]) * lost) ** 2
        for i, j in cells
        if table[i][j]
    )
    spread = n * squares - ((given - chance) * most - chance * lost) ** 2
    value = Fraction(given - chance, left)
    return _estimate(value, n, Fraction(spread, n * left**4), NORMAL)


def gwets_ac(table: Table, weighting: Weighting = "none") -> Estimate:
    """Gwet's AC1 (no weights) or AC2 (weighted): agreement corrected for chance, steady where
    nearly all audits get one grade. The interval uses t with n - 1 degrees.

    With credits w, joint shares p, and pi_k the mean share of grade k over the two readers:
    pa = sum w_kl p_kl; pe = T sum pi_k (1 - pi_k) / (q (q - 1)), T the sum of all credits;
    AC = (pa - pe) / (1 - pe) (Gwet 2014, ch. 4); variance (sum p_kl (w_kl - 2 (1 - AC) T / (q (q -
    1)) (1 - (pi_k + pi_l) / 2))^2 - (pa - 2 (1 - AC) pe)^2) / (n (1 - pe)^2) (ch. 5). Both are
    multiplied out to whole numbers here. Where all agree on one grade pe is 0 and AC is 1.
    """
    return _ac(_frozen(table), weighting)


@lru_cache(maxsize=10_000)
def _ac(table: Counts, weighting: Weighting) -> Estimate:
    n = pairs_compared(table)
    refusal = _cannot_correct(table, n)
    if refusal:
        return Estimate(None, n, note=refusal)
    size = len(table)
    whole, credit = _whole_credits(size, weighting)
    both = [row + column for row, column in zip(*_margins(table), strict=True)]
    cells = [(i, j) for i in range(size) for j in range(size) if table[i][j]]
    all_credit = sum(map(sum, credit))
    unit = size * (size - 1) * 4 * n
    given = unit * sum(credit[i][j] * table[i][j] for i, j in cells)
    chance = all_credit * sum(each * (2 * n - each) for each in both)
    most = whole * unit * n
    left, lost = most - chance, most - given
    squares = sum(
        table[i][j]
        * (credit[i][j] * unit * left - 2 * lost * all_credit * (4 * n - both[i] - both[j])) ** 2
        for i, j in cells
    )
    spread = n * squares - (given * left - 2 * lost * chance) ** 2
    value = Fraction(given - chance, left)
    return _estimate(value, n, Fraction(spread, n * left**4), student_reach(n - 1))


def krippendorffs_alpha(table: Table, level: Level = "ordinal") -> Estimate:
    """Krippendorff's alpha for two readers, from their table, with an interval by resampling."""
    return _alpha(_frozen(table), level)


@lru_cache(maxsize=10_000)
def _alpha(table: Counts, level: Level) -> Estimate:
    n = pairs_compared(table)
    refusal = _cannot_correct(table, n) or _one_grade_only(table)
    if refusal:
        return Estimate(None, n, note=refusal)
    places = range(len(table))
    together = [[table[i][j] + table[j][i] for j in places] for i in places]
    value = _alpha_of(together, level)
    assert value is not None
    interval, note = _drawn(resampling.alphas(table, level))
    return Estimate(value, n, interval, note)


def _alpha_of(together: Sequence[Sequence[int | Fraction]], level: Level) -> Fraction | None:
    """Alpha from its coincidences o, which hold every pair of two readings of a case both ways:
    1 - (N - 1) sum o_kl d_kl / sum m_k m_l d_kl, m their sums and N the sum of all; the squared
    distances d are those of Krippendorff 2011. None where all readings are one grade."""
    sums = [sum(line) for line in together]
    apart = distances(sums, level)
    cells = [(i, j) for i in range(len(sums)) for j in range(len(sums)) if i != j]
    expected = sum(sums[i] * sums[j] * apart[i][j] for i, j in cells)
    if not expected:
        return None
    observed = sum(together[i][j] * apart[i][j] for i, j in cells)
    return 1 - Fraction((sum(sums) - 1) * observed) / expected


def distances(sums: Sequence[int | Fraction], level: Level) -> list[list[int | Fraction]]:
    """The squared distances of grades, times four: for ordered ones by how many readings lie
    between two grades, half of each of the two counted in."""
    places = range(len(sums))
    if level == "nominal":
        return [[4 * int(i != j) for j in places] for i in places]
    upto = [sum(sums[: k + 1]) for k in places]
    middle = [2 * upto[k] - sums[k] for k in places]
    return [[(middle[i] - middle[j]) ** 2 for j in places] for i in places]


def shift(table: Table) -> Shift:
    """Which way moderation moves grades, with the exact sign test (see `Shift`)."""
    return _shift(_frozen(table))


@lru_cache(maxsize=10_000)
def _shift(table: Counts) -> Shift:
    n = pairs_compared(table)
    cells = [(i - j, cell) for i, row in enumerate(table) for j, cell in enumerate(row)]
    up = sum(cell for step, cell in cells if step > 0)
    down = sum(cell for step, cell in cells if step < 0)
    total = sum(step * cell for step, cell in cells)
    if n == 0:
        return Shift(0, 0, None, 0, 0, 0, None, NO_PAIRS)
    mean = Fraction(total, n)
    if up + down == 0:
        note = "No grade was moved, so there is no direction to test."
        return Shift(n, total, mean, up, down, n, None, note)
    interval, note = _drawn(resampling.mean_shifts(table))
    same = n - up - down
    return Shift(n, total, mean, up, down, same, sign_test(up, down), note, interval)


def _drawn(bounds: tuple[float, float] | None) -> tuple[Interval | None, str]:
    """The interval of resampling, or why there is none."""
    if bounds is None:
        return None, SELDOM_KNOWN
    low, high = bounds
    return (None, ALL_ALIKE) if low == high else ((_decimal(low), _decimal(high)), "")


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


@lru_cache(maxsize=100)
def _whole_credits(size: int, weighting: Weighting) -> tuple[int, Counts]:
    """A credit of 1, and all credits, multiplied by one number that makes them whole."""
    credits = weight_matrix(size, weighting)
    whole = math.lcm(*{each.denominator for line in credits for each in line})
    return whole, tuple(tuple(int(each * whole) for each in line) for line in credits)


def _frozen(table: Table) -> Counts:
    return tuple(tuple(row) for row in table)


def _margins(table: Counts) -> tuple[list[int], list[int]]:
    return [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]


def _cannot_correct(table: Table, n: int) -> str:
    """Why agreement cannot be corrected for chance here, or nothing."""
    if n == 0:
        return NO_PAIRS
    if len(table) == 1:
        return ONE_CATEGORY
    return ONE_PAIR if n == 1 else ""


def _one_grade_only(table: Counts) -> str:
    """Why a coefficient that compares with what these readers gave has nothing to compare with."""
    given = [k for k, both in enumerate(zip(*_margins(table), strict=True)) if any(both)]
    return ONE_CELL if len(given) == 1 else ""


def _estimate(value: Fraction, n: int, variance: Fraction, reach: float) -> Estimate:
    """With bounds held within -1 and 1; without them where the standard error is zero."""
    if variance <= 0:
        return Estimate(value, n, note=NO_SPREAD)
    apart = reach * math.sqrt(variance)
    low, high = max(-1.0, float(value) - apart), min(1.0, float(value) + apart)
    return Estimate(value, n, (_decimal(low), _decimal(high)))


def _decimal(value: float) -> Decimal:
    """Ten places, which is more than is shown and less than binary noise."""
    return Decimal(f"{value:.10f}") + 0
