"""What people are told of a text that somebody else reviews before it is given out: that they are
to review it, and what became of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from api.jobs.announcement import Announcement, NewsItem
from api.publishing.reviewing import ReviewedRow
from qa.core.event import Event
from qa.outbox.notices import NewNotice
from qa.quarterly.events import QuarterlySentForReview
from qa.self_evaluation.events import EvaluationSentForReview


def review_notices(
    called: str,
    place: str,
    row_of: Callable[[NewsItem], ReviewedRow | None],
    sent: type[QuarterlySentForReview | EvaluationSentForReview],
    returned: type[Event],
    agreed: type[Event],
) -> Announcement:
    """The notices of one kind of text; `called` is what it is ("quarterly report")."""

    def notices(news: NewsItem) -> Iterator[NewNotice]:
        row, event = row_of(news), news.recorded.event
        if row is None:
            return
        person, text = row.author, f"Your {called} was agreed."
        if isinstance(event, sent):
            person, text = event.reviewer, f"A {called} was sent to you for review."
        elif isinstance(event, returned):
            text = f"Your {called} was sent back to be changed."
        if person:
            yield news.notice(person, text, f"{place}/{news.record}")

    return Announcement((sent, returned, agreed), notices)
