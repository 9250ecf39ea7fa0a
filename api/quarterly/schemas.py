"""What the API answers about quarterly reports that are being written."""

from __future__ import annotations

from pydantic import BaseModel

from api.json.row_out import RowOut
from api.publishing.schemas import ComposedReportOut
from projections.quarterly.tables import QuarterlyRow
from qa.quarterly.events import HeadlineFigure

_KEPT = ("stream_version", "begun_us", "sections", "headlines", "formulas", "rendering")


class QuarterlyOut(RowOut, row=QuarterlyRow, without=_KEPT):
    """A quarterly report, and where it stands; `sent` is the position it was reviewed at."""


class QuarterlyReportsOut(BaseModel):
    """The quarterly reports, the last begun first."""

    position: int
    reports: list[QuarterlyOut]


class OpenedQuarterlyOut(QuarterlyOut):
    """A quarterly report, whole: as it is now, or as it was sent for review."""

    version: int
    chosen: list[HeadlineFigure]
    composed: ComposedReportOut


class HeadlineOut(BaseModel):
    """A sentence that the report can begin with, and the figure that bears it out."""

    headline: HeadlineFigure
    sentence: str


class HeadlinesOut(BaseModel):
    """The sentences that can be chosen."""

    position: int
    headlines: list[HeadlineOut]
