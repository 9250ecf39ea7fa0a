"""What a column that is called like a field may hold instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

_URGENCY = frozenset(
    {"high", "medium", "low", "h", "m", "l", "med", "urgent", "critical", "very high", "very low",
     "normal", "routine", "top", "must", "should", "could", "wont", "must have", "should have",
     "could have", "wont have", "h/m", "m/l", "essential", "desirable", "immediate", "moderate",
     "standard", "red", "amber", "green"}
)  # fmt: skip
_BESIDE = re.compile(r"\s*[(\[-].*$|^\d\s*[-.:]?\s*|['’]|\s+priority$|^priority\s+")
"""What stands beside such a word: “High (1)”, “1 - High”."""
_GRADE = re.compile(r"(?:p|priority )?[1-5]", re.IGNORECASE)
_EITHER = "progress"
"""What columns of per cents are called, and columns of words."""
_PERCENT = re.compile(r"[-+]?\d+(?:[.,]\d+)?\s*%?")


def is_urgency(heading: str, texts: Sequence[str]) -> str:
    """Why a column called Priority names no part of a plan."""
    words = [_BESIDE.sub("", text.casefold()) for text in texts]
    if 2 * sum(word in _URGENCY for word in words) > len(words):
        return "It says how urgent each row is, which is no part of a plan."
    if "priority" not in heading.casefold():
        return ""
    runs = 1 + sum(one != before for one, before in zip(texts[1:], texts, strict=False))
    if len(set(texts)) < runs and len(set(texts)) <= 3 and all(map(_GRADE.fullmatch, texts)):
        return (
            "Its numbers are in no order, as where they say how urgent each row is. Choose it "
            "where they are the parts of the plan."
        )
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
