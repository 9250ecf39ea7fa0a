"""What people are told of deputies: for whom they stand in, and that they do no longer."""

from __future__ import annotations

from collections.abc import Iterator

from api.jobs.announcement import Announcement, NewsItem
from api.web.template_engine import day
from projections.people import queries
from qa.outbox.notices import NewNotice
from qa.people.events import DeputyEnded, DeputyNamed


def _of_deputy(news: NewsItem) -> Iterator[NewNotice]:
    person, event = news.record, news.recorded.event
    name = queries.names(news.connection, [person]).get(person, "")
    if isinstance(event, DeputyNamed):
        text = f"You stand in for {name} from {day(event.since)} to {day(event.until)}."
    else:
        text = f"You stand in for {name} no longer."
    yield news.notice(event.deputy, text, "/")


ANNOUNCEMENTS = Announcement((DeputyNamed, DeputyEnded), _of_deputy)
