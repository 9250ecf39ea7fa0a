"""What every answer about the records says first: the moment that it is of."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel


class OfMomentOut(BaseModel):
    as_at: date
    position: int
