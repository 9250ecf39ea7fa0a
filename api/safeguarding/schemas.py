"""What the API answers about safeguarding concerns. Times are UTC, null while still to come."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from api.json.moment_out import OfMomentOut
from api.json.row_out import RowOut
from projections.safeguarding.tables import ConcernRow

_OTHERWISE = (
    "raised_us",
    "told_us",
    "acknowledge_by_us",
    "next_by_us",
    "acknowledged_us",
    "imported",
    "withdrawn",
)


class ConcernOut(RowOut, row=ConcernRow, without=("stream_version", "opened", "what", *_OTHERWISE)):
    """A concern as a list shows it. The times of one from a file are the beginnings of the days
    that it states; it is withdrawn where its import was undone."""

    told: list[str]
    raised_at: str
    told_at: str | None
    acknowledge_by: str | None
    next_by: str | None
    acknowledged_at: str | None
    minutes_to_acknowledge: int | None
    from_file: bool
    withdrawn: bool
    version: int


class ConcernWithTextOut(ConcernOut):
    """A concern with what is feared for the child."""

    what: str


class ConcernStepOut(BaseModel):
    """One event of a concern, with its own fields."""

    type: str
    at: str
    by: str
    fields: dict[str, Any]


class ConcernsOut(OfMomentOut):
    """The concerns that the caller may see, those that wait first."""

    concerns: list[ConcernOut]


class OpenedConcernOut(OfMomentOut):
    """One concern, with its timeline and the names of those it mentions."""

    concern: ConcernWithTextOut
    timeline: list[ConcernStepOut]
    names: dict[str, str]
