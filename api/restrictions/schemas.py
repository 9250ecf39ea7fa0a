"""What the API answers about restrictions."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.json.row_out import RowOut
from projections.restrictions.tables import RestrictionRow


class RestrictionOut(
    RowOut, row=RestrictionRow, without=("opened", "stream_version", "child_key", "why")
):
    """A restriction as the list shows it."""


class RestrictionsOut(BaseModel):
    """The restrictions whose records the caller may read, and how many more there are."""

    restrictions: list[RestrictionOut]
    closed: int


class GlassReaderOut(BaseModel):
    """Somebody who broke the glass, and the last day on which they read."""

    person: str
    until: date


class OpenedRestrictionOut(RestrictionOut):
    """Who reads the records of a child, and why nobody else does."""

    why: str
    readers: list[str]
    glass_broken: list[GlassReaderOut]
    version: int
