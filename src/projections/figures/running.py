"""Periods that are not over yet: marked wherever they are shown, never set against whole ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from projections.figures.figure import caveat, code_of_caveat
from qa.core.periods import Period

NOT_OVER = "not over"
"""The mark beside the name of such a period."""


def running_caveats(period: Period, today: date | None) -> list[str]:
    """The caveat of a period that ends after `today`, or nothing; nothing without a day."""
    if today is None or period.end <= today:
        return []
    return [caveat("not-over", f"{period.label} is not over yet: more will be counted in it.")]


def labelled(period: object, caveats: Iterable[str]) -> str:
    """The name of a period, with the mark where it is not over."""
    return f"{period} ({NOT_OVER})" if is_running(caveats) else str(period)


def is_running(caveats: Iterable[str]) -> bool:
    return any(code_of_caveat(text) == "not-over" for text in caveats)
