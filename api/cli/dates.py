"""Dates on the command line."""

from __future__ import annotations

from datetime import date

from qa.core.errors import Refused


def day_of(text: str | None, option: str) -> date | None:
    """An ISO date.

    Raises:
        Refused: not a date that exists.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(
            f"{option} {text} is not a date. Write it like 2026-03-31.",
            field=option,
            code="date-impossible",
        ) from None
