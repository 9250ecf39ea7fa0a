"""The few quantiles and probabilities that intervals and tests need, from the standard library.

Sources: Abramowitz & Stegun 1964, *Handbook of Mathematical Functions*, 26.7.3-4 (Student's t for
whole degrees of freedom) and 26.7.5 (its expansion for many); Dixon & Mood 1946, *J Am Stat Assoc*
41:557-566 (the sign test).
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from functools import lru_cache

NORMAL = 1.959963984540054
"""The standard normal quantile of 0.975, for intervals at 95%."""
_MANY = 400
"""From so many degrees of freedom on the expansion is right to ten places."""


@lru_cache(maxsize=20_000)
def student_reach(degrees: int) -> float:
    """The quantile of 0.975 of Student's t with so many degrees of freedom (at least one)."""
    if degrees == 1:
        return math.tan(0.475 * math.pi)
    reach = _expanded(degrees)
    if degrees >= _MANY:
        return reach
    if degrees < 3:
        return 0.95 * math.sqrt(2 / (1 - 0.95**2))
    density = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(
        degrees * math.pi
    )
    for _ in range(50):
        slope = 2 * density * (1 + reach * reach / degrees) ** (-(degrees + 1) / 2)
        step = (_within(reach, degrees) - 0.95) / slope
        reach -= step
        if abs(step) < 1e-13 * reach:
            break
    return reach


def _expanded(degrees: int) -> float:
    z, n = NORMAL, degrees
    terms = (
        (z**3 + z) / (4 * n),
        (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2),
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3),
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * n**4),
    )
    return z + sum(terms)


def _within(reach: float, degrees: int) -> float:
    """The probability that t lies between `-reach` and `reach`."""
    angle = math.atan(reach / math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees % 2
    term = cosine if odd else 1.0
    total = term
    for k in range(2 + odd, degrees - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    return (angle + sine * total) * 2 / math.pi if odd else sine * total


@lru_cache(maxsize=20_000)
def sign_test(up: int, down: int) -> Decimal:
    """The exact two-sided probability of a split at least as uneven, if up and down were equally
    likely. To thirty digits, however small it is."""
    n, few = up + down, min(up, down)
    if 2 * few == n:
        return Decimal(1)
    with localcontext(prec=40):
        term = Decimal(2 * math.comb(n, few)) / Decimal(2) ** n
        total = Decimal(0)
        for k in range(few, -1, -1):
            total += term
            term = term * k / (n - k + 1)
            if term < total * Decimal("1e-35"):
                break
    with localcontext(prec=30):
        return min(+total, Decimal(1))
