"""What people are told of an action: that it is theirs, what became of its evidence, and that what
it was to change was found again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from api.jobs.announcement import Announcement, NewsItem
from api.people.reading import heads_of, leads_on
from projections.actions import queries
from projections.actions.tables import ActionRow
from projections.people import queries as people_queries
from qa.actions import events
from qa.actions.states import ActionState
from qa.core.dates_in_words import day
from qa.outbox.notices import NewNotice


def _of_action(news: NewsItem) -> Iterator[NewNotice]:
    action, event = news.record, news.recorded.event
    row = queries.one(news.connection, action)
    if row is None:
        return
    if news.recorded.meta.source is not None and not ActionState(row.state).owed:
        return  # a file tells of something long done
    hearing: Collection[str] = [row.owner]
    due_on: date | None = None
    match event:
        case events.ActionRaised():
            hearing, due_on = [event.owner], event.due_on
            text = f"An action was given to you, due {day(event.due_on)}."
        case events.ActionTransferred():
            hearing, due_on = [event.new], date.fromisoformat(row.due_on)
            text = f"An action was handed over to you, due {day(due_on)}."
        case events.EvidenceReturned():
            text = "The evidence of your action was returned to you."
        case events.EvidenceAccepted():
            text = "The evidence of your action was accepted."
        case _:
            hearing = _of_a_reopened_loop(news, row)
            text = "An action is open again: what it was meant to change was found again."
    for person in hearing:
        yield news.notice(person, text, f"/actions/{action}", audit=row.audit, due_on=due_on)


def _of_a_reopened_loop(news: NewsItem, row: ActionRow) -> list[str]:
    """The owner, whoever confirmed the impact, the line manager and the head of service."""
    steps = queries.steps(news.connection, [row.action]).get(row.action, ())
    verified = {step.by for step in steps if step.type == "ImpactConfirmed"}
    line = people_queries.managers(news.connection, row.owner)
    leads = leads_on(news.connection, news.today)
    heads = heads_of(line, leads, row.service, row.team)
    return sorted({row.owner, *verified, *line[:1], *heads})


ANNOUNCEMENTS = Announcement(
    (
        events.ActionRaised,
        events.ActionTransferred,
        events.EvidenceReturned,
        events.EvidenceAccepted,
        events.ActionReopened,
    ),
    _of_action,
)
