"""How far ahead of its day a change may be told."""

from __future__ import annotations

from datetime import date, timedelta

from qa.core.errors import Refused

FURTHEST_AHEAD = timedelta(days=366)


def not_far_ahead(on: date, *, field: str, today: date) -> None:
    """Raises `Refused` for a day so far ahead that it is more likely a slip."""
    if on > today + FURTHEST_AHEAD:
        sentence = "Enter a day no later than a year from now."
        raise Refused(sentence, field=field, code="date-far")
