"""Rows of a list of open cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row of a list: the local reference, the code of the team, and the last supervision."""

    case: str
    team: str
    supervised_on: date | None = None
