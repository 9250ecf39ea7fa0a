"""What the API answers about the work that waits for somebody."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.json.moment_out import OfMomentOut


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


class WorkOut(OfMomentOut):
    """What waits for a person by name, the most urgent first."""

    person: str
    name: str
    items: list[HeldOut]
