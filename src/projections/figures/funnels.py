"""Parts of a council compared by a rate: each against limits as wide as chance alone would make the
rate of so few or so many, about the rate of all together.

Source: Spiegelhalter 2005, *Stat Med* 24:1185-1202. The limits are the exact binomial ones of its
appendix A.1.1: with r the smallest count of n whose cumulative probability reaches p, the limit is
(r - a) / n, where a = (F(r) - p) / (F(r) - F(r - 1)).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

TAILS = (0.001, 0.025, 0.975, 0.999)
"""The probabilities of the limits: 99.8% of what chance gives lies between the outer two, 95%
between the inner two."""
FEWEST = 3
"""Of fewer parts there is nothing to compare."""

Reading = Literal["far-below", "below", "within", "above", "far-above"]


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Limits of a rate (0 to 1): the outer two hold 99.8% of what chance gives, the inner 95%."""

    outer_low: float
    low: float
    high: float
    outer_high: float

    def reading(self, share: Fraction) -> Reading:
        """Where a rate lies; on a limit it is within it."""
        at = round(float(share), 10)
        if at < self.low:
            return "far-below" if at < self.outer_low else "below"
        if at > self.high:
            return "far-above" if at > self.outer_high else "above"
        return "within"


@dataclass(frozen=True, slots=True)
class FunnelPart:
    """A part of the council: so many `count` of its `of`."""

    name: str
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """A part beside its limits; `reading` is None where it is of too few to be shown."""

    part: FunnelPart
    limits: FunnelLimits
    reading: Reading | None

    @property
    def share(self) -> Fraction:
        return Fraction(self.part.count, self.part.of)


@dataclass(frozen=True, slots=True)
class Funnel:
    """The parts by name, about the rate of all together (`count` of `of`)."""

    count: int
    of: int
    points: Sequence[FunnelPoint]

    @property
    def target(self) -> Fraction:
        return Fraction(self.count, self.of)

    @property
    def outside(self) -> list[FunnelPoint]:
        """The points beyond the 95% limits, the furthest first."""
        found = [one for one in self.points if one.reading not in (None, "within")]
        return sorted(
            found, key=lambda one: (not str(one.reading).startswith("far"), one.part.name)
        )


def funnel(parts: Iterable[FunnelPart], least: int) -> Funnel | None:
    """The parts against their limits; None for fewer than `FEWEST` that are shown. What rests on
    fewer than `least` is in the rate of all together and is not read."""
    sorted_parts = sorted((one for one in parts if one.of), key=lambda one: one.name.casefold())
    if sum(one.of >= max(least, 1) for one in sorted_parts) < FEWEST:
        return None
    count, of = sum(one.count for one in sorted_parts), sum(one.of for one in sorted_parts)
    points = []
    for one in sorted_parts:
        bounds = limits(one.of, Fraction(count, of))
        few = one.of < least
        points.append(
            FunnelPoint(one, bounds, None if few else bounds.reading(Fraction(one.count, one.of)))
        )
    return Funnel(count, of, tuple(points))


@lru_cache(maxsize=4096)
def limits(of: int, target: Fraction) -> FunnelLimits:
    """The limits of a rate of `of` where the true one is `target` (0 to 1)."""
    share = float(target)
    if share in (0.0, 1.0):
        return FunnelLimits(share, share, share, share)
    found: list[float] = []
    before = 0.0
    for count in range(of + 1):
        reached = before + _binomial(count, of, share)
        while len(found) < len(TAILS) and (reached >= TAILS[len(found)] or count == of):
            spread = reached - before
            back = (reached - TAILS[len(found)]) / spread if spread else 0.0
            found.append(round(min(max((count - back) / of, 0.0), 1.0), 10))
        before = reached
    return FunnelLimits(*found)


def _binomial(count: int, of: int, share: float) -> float:
    """The probability of exactly `count` of `of`."""
    ways = math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)
    return math.exp(ways + count * math.log(share) + (of - count) * math.log1p(-share))
