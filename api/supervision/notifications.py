"""What people are told of a check of supervision: that it is theirs to make, or to moderate.

Neither of the two whose supervision it is is named: the page says who they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.jobs.announcement import Announcement, NewsItem
from qa.core.dates_in_words import day
from qa.outbox.notices import NewNotice
from qa.supervision.check_events import SupervisionCheckScheduled, SupervisionModerationAssigned


def _of_check(news: NewsItem) -> Iterator[NewNotice]:
    event, href = news.recorded.event, f"/supervision-checks/{news.record}"
    if isinstance(event, SupervisionCheckScheduled):
        text = f"A check of supervision is yours to make, due {day(event.due_on)}."
        yield news.notice(event.checker, text, href, due_on=event.due_on)
    else:
        text = f"A check of supervision is yours to moderate, due {day(event.due_on)}."
        yield news.notice(event.moderator, text, href, due_on=event.due_on)


ANNOUNCEMENTS = Announcement((SupervisionCheckScheduled, SupervisionModerationAssigned), _of_check)
