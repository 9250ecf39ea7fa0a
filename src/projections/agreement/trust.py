"""In plain words, which figure of agreement to trust for these grades, and why.

The choice follows Feinstein & Cicchetti 1990 (*J Clin Epidemiol* 43:543-549: kappa falls when
nearly all cases get one grade, however well readers agree), Gwet 2008 (AC1 and AC2 do not) and
Cohen 1968 (ordered grades need weights). From what share of one grade on AC2 is preferred is our
own rule.
"""

from __future__ import annotations

from fractions import Fraction

from projections.figures.figure import SMALL, Figure
from projections.figures.rounding import shown

ONE_GRADE = Fraction(4, 5)
"""From this share of all grades in one point of the scale, AC2 is preferred to kappa."""


def reading(table: list[list[int]], weighted_kappa: Figure, ac2: Figure) -> str:
    """One or two sentences for a table of auditor's by moderator's grades."""
    pairs = sum(map(sum, table))
    if pairs == 0:
        return "No completed moderation to compare."
    if pairs < SMALL:
        return (
            f"Only {pairs} to compare: read the cases rather than the figures. No coefficient is "
            "steady on so few."
        )
    if weighted_kappa.exact is None and ac2.exact is None:
        return (
            "Agreement beyond chance cannot be calculated here, because the grades do not vary. "
            "Use the agreement rate with its interval."
        )
    share = max(
        Fraction(sum(table[at]) + sum(row[at] for row in table), 2 * pairs)
        for at in range(len(table))
    )
    if share >= ONE_GRADE:
        return (
            f"{shown(100 * share, 'percent')} of all grades are the same one. Kappa and alpha "
            f"fall in such a case although readers agree, so trust AC2 ({ac2.display}) and the "
            "agreement rate."
        )
    return (
        f"Trust the quadratic weighted kappa ({weighted_kappa.display}): grades are ordered, and "
        "it counts a grade next to the auditor's as nearer than one further off. The agreement "
        "rate alone includes what would agree by chance."
    )
