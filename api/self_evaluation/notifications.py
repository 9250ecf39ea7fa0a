"""What people are told of a self-evaluation: that they are to review it, and what became of
theirs."""

from __future__ import annotations

from api.jobs.announcement import NewsItem
from api.publishing.reviewing import review_notices
from projections.self_evaluation import queries
from projections.self_evaluation.tables import SelfEvaluationRow
from qa.self_evaluation import events


def _row(news: NewsItem) -> SelfEvaluationRow | None:
    found = queries.one(news.connection, news.record)
    return None if found is None else found.row


ANNOUNCEMENTS = review_notices(
    "self-evaluation", "/self-evaluations", _row,
    events.EvaluationSentForReview, events.EvaluationReturned, events.SelfEvaluationFrozen,
)  # fmt: skip
