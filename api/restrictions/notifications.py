"""What people are told of restricted records: that the glass was broken, and that one was lifted.

QA leads of the part, whoever is named and whoever restricted it are told; neither the child nor the
reason. Whoever may read them finds both behind the link.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.jobs.announcement import Announcement, NewsItem
from projections.audits.accesses import parts_of_child
from projections.people import queries as people_queries
from projections.restrictions import queries
from qa.core.dates_in_words import day
from qa.outbox.notices import NewNotice
from qa.restrictions import events

_PLACE = "/history?record=restriction:{}"


def _notices(news: NewsItem, text: str) -> Iterator[NewNotice]:
    row = queries.ever(news.connection, news.record)
    if row is None:
        return
    parts = parts_of_child(news.connection, row.child)
    leads = {
        person
        for person, scope in people_queries.leads(news.connection, news.today)
        if scope.code is None
        or any(scope.covers(service=service, team=team) for service, team in parts)
    }
    named, _ = queries.readers(news.connection, news.record)
    opens = {*named, row.made_by}
    for person in sorted({*leads, *opens}):
        href = _PLACE.format(news.record) if person in opens else "/restrictions"
        yield news.notice(person, text, href)


def _of_glass(news: NewsItem) -> Iterator[NewNotice]:
    event = news.recorded.event
    name = people_queries.names(news.connection, [event.reader]).get(event.reader, "")
    yield from _notices(
        news,
        f"{name} broke the glass over a restricted record and reads it to {day(event.until)}.",
    )


def _of_lifting(news: NewsItem) -> Iterator[NewNotice]:
    by = news.recorded.meta.by
    name = people_queries.names(news.connection, [by]).get(by, "")
    yield from _notices(news, f"{name} lifted a restriction.")


ANNOUNCEMENTS = (
    Announcement((events.RestrictionOverridden,), _of_glass),
    Announcement((events.RestrictionLifted,), _of_lifting),
)
