"""What can be asked of a quarterly report while it is written."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.command import Command
from qa.core.fields import (
    FieldWords,
    choice,
    day,
    derived,
    reason_text,
    several,
    short_text,
    target,
)
from qa.core.frozen import Frozen
from qa.publishing.commands import PublicationMade
from qa.publishing.events import PublishedLetterhead, ReportAsked
from qa.quarterly.events import (
    CommentaryText,
    HeadlineFigure,
    SectionPrints,
    SectionQuestion,
    SectionWriter,
)

Section = Annotated[str, target("The id of the section.")]


HEADLINES = 3


class QuarterlyMade(Frozen):
    """The id of the quarterly report."""

    report: str


class StartQuarterlyReport(Command, writes="quarterly-report:{report}", result=QuarterlyMade):
    """Begin a quarterly report."""

    title: Annotated[
        str,
        short_text(
            "Title",
            "For example, Quality assurance report, quarter 2 of 2026/27",
            missing="Give the report a title.",
            longest=160,
        ),
    ]
    council: Annotated[
        str, short_text("Council", missing="Say which council reports.", longest=120)
    ]
    start: Annotated[date, day("First day of the quarter", missing="Enter the first day.")]
    end: Annotated[date, day("Last day of the quarter", missing="Enter the last day.")]


class OfQuarterly(Command, stream="quarterly-report:{of}"):
    """What is asked of a quarterly report that there is."""

    of: Annotated[str, target("The id of the quarterly report.")]


class SectionMade(Frozen):
    """The id of the section."""

    section: str


class AddQuarterlySection(OfQuarterly, result=SectionMade):
    """Put a report into it: the query asks for it as `readReport` does."""

    asked: Annotated[ReportAsked, FieldWords(label="Report", target=True)]
    question: SectionQuestion
    shows: SectionPrints = "whole"
    writer: SectionWriter = None


class ChangeQuarterlySection(OfQuarterly):
    """Say the question of a section otherwise, or what it prints, or who writes beside it."""

    section: Section
    question: SectionQuestion
    shows: SectionPrints = "whole"
    writer: SectionWriter = None


class RemoveQuarterlySection(OfQuarterly):
    """Take a section out, with its commentary and the headlines made of it."""

    section: Section


class OrderQuarterlySections(OfQuarterly):
    """Put the sections in another order."""

    sections: Annotated[
        tuple[str, ...], FieldWords(label="Sections in their order", missing="Name every section.")
    ]


class WriteQuarterlyCommentary(OfQuarterly):
    """Write what the figures of a section mean; what you wrote there before is replaced."""

    section: Section
    text: CommentaryText


class ChooseQuarterlyHeadlines(OfQuarterly):
    """Choose the three figures that the report's first sentences are made of."""

    headlines: Annotated[
        tuple[HeadlineFigure, ...],
        several("Three headline sentences", missing="Choose three sentences."),
    ]
    sentences: Annotated[
        tuple[str, ...], derived("The sentences, empty where no figure bears them out.")
    ]


class SendQuarterlyForReview(OfQuarterly):
    """Ask somebody to review the report as known at the moment of the request.

    Refused with 503 while a read model that it is made from is behind.
    """

    reviewer: Annotated[
        str, choice("Who reviews it?", "Somebody other than you.", missing="Say who reviews it.")
    ]
    position: Annotated[int, derived("The position of the log that it is known at.")]
    as_at: Annotated[date, derived("The day that it is known at.")]
    sha256: Annotated[str, derived("The SHA-256 of its JSON.")]
    formulas: Annotated[int, derived("The version of the formulas that its figures are made by.")]
    rendering: Annotated[int, derived("The version of the layout that its files are written by.")]
    letterhead: Annotated[PublishedLetterhead, derived("Whose files they are.")] = (
        PublishedLetterhead()
    )
    sentences: Annotated[
        tuple[str, ...], derived("The headlines, empty where no figure bears them out.")
    ]


class ReturnQuarterlyReport(OfQuarterly):
    """Send it back to be changed."""

    reason: Annotated[
        str, reason_text("What has to be changed?", missing="Say what has to be changed.")
    ]


class AgreeQuarterlyReport(OfQuarterly):
    """Agree the report as it was sent for review."""


class PublishQuarterlyReport(OfQuarterly, result=PublicationMade):
    """Give the report out as it was agreed."""

    sha256: Annotated[str, derived("The SHA-256 of its JSON, made again.")]
