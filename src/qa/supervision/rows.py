"""Rows of a file of supervision sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.supervision.states import NotHeldWhy


@dataclass(frozen=True, slots=True)
class ImportedSession:
    """One session of a pair, held or, for a reason, not."""

    row: int
    reference: str
    pair: str
    on: date
    not_held: NotHeldWhy | None = None
    cases: tuple[str, ...] = ()
    note: str = ""
