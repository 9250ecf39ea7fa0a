"""What is worked out of the figures while a quarterly report is composed, reviewed and given out:
the same for pages and API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from api.publishing import reading as publishing_reading
from api.quarterly import reading
from api.quarterly.reports import REPORTS, kept_of
from api.reports.declaration import Report, Sight
from api.services import Services
from api.web.moments import as_at
from projections.figures.formulas import NEWEST
from projections.quarterly import queries
from qa.authorisation.policy import require
from qa.core.errors import NotFound, Refused
from qa.publishing.events import ReportAsked
from qa.quarterly.events import HeadlineFigure


def proposed(sight: Sight, report: Report[Any, Any], query: Any) -> ReportAsked:
    """What a section asks.

    Raises:
        Forbidden: this reader may not see the report.   Refused: it cannot be made.
    """
    require(sight.reader, report.verb)
    asked: ReportAsked = report.kept(query, sight.at)
    report.frozen(sight, asked)
    return asked


def sentences_of(sight: Sight, of: str, wanted: Iterable[HeadlineFigure]) -> tuple[str, ...]:
    """The sentences of figures that were chosen: empty where none bears it out."""
    held = queries.held(sight.connection, of, position=sight.at.position)
    if held is None:
        return ()
    made = reading.composed(sight, held, formulas=NEWEST)
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
    held = queries.held(sight.connection, of)
    made = {"position": at.shown, "as_at": at.day, "formulas": NEWEST}
    made |= publishing_reading.made_under(services, sight.connection)
    if held is None or held.row.stage != "draft" or not held.sections:
        # The command says which of these it is, after the right to it.
        return {**made, "sha256": "", "sentences": ()}
    figures = publishing_reading.ready(
        services, sight.connection, kept_of(of, held.row), at, sight.reader
    )
    sha256 = publishing_reading.fingerprint(REPORTS, figures)
    return {**made, "sha256": sha256, "sentences": figures.headlines}


def made_again(services: Services, sight: Sight, of: str) -> str:
    """SHA-256 of the report made again as it was sent for review; empty where it was not."""
    held = queries.held(sight.connection, of, position=sight.at.position)
    if held is None or held.row.sent is None or held.row.sent_as_at is None:
        return ""
    at = as_at(services.store, sight.connection, position=held.row.sent)
    frozen = REPORTS.frozen_at(at, date.fromisoformat(held.row.sent_as_at))
    try:
        figures = publishing_reading.whole(
            Sight(sight.connection, frozen, sight.actor),
            kept_of(of, held.row, held.row.formulas or NEWEST),
        )
    except (Refused, NotFound):
        return ""
    return publishing_reading.fingerprint(REPORTS, figures)
