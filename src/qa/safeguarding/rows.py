"""Rows of a file of safeguarding concerns."""

from __future__ import annotations

from dataclasses import dataclass

from qa.safeguarding.events import StatedConcern


@dataclass(frozen=True, slots=True)
class ImportedConcern:
    """One concern as its file states it; `audit` is the reference of its audit. What the row leaves
    blank it says nothing of."""

    row: int
    reference: str
    audit: str
    stated: StatedConcern
