"""What people are told of a practitioner's response: a disputed fact, and what is said to it."""

from __future__ import annotations

from collections.abc import Iterator

from api.jobs.announcement import Announcement, NewsItem
from projections.audits import queries
from qa.outbox.notices import NewNotice
from qa.practitioners import events


def _of_dispute(news: NewsItem) -> Iterator[NewNotice]:
    audit = news.record
    view = queries.audit(news.connection, audit)
    if view is None:
        return
    reference = view.row.reference
    if isinstance(news.recorded.event, events.FactDisputed):
        person: str | None = view.row.auditor
        text = f"A statement in audit {reference} is disputed."
    else:
        person = view.row.case_holder
        text = f"The statement that you disputed in audit {reference} was answered."
    if person:
        yield news.notice(person, text, f"/audits/{audit}", audit=audit)


ANNOUNCEMENTS = Announcement((events.FactDisputed, events.FactDisputeAnswered), _of_dispute)
