"""What people are told of the follow-up of an inadequate audit."""

from __future__ import annotations

from collections.abc import Iterator

from api.jobs.announcement import Announcement, NewsItem
from projections.audits import queries
from qa.follow_ups import events
from qa.outbox.notices import NewNotice


def _of_escalation(news: NewsItem) -> Iterator[NewNotice]:
    audit, event = news.record, news.recorded.event
    reference = queries.references(news.connection, [audit]).get(audit)
    if reference is not None:
        text = f"You are responsible for the follow-up of audit {reference}."
        yield news.notice(event.owner, text, f"/audits/{audit}/follow-up", audit=audit)


ANNOUNCEMENTS = Announcement((events.FollowUpEscalated,), _of_escalation)
