"""What the API answers about the work that waits for somebody."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel


class HeldOut(BaseModel):
    """One thing that waits; without a name where it is closed to the caller. `in_bulk`: it can be
    handed over with other work."""

    kind: str
    title: str
    thing: str | None
    reference: str | None
    child: str | None
    team: str
    due_on: date | None
    overdue: bool
    in_bulk: bool


class WorkOut(BaseModel):
    """What waits for a person by name, the most urgent first."""

    as_at: date
    position: int
    person: str
    name: str
    items: list[HeldOut]
