"""What can be asked of published reports."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.command import Command
from qa.core.fields import FieldWords, derived, long_text, reason_text, short_text, target
from qa.core.frozen import Frozen
from qa.publishing.events import PublishedLetterhead, ReportAsked

LONGEST = 8000
UNREVIEWED = "Publish a quarterly report on its own page, once its reviewer has agreed it."


def _text_words(label: str, hint: str = "", missing: str = "") -> FieldWords:
    """A text that stands beside the figures."""
    too_long = f"It must be {LONGEST:,} characters or fewer."
    return long_text(label, hint, missing=missing, longest=LONGEST, sentence=too_long)


class PublicationMade(Frozen):
    """The id of the published report."""

    published: str


class PublishReport(Command, writes="published-report:{published}", result=PublicationMade):
    """Publish a report: the query asks for it as `readReport` does, at the moment of the request.

    Refused with 503 while a read model that it is made from is behind.
    """

    asked: Annotated[ReportAsked, FieldWords(label="Report", target=True)]
    title: Annotated[
        str,
        short_text(
            "Published as",
            "For example, Quality assurance report to the board, quarter 2",
            missing="Say what the report is published as.",
            longest=160,
            sentence="The title must be 160 characters or fewer.",
        ),
    ]
    commentary: Annotated[
        str,
        _text_words(
            "Commentary (optional)", "Stands beside the figures. Name no child and no worker."
        ),
    ] = ""
    position: Annotated[int, derived("The position of the log that it is known at.")]
    as_at: Annotated[date, derived("The day that it is known at.")]
    sha256: Annotated[str, derived("The SHA-256 of its JSON.")]
    rendering: Annotated[
        int, derived("The version of the layout that its files are written by.")
    ] = 1
    letterhead: Annotated[PublishedLetterhead, derived("Whose files they are.")] = (
        PublishedLetterhead()
    )


class OfPublished(Command, stream="published-report:{of}"):
    """What is asked of a published report that there is."""

    of: Annotated[str, target("The id of the report.")]


class CommentOnPublishedReport(OfPublished):
    """Add a commentary beside a published report."""

    commentary: Annotated[
        str,
        _text_words("Commentary", "Name no child and no worker.", "Write the commentary."),
    ]


class RestatePublishedReport(OfPublished):
    """Tell readers, by a note, which figures are others as known at the moment of the request."""

    note: Annotated[
        str,
        reason_text(
            "Note to readers",
            "Drafted from the records. Change it as you see fit.",
            missing="Say what changed, and why.",
            longest=8000,
        ),
    ]
    upto: Annotated[int, derived("The position of the log up to which readers are told.")]
    figures: Annotated[int, derived("How many figures are others.")]


class WithdrawPublishedReport(OfPublished):
    """Take a published report out of use; it stays readable."""

    reason: Annotated[
        str,
        reason_text("Why is it withdrawn?", missing="Say why the report is withdrawn."),
    ]
