"""Which rows of a table are shown where every number is rounded to a multiple of a step.

Why it holds: a number that is shown stands for as many true ones as the step is, or, for nought,
for nought and those under half of it. Of two numbers that are shown alike the difference may be
nought, of two that are not it may be the step or more; so neither a number, nor a rest, nor how it
changed from one copy to the next, is ever known to be few. That holds for any two numbers, whether
or not it is known how they hang together; it does not hold for sums of several. So no total stands
beside rows, no other breakdown of the same records is given out, and what was once given out
rounded is never given out exactly, nor to another step. A row whose counts among the same number
are together more than it when rounded is left out: if they exclude each other, as good and
inadequate do, both would be known to be few.
`tests/disclosure/test_rounding.py` tries every number. After Hundepool et al., Statistical
Disclosure Control (2012), chapter 4: rounding.
"""

from __future__ import annotations

from itertools import combinations

from qa.disclosure.suppression import CountedRow, CountedTable, ShownRows

RATES_FROM = 10
"""A rate is told of numbers that are rounded where its base is so many steps or more: of fewer it
would be far from the true one."""


def rounded(number: int, step: int) -> int:
    """The nearest multiple of the step; half of it goes up."""
    return (2 * number + step) // (2 * step) * step


def rounded_rate(counted: int, among: int, step: int) -> int | None:
    """The per cent that two rounded numbers give; None where the base is too small for it."""
    if among < RATES_FROM * step:
        return None
    return (200 * counted + among) // (2 * among)


def rounded_rows(table: CountedTable, step: int) -> ShownRows:
    """Every row whose numbers are known and give no sum away, and the totals that no row stands
    beside."""
    scales = {row.scale for row in table.rows}
    return ShownRows(
        hidden=tuple(at for at, row in enumerate(table.rows) if _is_told_by_sums(row, step)),
        totals=tuple(
            at
            for at, total in enumerate(table.totals)
            if total.measures is not None and total.scale not in scales
        ),
    )


def _is_told_by_sums(row: CountedRow, step: int) -> bool:
    """Whether a number of a row is not known, or two that are counted among the same number are
    more than it once they are rounded."""
    if row.measures is None:
        return True
    # Of what is all of its number nothing is left for others that exclude it.
    parts = [one for one in row.counts.values() if one is not None and one[0] < one[1]]
    return any(
        among == same and rounded(one, step) + rounded(other, step) > rounded(among, step)
        for (one, among), (other, same) in combinations(parts, 2)
    )
