"""The read rows of quarterly reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

import orjson

from projections.core.typed_rows import JsonText, Position, ReadTable, texts
from qa.core.clock import from_microseconds
from qa.publishing.events import ReportAsked
from qa.quarterly.events import HeadlineFigure


class QuarterlyRow(NamedTuple):
    """A quarterly report: `sections` are the ids of its sections in their order; `sent` is the
    position that it was last sent for review at, with how it was made then."""

    report: str
    stream_version: int
    title: str
    council: str
    start: str
    end: str
    author: str
    begun_us: Position
    stage: str = "draft"
    sections: JsonText = JsonText("[]")
    headlines: JsonText = JsonText("[]")
    reviewer: str | None = None
    sent: Position | None = None
    sent_as_at: str | None = None
    sha256: str | None = None
    formulas: int | None = None
    rendering: int | None = None
    returned_because: str | None = None
    published: str | None = None

    @property
    def order(self) -> tuple[str, ...]:
        return texts(self.sections)

    @property
    def chosen(self) -> tuple[HeadlineFigure, ...]:
        return tuple(HeadlineFigure.model_validate(one) for one in orjson.loads(self.headlines))

    @property
    def days(self) -> tuple[date, date]:
        return date.fromisoformat(self.start), date.fromisoformat(self.end)


class QuarterlySectionRow(NamedTuple):
    """A section of a quarterly report: the question it answers, and the report it shows."""

    report: str
    section: str
    question: str
    asked: JsonText
    shows: str
    writer: str | None = None

    @property
    def report_asked(self) -> ReportAsked:
        return ReportAsked.model_validate_json(self.asked)


class QuarterlyCommentaryRow(NamedTuple):
    """What somebody wrote beside a section."""

    report: str
    section: str
    by: str
    text: str
    written_us: Position

    @property
    def at(self) -> datetime:
        return from_microseconds(self.written_us)


QUARTERLY = ReadTable(QuarterlyRow, "quarterly_row", key=("report",), indexes=(("begun_us",),))
SECTIONS = ReadTable(QuarterlySectionRow, "quarterly_section", key=("report", "section"))
COMMENTARIES = ReadTable(
    QuarterlyCommentaryRow, "quarterly_commentary", key=("report", "section", "by")
)
quarterly_row = QUARTERLY.table
quarterly_section, quarterly_commentary = SECTIONS.table, COMMENTARIES.table
