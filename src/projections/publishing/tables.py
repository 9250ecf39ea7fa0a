"""The read rows of publishing."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from projections.core.typed_rows import JsonText, Position, ReadJournal, ReadTable
from qa.core.clock import from_microseconds
from qa.publishing.events import PublishedLetterhead, ReportAsked


class PublishedRow(NamedTuple):
    """A published report. `told_at` is the position up to which readers were told how the figures
    changed."""

    published: str
    stream_version: int
    title: str
    asked: JsonText
    position: Position
    as_at: str
    sha256: str
    by: str
    published_us: Position
    told_at: Position
    rendering: int
    letterhead: JsonText
    withdrawn_because: str | None = None

    @property
    def under(self) -> PublishedLetterhead:
        return PublishedLetterhead.model_validate_json(self.letterhead)

    @property
    def question(self) -> ReportAsked:
        return ReportAsked.model_validate_json(self.asked)

    @property
    def published_at(self) -> datetime:
        return from_microseconds(self.published_us)


class RemarkRow(NamedTuple):
    """A commentary (kind ``commentary``) or restatement (``restatement``), as it was said."""

    published: str
    kind: str
    said: str
    upto: Position | None
    figures: int | None
    by: str
    recorded_us: Position

    @property
    def at(self) -> datetime:
        return from_microseconds(self.recorded_us)


PUBLISHED = ReadTable(
    PublishedRow, "published_row", key=("published",), indexes=(("published_us",),)
)
SAID = ReadJournal(RemarkRow, "published_said", indexes=(("published", "position"),))
published_row, published_said = PUBLISHED.table, SAID.table
