"""Events of a quarterly report while it is written (stream ``quarterly-report:<id>``).

Its figures are live until it is sent for review. What is reviewed is frozen by its position in the
log, and what is published is what was reviewed: from then on it is a published report.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from qa.core.event import Event
from qa.core.fields import FieldWords, choice, long_text, short_text
from qa.core.frozen import Frozen
from qa.publishing.events import PublishedLetterhead, ReportAsked


def quarterly_stream(report: str) -> str:
    return f"quarterly-report:{report}"


SectionShows = Literal["whole", "figures", "charts"]
"""What of its report a section prints."""

SectionId = Annotated[str, FieldWords(label="Section", target=True)]
SectionQuestion = Annotated[
    str,
    short_text(
        "The question that the section answers",
        "For example: How often do moderators give the same grade?",
        missing="Say which question the section answers.",
        longest=200,
    ),
]
SectionWriter = Annotated[
    str | None,
    choice("Who writes the commentary (optional)", "QA leads may write it too."),
]
SectionPrints = Annotated[
    SectionShows,
    choice("What to print", missing="Choose what to print."),
]
CommentaryText = Annotated[
    str,
    long_text(
        "Commentary",
        "What the figures mean, and what follows. Name no child and no worker.",
        missing="Write the commentary.",
        longest=8000,
    ),
]


class RowPart(Frozen):
    """One part of what names a row of a report, for example its period."""

    name: str
    value: str


class HeadlineFigure(Frozen):
    """A figure of a section that a headline sentence is made of."""

    section: str
    figure: str
    row: tuple[RowPart, ...] = ()


class QuarterlyReportStarted(Event):
    """A quarterly report of the council `council` was begun."""

    report: str
    title: str
    council: Annotated[str, FieldWords(label="Council")]
    start: Annotated[date, FieldWords(label="First day of the quarter")]
    end: Annotated[date, FieldWords(label="Last day of the quarter")]


class QuarterlySectionAdded(Event):
    """A report was put into it, under a question."""

    section: SectionId
    question: SectionQuestion
    asked: ReportAsked
    shows: SectionPrints
    writer: SectionWriter = None


class QuarterlySectionChanged(Event):
    """A section is called, printed or written otherwise."""

    section: SectionId
    question: SectionQuestion
    shows: SectionPrints
    writer: SectionWriter = None


class QuarterlySectionRemoved(Event):
    """A section was taken out, with its commentary and the headlines made of it."""

    section: SectionId


class QuarterlySectionsOrdered(Event):
    """The sections were put in this order."""

    sections: Annotated[tuple[str, ...], FieldWords(label="Sections in their order")]


class QuarterlyCommentaryWritten(Event):
    """Somebody wrote what a section's figures mean; what they wrote there before is replaced."""

    section: SectionId
    text: CommentaryText


class QuarterlyHeadlinesChosen(Event):
    """Three figures were chosen for the sentences that the report begins with."""

    headlines: tuple[HeadlineFigure, ...]
    sentences: Annotated[tuple[str, ...], FieldWords(label="As they read then")]


class QuarterlySentForReview(Event):
    """Somebody was asked to review it as known at `position`."""

    SCHEMA: ClassVar[int] = 2
    reviewer: Annotated[str, FieldWords(label="Who reviews it")]
    position: int
    as_at: Annotated[date, FieldWords(label="Recorded up to")]
    sha256: Annotated[str, FieldWords(label="SHA-256 of the report")]
    formulas: int
    rendering: int
    letterhead: PublishedLetterhead = PublishedLetterhead()


class QuarterlyReturned(Event):
    """It went back to be changed; the reason is in the envelope."""


class QuarterlyAgreed(Event):
    """Its reviewer agreed it."""


class QuarterlyPublished(Event):
    """It was given out as the published report `published`."""

    published: str
