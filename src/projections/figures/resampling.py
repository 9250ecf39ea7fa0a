"""Intervals by drawing the pairs of a table again: for alpha and for the mean shift.

The percentile interval of the bootstrap (Efron & Tibshirani 1993, *An Introduction to the
Bootstrap*, ch. 13) over 999 samples, so that its bounds are the 25th and the 975th of them. The
seed is taken from the table, so a table has one interval, whenever and wherever it is asked for:
`RandomState` is the generator of numpy whose numbers are promised never to change (NEP 19).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLES = 999
LOW = 24
FEWEST = 950
"""With fewer samples in which alpha is known, there is no interval."""

Counts = tuple[tuple[int, ...], ...]


@lru_cache(maxsize=4)
def _samples(table: Counts) -> NDArray[np.int64]:
    """Tables drawn from the pairs of `table`, with as many pairs each."""
    # numpy takes a tenth of a second to import, which commands without such a figure need not wait.
    import numpy as np

    cells = [(i, j) for i, row in enumerate(table) for j, cell in enumerate(row) if cell]
    counts = [table[i][j] for i, j in cells]
    seed = int.from_bytes(hashlib.sha256(repr(table).encode()).digest()[:4], "big")
    shares = np.array(counts, dtype=float) / sum(counts)
    drawn = np.random.RandomState(seed).multinomial(sum(counts), shares, size=SAMPLES)
    samples = np.zeros((SAMPLES, len(table), len(table)), dtype=np.int64)
    for at, (i, j) in enumerate(cells):
        samples[:, i, j] = drawn[:, at]
    return samples


def alphas(table: Counts, level: Literal["nominal", "ordinal"]) -> tuple[float, float] | None:
    """The bounds of Krippendorff's alpha for a table of two readers; None where too many samples
    hold one single grade."""
    import numpy as np

    samples = _samples(table).astype(float)
    together = samples + samples.transpose(0, 2, 1)
    sums = together.sum(axis=2)
    if level == "nominal":
        apart = np.broadcast_to(1.0 - np.eye(len(table)), together.shape)
    else:
        middle = sums.cumsum(axis=1) - sums / 2
        apart = (middle[:, :, None] - middle[:, None, :]) ** 2
    expected = (sums[:, :, None] * sums[:, None, :] * apart).sum(axis=(1, 2))
    observed = (together * apart).sum(axis=(1, 2))
    known = expected > 0
    pairs = 2 * sum(map(sum, table))
    found = 1 - (pairs - 1) * observed[known] / expected[known]
    return _bounds(found.tolist())


def mean_shifts(table: Counts) -> tuple[float, float] | None:
    """The bounds of the mean of the steps from the auditor's (row) to the moderator's grade."""
    import numpy as np

    place = np.arange(len(table))
    steps = (_samples(table) * (place[:, None] - place[None, :])).sum(axis=(1, 2))
    return _bounds((steps / sum(map(sum, table))).tolist())


def _bounds(values: Sequence[float]) -> tuple[float, float] | None:
    if len(values) < FEWEST:
        return None
    ordered = sorted(values)
    # Of fewer samples the same shares from both ends.
    return ordered[LOW * len(values) // SAMPLES], ordered[-1 - LOW * len(values) // SAMPLES]
