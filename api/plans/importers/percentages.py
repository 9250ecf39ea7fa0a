"""What the percentages in a text give away: parts that make more than a whole, a missed target.

Both are hints for somebody to look at; nothing is read as a figure and nothing is corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

_PERCENT = r"(\d+(?:\.\d+)?)\s?%"
_TARGET = re.compile(rf"\btarget\D{{0,20}}?{_PERCENT}|{_PERCENT}\s+target\b", re.IGNORECASE)
_SENTENCE = re.compile(r"\.\s+|;\s+|\n")
_ROUNDED = Decimal(1)
"""What rounding each part may add to a whole."""


def more_than_a_whole(text: str) -> Decimal | None:
    """What three or more percentages of one sentence add up to, where that is over 100."""
    for sentence in _SENTENCE.split(text):
        parts = [Decimal(one) for one in re.findall(_PERCENT, _TARGET.sub("", sentence))]
        if len(parts) > 2 and sum(parts) > 100 + _ROUNDED:
            return sum(parts, Decimal(0))
    return None


def missed_target(text: str, beside: Iterable[str]) -> tuple[Decimal, Decimal] | None:
    """The one percentage of a text and the one target of it or of the cells `beside` it, where the
    figure is below the target. None where there are several of either: nobody can tell which."""
    targets = _targets(text) or [one for cell in beside for one in _targets(cell)]
    reached = re.findall(_PERCENT, _TARGET.sub("", text))
    if len(targets) != 1 or len(reached) != 1:
        return None
    figure = Decimal(reached[0])
    return (figure, targets[0]) if figure < targets[0] else None


def _targets(text: str) -> list[Decimal]:
    return [Decimal(one or other) for one, other in _TARGET.findall(text)]
