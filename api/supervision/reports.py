"""Supervision in figures, declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from api.documents.document import day_text
from api.reports.declaration import FigureOf, FigureReceipt, Report, Sight
from api.reports.sentences import RateWords
from api.supervision import report
from api.supervision.cli import SupervisionQuery
from api.supervision.schemas import SupervisionReportOut
from api.web.access_notes import Look
from api.web.moments import AsAt
from projections.core.health import Health
from projections.figures.provenance import FigureProvenance
from projections.supervision.figures import Name, SupervisionQuestion, SupervisionReport
from qa.core.errors import NotFound
from qa.publishing.events import ReportAsked
from qa.store.store import Store

TITLES: Mapping[str, str] = {
    "supervision_timeliness_rate": "Sessions on time",
    "reflection_evidenced_rate": "Checks that saw reflection",
    "check_agreement_rate": "Checks that the moderator agrees with",
    "case_supervision_recency": "Open cases supervised lately",
}
CUT_BY = {"": "Nothing", "team": "Team", "service": "Service", "standard": "Standard"}


def question_of(query: SupervisionQuery) -> SupervisionQuestion:
    """Raises `Refused` where it cannot be asked."""
    return report.question_of(
        query.start, query.end, query.by, query.dimension, query.team, query.service
    )


class SupervisionInFigures(Report[SupervisionQuery, SupervisionReport]):
    name = "supervision"
    title = "Supervision in figures"
    about = (
        "How many sessions of supervision were held in time, and what checks of them found. Nobody "
        "is named."
    )
    query = SupervisionQuery
    page = "/supervision-report"
    verb = "read-council-figures"
    models = ("supervision", "audit_tools")
    main = tuple(TITLES)
    whole_csv = True
    says = (
        RateWords("reflection_evidenced_rate", "checks that looked for reflection", "saw it"),
        RateWords("supervision_timeliness_rate", "supervision sessions owed", "were on time"),
    )
    publishes = "publishSupervisionReport"
    source = "supervision"

    def make(
        self, sight: Sight, query: SupervisionQuery, behind: Sequence[Health] = ()
    ) -> SupervisionReport:
        return report.make(
            sight.connection, question_of(query), sight.at, actor=sight.actor, behind=behind
        )

    def answer(self, sight: Sight, made: SupervisionReport) -> SupervisionReportOut:
        return SupervisionReportOut.of(made)

    def question_words(self, sight: Sight, query: SupervisionQuery) -> list[tuple[str, str]]:
        found = [("From", day_text(query.start)), ("To", day_text(query.end)), ("By", query.by)]
        given = (
            ("Broken down by", CUT_BY.get(query.dimension, "") if query.dimension else ""),
            ("Team", query.team),
            ("Service", query.service),
        )
        return [*found, *((name, value) for name, value in given if value)]

    def detail(self, query: SupervisionQuery, at: AsAt) -> str:
        return f"{query.start} to {query.end}"

    def figure_words(self, sight: Sight, figure: str) -> str:
        return TITLES[figure]

    def why(self, store: Store, sight: Sight, figure: FigureOf[SupervisionQuery]) -> FigureReceipt:
        if figure.figure not in TITLES:
            raise NotFound("There is no such figure.")
        found = report.why(
            store,
            Look(sight.connection, sight.reader, sight.at),
            report.narrowed(question_of(figure.query), figure.group),
            cast(Name, figure.figure),
        )
        beneath = FigureProvenance(found.figure, found.recounted, found.events)
        return FigureReceipt(beneath, found.open_to)

    def frozen(self, sight: Sight, kept: ReportAsked) -> SupervisionReport:
        """What is given out is what anybody may read: nothing that rests on few."""
        return report.for_outside(sight.connection, question_of(self.query_of(kept)), sight.at)


REPORTS = SupervisionInFigures()
