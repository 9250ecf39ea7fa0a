"""What reports answer alike: the moment they are of, and their figures."""

from __future__ import annotations

import datetime
from typing import Self

from pydantic import BaseModel, Field

from api.web.moments import AsAt
from projections.figures.figure import Figure


class FigureOut(BaseModel):
    """A figure; numbers that are not whole are decimal texts. The counts are null only where the
    figure is suppressed or was given without them."""

    numerator: int | None
    denominator: int | None
    value: str | None
    unit: str
    interval: tuple[str, str] | None
    caveats: list[str]

    @classmethod
    def of(cls, figure: Figure) -> Self:
        return cls.model_validate(figure.to_json())


class ReportMomentOut(BaseModel):
    """The moment that a report is of; `true_on` where it is asked what was true on a day."""

    date: datetime.date
    position: int
    true_on: datetime.date | None = Field(default=None, exclude_if=lambda day: day is None)

    @classmethod
    def of(cls, at: AsAt) -> Self:
        return cls(date=at.day, position=at.shown, true_on=at.true_on)
