"""The formulas of reports that were published before formulas had a version (version 1).

A published report is made again from the log and must be the same, byte for byte, for ever. Nothing
new is made with these: see `projections.figures.formulas`. What differed: a coefficient was unknown
where each reader gave one grade; alpha and the mean shift had no interval; and kappa had one where
its standard error is nought but for the rounding of binary numbers.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Literal

from projections.figures import statistics
from projections.figures.statistics import Estimate, Shift, Table, Weighting

ONE_CELL_APART = (
    "Each reader gave one single grade every time, so agreement by chance cannot be told apart "
    "from judgement."
)
NO_FORMULA_INTERVAL = (
    "No interval is given: alpha has no agreed formula for one, and none is drawn by resampling."
)


def cohens_kappa(table: Table, weighting: Literal["none", "linear", "quadratic"]) -> Estimate:
    refused = _one_cell(table)
    now = refused or statistics.cohens_kappa(table, weighting)
    if now.value is None or now.interval is not None:
        return now
    error = _standard_error(table, weighting)
    if not error >= 1e-9:
        return now
    bound = Decimal(f"{1.96 * error:.10f}")
    value = Decimal(f"{float(now.value):.10f}")
    return replace(now, interval=(value - bound, value + bound), note="")


def gwets_ac(table: Table, weighting: Weighting = "none") -> Estimate:
    return _one_cell(table) or statistics.gwets_ac(table, weighting)


def krippendorffs_alpha(table: Table) -> Estimate:
    found = _one_cell(table) or statistics.krippendorffs_alpha(table)
    return found if found.value is None else replace(found, interval=None, note=NO_FORMULA_INTERVAL)


def shift(table: Table) -> Shift:
    found = statistics.shift(table)
    if found.sign_test is None:
        return found
    test = Decimal(f"{found.sign_test:.10f}")
    return replace(found, sign_test=test, interval=None, note="")


def _one_cell(table: Table) -> Estimate | None:
    n = statistics.pairs_compared(table)
    used = [(i, j) for i, row in enumerate(table) for j, cell in enumerate(row) if cell]
    if n < 2 or len(table) == 1 or len(used) != 1:
        return None
    (i, j) = used[0]
    return Estimate(None, n, note=statistics.ONE_CELL if i == j else ONE_CELL_APART)


def _standard_error(table: Table, weighting: str) -> float:
    """As binary numbers gave it, in the order in which statsmodels 0.14 (BSD licence) adds up."""
    import numpy as np

    cells = np.asarray(table, dtype=float)
    total = cells.sum()
    shares, rows, columns = cells / total, cells.sum(1) / total, cells.sum(0) / total
    expected = columns * rows[:, None]
    with np.errstate(all="ignore"):
        if weighting == "none":
            chance = np.diag(expected).sum()
            kappa = (np.diag(cells).sum() / total - chance) / (1 - chance)
            agreeing = np.diag(shares) * (1 - (rows + columns) * (1 - kappa)) ** 2
            differing = shares * (columns[:, None] + rows) ** 2
            np.fill_diagonal(differing, 0)
            spread = agreeing.sum() + (1 - kappa) ** 2 * differing.sum()
            spread = spread - (kappa - chance * (1 - kappa)) ** 2
            return float(np.sqrt(spread / (1 - chance) ** 2 / total))
        place = np.arange(len(table)).astype(float)
        apart = np.abs(place[:, None] - place) / (place[-1] - place[0])
        if weighting == "quadratic":
            apart = (place[:, None] - place) ** 2 / (place[-1] - place[0]) ** 2
        kappa = 1 - (apart * cells).sum() / total / (apart * expected).sum()
        credit = 1.0 - apart
        by_row, by_column = (columns * credit).sum(1), (rows[:, None] * credit).sum(0)
        chance = (credit * columns * rows[:, None]).sum()
        terms = shares * (credit - (by_column + by_row[:, None]) * (1 - kappa)) ** 2
        spread = terms.sum() - (kappa - chance * (1 - kappa)) ** 2
        return float(np.sqrt(spread * (1.0 / ((1 - chance) ** 2 * total))))
