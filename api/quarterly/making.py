"""What is worked out of the figures while a quarterly report is composed, reviewed and given out:
the same for pages and API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from api.publishing import reading as publishing_reading
from api.quarterly import reading
from api.quarterly.reports import REPORTS, kept_of
from api.reports.declaration import Report, Sight, reports
from api.services import Services
from api.web.context import Reading
from api.web.moments import as_at
from projections.figures.formulas import NEWEST
from projections.learning import queries as learning_queries
from projections.plans import queries as plan_queries
from projections.quarterly import queries
from qa.authorisation.policy import can, require
from qa.core.errors import NotFound, Refused
from qa.publishing.events import ReportAsked
from qa.quarterly.events import HeadlineFigure


def proposed(sight: Sight, report: Report[Any, Any], query: Any) -> ReportAsked:
    """What a section asks.

    Raises:
        Forbidden: this reader may not see the report.   Refused: it cannot be made.
    """
    require(sight.reader, report.verb)
    question: ReportAsked = report.kept(query, sight.at)
    report.frozen(sight, question)
    return question


def reports_of_period(reading: Reading, start: date, end: date) -> list[tuple[str, str]]:
    """The reports that can be published and that this reader may see, as they are asked at first:
    of a period, or as on its last day. Each with the query that asks for it."""
    day = min(end, reading.today).isoformat()
    days = [("from", start.isoformat()), ("to", end.isoformat()), ("by", "quarter")]
    plans = [
        (f": {one.title}", [("plan", one.id), ("day", day)])
        for one in plan_queries.plans(reading.connection)
    ]
    each = {
        "rag": plans,
        "board": plans,
        "learning-theme": [
            (f": {one.title}", [("theme", one.theme)])
            for one, _ in learning_queries.themes(reading.connection)
        ],
        "indicators": [("", [("from", (start - timedelta(days=366)).isoformat()), days[1]])],
    }
    return [
        (f"{report.title}{more}", urlencode([("name", report.name), *pairs]))
        for report in reports()
        if report.publishes and can(reading.actor, report.verb).allowed
        for more, pairs in each.get(report.name, [("", days)])
    ]


def sentences_of(sight: Sight, of: str, wanted: Iterable[HeadlineFigure]) -> tuple[str, ...]:
    """The sentences of figures that were chosen: empty where none bears it out."""
    draft = queries.one(sight.connection, of, position=sight.at.position)
    if draft is None:
        return ()
    made = reading.composed(sight, draft, formulas=NEWEST)
    sections = {one.row.section: one for one in made.sections}
    return tuple(
        sections[one.section].sentence(one) if one.section in sections else "" for one in wanted
    )


def sent(services: Services, sight: Sight, of: str) -> dict[str, Any]:
    """How the report is made for its reviewer, as known now.

    Raises:
        Refused: it is asked for another moment.   FiguresBehind: a read model is behind.
    """
    at = sight.at
    if at.is_past:
        raise Refused(
            "Send the report with the records of today.", field="as_at", code="review-past"
        )
    draft = queries.one(sight.connection, of)
    made = {"position": at.shown, "as_at": at.day, "formulas": NEWEST}
    made |= publishing_reading.made_under(services, sight.connection)
    if draft is None or draft.row.stage != "draft" or not draft.sections:
        # The command says which of these it is, after the right to it.
        return {**made, "sha256": "", "sentences": ()}
    figures = publishing_reading.ready(
        services, sight.connection, kept_of(of, draft.row), at, sight.reader
    )
    sha256 = publishing_reading.fingerprint(REPORTS, figures)
    return {**made, "sha256": sha256, "sentences": figures.headlines}


def made_again(services: Services, sight: Sight, of: str) -> str:
    """SHA-256 of the report made again as it was sent for review; empty where it was not."""
    draft = queries.one(sight.connection, of, position=sight.at.position)
    if draft is None or draft.row.sent is None or draft.row.sent_as_at is None:
        return ""
    at = as_at(services.store, sight.connection, position=draft.row.sent)
    frozen = REPORTS.frozen_at(at, date.fromisoformat(draft.row.sent_as_at))
    try:
        figures = publishing_reading.whole(
            Sight(sight.connection, frozen, sight.actor),
            kept_of(of, draft.row, draft.row.formulas or NEWEST),
        )
    except (Refused, NotFound):
        return ""
    return publishing_reading.fingerprint(REPORTS, figures)
