"""What people are told of an audit: that it is theirs to make, came back, or is open to them."""

from __future__ import annotations

from collections.abc import Iterator

from api.jobs.announcement import Announcement, NewsItem
from projections.audits import part_queries, queries
from qa.audits import events
from qa.core.dates_in_words import day
from qa.outbox.notices import NewNotice


def _of_audit(news: NewsItem) -> Iterator[NewNotice]:
    audit, event = news.record, news.recorded.event
    row = part_queries.whose(news.connection, [audit]).get(audit)
    reference = queries.references(news.connection, [audit]).get(audit)
    if row is None or reference is None:
        return
    person, due_on = row.auditor, None
    match event:
        case events.CaseAuditAllocated():
            person, due_on = event.auditor, event.due_on
            text = f"Audit {reference} was allocated to you, due {day(event.due_on)}."
        case events.CaseAuditReassigned():
            person = event.new
            text = f"Audit {reference} was handed over to you."
        case _:
            text = f"Audit {reference} was returned to you."
    yield news.notice(person, text, f"/audits/{audit}/write", audit=audit, due_on=due_on)


def _of_release(news: NewsItem) -> Iterator[NewNotice]:
    audit = news.record
    view = queries.audit(news.connection, audit)
    if view is not None and view.row.case_holder:
        text = f"Audit {view.row.reference} of your case is open to you."
        yield news.notice(view.row.case_holder, text, f"/audits/{audit}", audit=audit)


ANNOUNCEMENTS = (
    Announcement(
        (events.CaseAuditAllocated, events.CaseAuditReassigned, events.CaseAuditReturned),
        _of_audit,
    ),
    Announcement((events.CaseAuditFinalised,), _of_release),
)
