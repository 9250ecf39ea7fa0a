"""Dates on the command line."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from qa.core.errors import Refused

AsAt = Annotated[
    str | None, typer.Option("--as-at", help="As recorded up to the end of this day, YYYY-MM-DD.")
]
Position = Annotated[
    int | None,
    typer.Option("--position", help="As recorded up to this entry of the log, by its number."),
]
TrueOn = Annotated[
    str | None, typer.Option("--true-on", help="As it was on this day, of what is recorded.")
]
"""The moment of what is shown. No command has another meaning for these."""


def renamed(given: str | None, old: str, new: str) -> None:
    """Raises Refused where an option was given that has another name now."""
    if given is not None:
        raise Refused(f"{old} has another name: say {new}.", field=old, code="option-renamed")


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
