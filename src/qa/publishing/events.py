"""Events of a published report (stream ``published-report:<id>``).

A published report is frozen by its position in the log: asked again at that position it is the
same, byte for byte, and `sha256` says of which bytes that is. What later events make of its figures
is never published under it silently: a restatement is an event of its own.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from qa.core.event import Event
from qa.core.fields import FieldWords
from qa.core.frozen import Frozen


def published_stream(published: str) -> str:
    return f"published-report:{published}"


class WantedOnly(Frozen):
    """The values that one cut of a report was narrowed to."""

    name: str
    values: tuple[str, ...]


ReportName = Literal[
    "agreement",
    "grades",
    "closing-the-loop",
    "supervision",
    "rag",
    "board",
    "indicators",
    "learning-theme",
    "quarterly",
]


class ReportAsked(Frozen):
    """What the report was asked: enough to ask it again. The days are both inclusive; a report of
    one day (the ratings of a plan) begins and ends on it, and has no periods (`by` is empty).

    `cohort`, `blind`, `whose` and `hide_small` are of the reports on grades. `formulas` is the
    version of the formulas that its figures were made by; reports published before there was one
    were made by the first. `hide_small` was a choice then, and is the rule since the second.
    """

    report: ReportName
    start: date
    end: date
    by: str
    dimensions: tuple[str, ...] = ()
    cohort: Literal["audit", "moderation", "submitted", "allocated"] = "audit"
    blind: bool | None = None
    filters: tuple[WantedOnly, ...] = ()
    whose: Literal["auditor", "final"] = "auditor"
    hide_small: bool = False
    formulas: int = 1


class PublishedLetterhead(Frozen):
    """What its files say of whose they are: the council's name, and whether it is a demonstration.
    Word files are written by the council's `template` of that number; of 0, in our styles."""

    council: str = ""
    demonstration: bool = False
    template: int = 0


class ReportPublished(Event):
    """A report was given out as known at `position`, with a commentary beside it.

    `rendering` is the version of the layout that its files are written by, under `letterhead`.
    """

    TYPE: ClassVar[str] = "ReportPublished"
    SCHEMA: ClassVar[int] = 3
    published: str
    title: str
    asked: ReportAsked
    position: int
    as_at: Annotated[date, FieldWords(label="Recorded up to")]
    sha256: Annotated[str, FieldWords(label="SHA-256 of the report")]
    commentary: str = ""
    rendering: int = 1
    letterhead: PublishedLetterhead = PublishedLetterhead()


class ReportCommented(Event):
    """A commentary was added beside a published report; earlier ones stand."""

    TYPE: ClassVar[str] = "ReportCommented"
    commentary: str


class ReportRestated(Event):
    """Readers were told, by `note`, that `figures` figures are others as known at `upto`."""

    TYPE: ClassVar[str] = "ReportRestated"
    upto: Annotated[int, FieldWords(label="Recorded up to entry")]
    figures: Annotated[int, FieldWords(label="Figures that changed")]
    note: str


class ReportWithdrawn(Event):
    """A published report should no longer be used; the reason is in the envelope."""

    TYPE: ClassVar[str] = "ReportWithdrawn"
