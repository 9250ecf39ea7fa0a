"""What people are told of an inspector's room: that a question waits for an answer, and that one
came."""

from __future__ import annotations

from collections.abc import Iterator

from api.gate.current_actor import acting
from api.inspections.reading import resource_of
from api.jobs.announcement import Announcement, NewsItem
from projections.inspections import queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can
from qa.inspections import events
from qa.outbox.notices import NewNotice


def _of_question(news: NewsItem) -> Iterator[NewNotice]:
    """To the QA leads who can answer, or to the inspector whose question was answered."""
    connection = news.connection
    room = queries.room(connection, news.record)
    if room is None:
        return
    if isinstance(news.recorded.event, events.InspectorQuestionAnswered):
        yield news.notice(room.inspector, "The council answered a question of yours.", "/room")
        return
    resource = resource_of(connection, room)
    for person in sorted({one for one, _ in people_queries.leads(connection, news.today)}):
        actor = acting(connection, person, news.today)
        if actor is not None and can(actor, "run-inspection", resource).allowed:
            text = "An inspector asked the council a question."
            yield news.notice(person, text, f"/inspections/{room.room}")


ANNOUNCEMENTS = Announcement(
    (events.InspectorQuestionAsked, events.InspectorQuestionAnswered), _of_question
)
