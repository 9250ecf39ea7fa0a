"""What of the query of a list can be kept: its codes, days and columns, and no typed words."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

WORDS = frozenset({"q", "name", "child", "reference", "subject", "purpose"})
"""What lists call their boxes of words to search by."""
DAYS = frozenset({"audited_from", "audited_to", "since", "until", "first", "last"})
"""What they call their boxes of days, which may hold anything that was typed there."""
_DAY = re.compile(r"\d{1,4}[/-]\d{1,2}[/-]\d{1,4}")


def without_words(query: str) -> str:
    """The query without the words that were typed to search by: they may name somebody."""
    return urlencode(
        [
            (name, value)
            for name, value in parse_qsl(query)
            if name not in WORDS and (name not in DAYS or _DAY.fullmatch(value))
        ]
    )
