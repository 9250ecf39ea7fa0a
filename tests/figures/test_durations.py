"""How long things take: against worked examples that were published."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from projections.figures.durations import NINETIETH, median, nearest_rank, survival

# Freireich et al. 1963, *Blood* 21:699-716, weeks in remission under 6-mercaptopurine, as given and
# worked in Kleinbaum & Klein, *Survival Analysis*, 3rd ed., table 2.1: three relapsed at 6 weeks.
RELAPSED = Counter([6, 6, 6, 7, 10, 13, 16, 22, 23])
IN_REMISSION = Counter([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])


def test_the_share_still_open_is_that_of_the_published_trial() -> None:
    curve = survival(RELAPSED, IN_REMISSION)
    at = {step.day: (step.at_risk, round(float(step.share), 4)) for step in curve.steps}
    assert at[6] == (21, 0.8571)
    assert at[7] == (17, 0.8067)
    assert at[10] == (15, 0.7529)
    assert at[13] == (12, 0.6902)
    assert at[16] == (11, 0.6275)
    assert at[22] == (7, 0.5378)
    assert at[23] == (6, 0.4482)
    assert at[35] == (1, 0.4482)
    assert curve.steps[0].share == Fraction(6, 7)
    assert (curve.n, curve.ended, curve.censored, curve.median) == (21, 9, 12, 23)


def test_what_nobody_saw_end_has_no_median() -> None:
    curve = survival({}, {3: 2})
    assert (curve.n, curve.median) == (2, None)
    assert curve.after(2) is None
    assert survival({}, {}).n == 0


def test_the_percentile_is_the_nearest_rank() -> None:
    """Ten days from 1 to 10: nine in ten were done within 9; of eleven, within 10."""
    assert nearest_rank(Counter(range(1, 11)), NINETIETH) == 9
    assert nearest_rank(Counter(range(1, 12)), NINETIETH) == 10
    assert nearest_rank({7: 1}, NINETIETH) == 7
    assert nearest_rank({}, NINETIETH) is None


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    assert median({1: 1, 4: 1}) == Fraction(5, 2)
    assert median({1: 1, 4: 2}) == 4
    assert median({}) is None
