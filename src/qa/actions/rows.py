"""Rows of a file of actions. What a row leaves blank it says nothing of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa.actions.states import ActionKind

StatedStep = Literal["accepted", "claimed", "verification-due", "effective"]
STEPS: tuple[StatedStep, ...] = ("accepted", "claimed", "verification-due", "effective")
"""How far an action came, in this order."""
STATED = "As a file states it."


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedAction:
    """One action as its file states it. `audit` is the reference of its audit; without one the
    `team` is its own. `owner` is a person's id. `steps` are the days of the steps that it took, of
    which the file itself states those of `dated`, and `dropped_on` the day from which it no longer
    applied."""

    row: int
    reference: str
    text: str
    kind: ActionKind
    owner: str
    due_on: date
    raised_on: date
    audit: str = ""
    team: str = ""
    domain: str | None = None
    steps: Mapping[StatedStep, date]
    dated: tuple[StatedStep, ...] = ()
    dropped_on: date | None = None
    evidence: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether somebody still has to do something for it."""
        return self.dropped_on is None and "effective" not in self.steps
