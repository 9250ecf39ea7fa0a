"""How long things take, from counts of whole days: the median, percentiles and the share that is
still open after so many days.

Everything is exact. Sources: Hyndman & Fan 1996, *The American Statistician* 50:361-365 (the
percentile is their definition 1, the nearest rank: the smallest number of days within which at
least that share was done); Kaplan & Meier 1958, *J Am Stat Assoc* 53:457-481 (the share still open,
where some are still open when we look and are counted as long as they were watched).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

NINETIETH = Fraction(9, 10)


def nearest_rank(days: Mapping[int, int], share: Fraction) -> Fraction | None:
    """The percentile of `days` (days → how many took so long); None where there are none."""
    total = sum(days.values())
    rank = max(1, -(-total * share.numerator // share.denominator))
    return None if total == 0 else Fraction(_at(days, rank))


def median(days: Mapping[int, int]) -> Fraction | None:
    """The middle of `days`, or the mean of the two in the middle; None where there are none."""
    total = sum(days.values())
    if total == 0:
        return None
    return Fraction(_at(days, (total + 1) // 2) + _at(days, total // 2 + 1), 2)


def _at(days: Mapping[int, int], rank: int) -> int:
    """The number of days at this place, counted from 1 in ascending order."""
    ordered = sorted(days)
    upto = accumulate(days[day] for day in ordered)
    return next(day for day, reached in zip(ordered, upto, strict=True) if reached >= rank)


@dataclass(frozen=True, slots=True)
class CurveStep:
    """What happened `day` days in, of the `at_risk` that were open until then.

    `censored` were still open when last looked at, on that day. `share` is the share of all that
    are still open afterwards.
    """

    day: int
    at_risk: int
    ended: int
    censored: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Curve:
    """The share still open, day by day. `n` is everything it is drawn from."""

    steps: tuple[CurveStep, ...]

    @property
    def n(self) -> int:
        return self.steps[0].at_risk if self.steps else 0

    @property
    def ended(self) -> int:
        return sum(step.ended for step in self.steps)

    @property
    def censored(self) -> int:
        return sum(step.censored for step in self.steps)

    @property
    def median(self) -> int | None:
        """The first day on which no more than half are open; None where it never comes to that."""
        half = Fraction(1, 2)
        return next((step.day for step in self.steps if step.share <= half), None)

    def after(self, day: int) -> CurveStep | None:
        """The last step up to that day; None before the first one."""
        upto = bisect_right(self.steps, day, key=lambda step: step.day)
        return self.steps[upto - 1] if upto else None


def survival(ended: Mapping[int, int], censored: Mapping[int, int]) -> Curve:
    """The product-limit estimate: at each day the share still open is multiplied by one less the
    ended among those at risk. Whatever was censored on a day was at risk on it."""
    over_on, lost_on = Counter(ended), Counter(censored)
    at_risk = over_on.total() + lost_on.total()
    share = Fraction(1)
    steps = []
    for day in sorted({*ended, *censored}):
        over, lost = over_on[day], lost_on[day]
        share *= 1 - Fraction(over, at_risk)
        steps.append(CurveStep(day, at_risk, over, lost, share))
        at_risk -= over + lost
    return Curve(tuple(steps))
