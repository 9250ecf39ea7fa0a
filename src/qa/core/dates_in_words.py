"""Days and instants as people read them, on every page, in every sentence and every document."""

from __future__ import annotations

from datetime import date, datetime

from qa.core.clock import LONDON
from qa.core.periods import MONTHS


def day(value: date | datetime) -> str:
    """12 October 2026, in London."""
    value = _london(value)
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """12 October 2026 at 11:03am, in London."""
    at = value.astimezone(LONDON)
    return f"{day(at)} at {at.hour % 12 or 12}:{at:%M}{'am' if at.hour < 12 else 'pm'}"


def _london(value: date | datetime) -> date:
    return value.astimezone(LONDON) if isinstance(value, datetime) else value
