"""What people are told of a moderation: that it, or a dispute over it, is theirs."""

from __future__ import annotations

from collections.abc import Iterator

from api.jobs.announcement import Announcement, NewsItem
from projections.audits import queries
from qa.audits.moderation_events import DisputeAssigned, ModerationAssigned
from qa.core.dates_in_words import day
from qa.outbox.notices import NewNotice


def _of_moderation(news: NewsItem) -> Iterator[NewNotice]:
    audit, event = news.record, news.recorded.event
    reference = queries.references(news.connection, [audit]).get(audit)
    if reference is None:
        return
    href = f"/audits/{audit}/moderation"
    if isinstance(event, ModerationAssigned):
        # Whoever moderates blind is told of their own task; all else of that audit waits.
        text = f"Audit {reference} is yours to moderate, due {day(event.due_on)}."
        yield news.notice(event.moderator, text, href, due_on=event.due_on)
    else:
        text = f"The dispute over audit {reference} is yours to decide."
        yield news.notice(event.decider, text, href, audit=audit)


ANNOUNCEMENTS = Announcement((ModerationAssigned, DisputeAssigned), _of_moderation)
