"""What a column that is called like a field may hold instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

_URGENCY = frozenset(
    {"high", "medium", "low", "h", "m", "l", "med", "urgent", "critical", "very high", "very low",
     "normal", "routine", "top", "must", "should", "could", "h/m", "m/l"}
)  # fmt: skip
_EITHER = "progress"
"""What columns of per cents are called, and columns of words."""
_PERCENT = re.compile(r"[-+]?\d+(?:[.,]\d+)?\s*%?")


def is_urgency(heading: str, texts: Sequence[str]) -> str:
    """Why a column called Priority names no part of a plan."""
    if all(text.casefold().removesuffix(" priority") in _URGENCY for text in texts):
        return "It says how urgent each row is, which is no part of a plan."
    return ""


def is_words(heading: str, texts: Sequence[str]) -> str:
    """Why a column called Progress holds no per cents."""
    if heading.strip().casefold() == _EITHER and 2 * sum(
        bool(_PERCENT.fullmatch(text)) for text in texts
    ) < len(texts):
        return "It holds words and not per cents."
    return ""


def is_percents(heading: str, texts: Sequence[str]) -> str:
    """Why a column called Progress holds no commentary."""
    if heading.strip().casefold() == _EITHER and all(map(_PERCENT.fullmatch, texts)):
        return "It holds numbers and not words."
    return ""
