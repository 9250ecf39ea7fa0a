"""What people are told of a safeguarding concern.

A concern is told to those who were named for it, whatever else they do.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.jobs.announcement import Announcement, NewsItem
from projections.audits import queries
from qa.outbox.notices import NewNotice
from qa.safeguarding import events


def _of_concern(news: NewsItem) -> Iterator[NewNotice]:
    audit, event = news.record, news.recorded.event
    view = queries.audit(news.connection, audit)
    if view is None:
        return
    concern = f"safeguarding concern from audit {view.row.reference}"
    match event:
        case events.SafeguardingManagerTold():
            hearing = {event.manager}
            text = f"A {concern} needs your acknowledgement."
        case events.SafeguardingConcernEscalated():
            hearing = set(event.to)
            text = f"Nobody has acknowledged a {concern}."
        case _:
            hearing = {view.row.auditor}
            text = f"The {concern} was acknowledged."
    for person in sorted(filter(None, hearing)):
        yield news.notice(person, text, f"/audits/{audit}/concerns/{event.concern}")


ANNOUNCEMENTS = Announcement(
    (
        events.SafeguardingManagerTold,
        events.SafeguardingConcernEscalated,
        events.SafeguardingConcernAcknowledged,
    ),
    _of_concern,
)
