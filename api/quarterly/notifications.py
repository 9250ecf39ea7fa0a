"""What people are told of a quarterly report: that they are to review it or to write a commentary,
and what became of theirs."""

from __future__ import annotations

from collections.abc import Iterator

from api.jobs.announcement import Announcement, NewsItem
from api.publishing.reviewing import review_notices
from projections.quarterly import queries
from projections.quarterly.tables import QuarterlyRow
from qa.outbox.notices import NewNotice
from qa.quarterly import events

PATH = "/quarterly-reports"


def _row(news: NewsItem) -> QuarterlyRow | None:
    found = queries.one(news.connection, news.record)
    return None if found is None else found.row


def _of_section(news: NewsItem) -> Iterator[NewNotice]:
    writer = news.recorded.event.writer
    if writer:
        text = "You are asked to write a commentary in a quarterly report."
        yield news.notice(writer, text, f"{PATH}/{news.record}")


ANNOUNCEMENTS = (
    review_notices(
        "quarterly report", PATH, _row,
        events.QuarterlySentForReview, events.QuarterlyReturned, events.QuarterlyAgreed,
    ),
    Announcement((events.QuarterlySectionAdded,), _of_section),
)  # fmt: skip
