"""What the API answers about published reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.agreement.schemas import AgreementReportOut
from api.json.figure_out import FiguresOut
from api.json.row_out import RowOut
from api.learning.schemas import ThemeChainOut
from api.plans.boards.board_schemas import BoardViewOut
from projections.publishing.tables import PublishedRow, RemarkRow
from qa.publishing.events import PublishedLetterhead, ReportAsked


class PublishedOut(RowOut, row=PublishedRow, without=("stream_version", "published_us")):
    """A report as it was published."""

    asked: ReportAsked
    letterhead: PublishedLetterhead
    published_at: datetime
    version: int


class PublishedReportsOut(BaseModel):
    """The register, the latest first; `next` asks for what follows, as `before`."""

    position: int
    reports: list[PublishedOut]
    next: int | None


class BesideFiguresOut(RowOut, row=RemarkRow):
    """A commentary or restatement beside a published report."""

    position: int
    line: int
    at: datetime


class FigureMovedOut(BaseModel):
    """A figure that is another, and the references of the audits behind it."""

    figure: str
    group: dict[str, str | int | None]
    was: str | None
    now: Annotated[str | None, Field(serialization_alias="is")]
    audits: list[str]


class SectionCommentaryOut(BaseModel):
    """What somebody wrote beside a section of a quarterly report."""

    by: str
    name: str
    on: date
    text: str


class ComposedSectionOut(BaseModel):
    """A section of a quarterly report. `figures` are null while its report cannot be made, for the
    reason `trouble`."""

    section: str
    question: str
    title: str
    asked: ReportAsked
    shows: str
    commentaries: list[SectionCommentaryOut]
    figures: AgreementReportOut | ThemeChainOut | BoardViewOut | FiguresOut | None
    trouble: str


class ComposedReportOut(BaseModel):
    """A quarterly report. A headline is empty where no figure bears it out."""

    report: str
    title: str
    council: str
    author: str
    start: date
    end: date
    as_at: date
    position: int
    headlines: list[str]
    caveats: list[str]
    sections: list[ComposedSectionOut]


class OpenedPublishedOut(PublishedOut):
    """A published report, whole, with what later events made of its figures."""

    same_bytes: bool
    report: AgreementReportOut | ThemeChainOut | BoardViewOut | FiguresOut | ComposedReportOut
    said: list[BesideFiguresOut]
    changed: list[FigureMovedOut]
    untold: list[FigureMovedOut]
    note: str
