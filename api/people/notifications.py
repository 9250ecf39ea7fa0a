"""What people are told of each other: for whom they stand in, and who was trusted with the whole
council."""

from __future__ import annotations

from collections.abc import Iterator

from api.jobs.announcement import Announcement, NewsItem
from projections.people import queries
from qa.core.dates_in_words import day
from qa.core.words import Role
from qa.outbox.notices import NewNotice
from qa.people.events import DeputyEnded, DeputyNamed, RoleGranted


def _of_deputy(news: NewsItem) -> Iterator[NewNotice]:
    person, event = news.record, news.recorded.event
    name = queries.names(news.connection, [person]).get(person, "")
    if isinstance(event, DeputyNamed):
        text = f"You stand in for {name} from {day(event.since)} to {day(event.until)}."
    else:
        text = f"You no longer stand in for {name}."
    yield news.notice(event.deputy, text, "/")


def _of_grant(news: NewsItem) -> Iterator[NewNotice]:
    """To every other QA lead and administrator; what the operator sets up stands in history."""
    person, grant = news.record, news.recorded.event.grant
    if grant.scope.code is not None or news.recorded.meta.in_role == Role.SYSTEM.value:
        return
    names = queries.names(news.connection, [person, news.recorded.meta.by])
    text = (
        f"{names.get(news.recorded.meta.by, '')} gave {names.get(person, '')} the role "
        f"{grant.role.label} for the whole council."
    )
    recipients = {
        row.person
        for role in (Role.QA_LEAD, Role.ADMINISTRATOR)
        for row in queries.holding(news.connection, role, news.today)
    }
    for one in sorted(recipients - {person}):
        yield news.notice(one, text, f"/people/{person}")


ANNOUNCEMENTS = (
    Announcement((DeputyNamed, DeputyEnded), _of_deputy),
    Announcement((RoleGranted,), _of_grant),
)
