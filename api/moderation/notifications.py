"""What people are told of a moderation: that it, or a dispute over it, is theirs, that the grades
differ, and that a dispute was decided."""

from __future__ import annotations

from collections.abc import Iterator

from api.jobs.announcement import Announcement, NewsItem
from projections.audits import queries
from qa.audits.moderation_events import (
    DisputeAssigned,
    DisputeDecided,
    ModerationAssigned,
    ModerationRecorded,
)
from qa.core.dates_in_words import day
from qa.outbox.notices import NewNotice


def _of_moderation(news: NewsItem) -> Iterator[NewNotice]:
    audit, event = news.record, news.recorded.event
    reference = queries.references(news.connection, [audit]).get(audit)
    if reference is None:
        return
    href = f"/audits/{audit}/moderation"
    match event:
        case ModerationAssigned():
            # Whoever moderates blind is told of their own task; all else of that audit waits.
            text = f"Audit {reference} is yours to moderate, due {day(event.due_on)}."
            yield news.notice(event.moderator, text, href, due_on=event.due_on)
        case DisputeAssigned():
            text = f"The dispute over audit {reference} is yours to decide."
            yield news.notice(event.decider, text, href, audit=audit)
        case _:
            yield from _of_the_parties(news, reference, href)


def _of_the_parties(news: NewsItem, reference: str, href: str) -> Iterator[NewNotice]:
    """To the auditor that the grades differ; to both that the dispute over them is decided."""
    audit, event = news.record, news.recorded.event
    if isinstance(event, DisputeDecided):
        due_on, text = None, f"The dispute over audit {reference} was decided."
    elif isinstance(event, ModerationRecorded) and event.settle_by is not None:
        due_on = event.settle_by
        text = f"You and the moderator differ on audit {reference}. Settle it by {day(due_on)}."
    else:
        return
    view = queries.outlines(news.connection, [audit])[audit]
    parties = {view.row.auditor}
    if isinstance(event, DisputeDecided):
        found = (one for one in view.moderations if one["moderation"] == event.moderation)
        parties |= {one["moderator"] for one in found}
    for person in sorted(filter(None, parties)):
        yield news.notice(person, text, href, audit=audit, due_on=due_on)


ANNOUNCEMENTS = Announcement(
    (ModerationAssigned, ModerationRecorded, DisputeAssigned, DisputeDecided), _of_moderation
)
