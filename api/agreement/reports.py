"""The agreement report and the grade profile, declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from api.agreement import forms, provenance, report
from api.agreement.cli import GradesQuery
from api.agreement.document import asked_words, report_document
from api.agreement.provenance import FigureRequest
from api.agreement.report import Name, Whose
from api.agreement.schemas import AgreementReportOut
from api.agreement.words import named
from api.documents.document import Document
from api.reports.declaration import FigureOf, FigureReceipt, PageQuestion, Report, Sight
from api.reports.sentences import RateWords
from api.web.context import Reading
from api.web.moments import AsAt, TakenOut
from projections.agreement import changes
from projections.agreement.model import AgreementReport, AgreementRow
from projections.agreement.question import AgreementQuestion
from projections.audit_tools.tables import AREA_MAPPINGS, POLICIES, SCALES, VERSIONS
from projections.core.health import Health
from projections.figures.formulas import NEWEST
from projections.figures.provenance import FigureProvenance
from qa.audits.events import case_audit_stream
from qa.core.carry import carry
from qa.core.errors import Refused
from qa.core.periods import PeriodKind, parse_kind
from qa.publishing.events import ReportAsked, WantedOnly
from qa.store.store import Store

FILTERS = ("team", "service", "tool", "tool_version", "domain", "area", "auditor", "moderator")


def question_of(query: GradesQuery) -> AgreementQuestion:
    """Raises `Refused` with every fault of the question."""
    given = {key: getattr(query, key) for key in FILTERS}
    return carry(
        AgreementQuestion,
        query,
        by=parse_kind(query.by),
        dimensions=query.dimension,
        blind=None if query.blind is None else query.blind == "yes",
        filters={name.replace("_", "-"): values for name, values in given.items() if values},
    )


def question_query(question: AgreementQuestion) -> list[tuple[str, str]]:
    """The query of the report's page that asks this question."""
    found = [
        ("from", question.start.isoformat()),
        ("to", question.end.isoformat()),
        ("by", question.by.value),
        ("cohort", question.cohort),
        *(("dimension", one) for one in question.dimensions),
        *(
            (name.replace("-", "_"), value)
            for name, values in question.filters.items()
            for value in values
        ),
    ]
    if question.blind is not None:
        found.append(("blind", "yes" if question.blind else "no"))
    return found


def kept_question(kept: ReportAsked) -> AgreementQuestion:
    """The question that was kept."""
    return carry(
        AgreementQuestion,
        kept,
        by=PeriodKind(kept.by),
        filters={one.name: one.values for one in kept.filters},
    )


_COUNTED_BY = tuple(one.table for one in (VERSIONS, SCALES, AREA_MAPPINGS, POLICIES))
"""What says on which scale, under which area and from how few on an audit is counted."""


class ReportOnGrades(Report[GradesQuery, AgreementReport]):
    query = GradesQuery
    models = ("moderation_agreement", "audit_tools", "case_audits")
    publishes = "publishReport"
    asks_of_the_day = False
    source = "audits"
    opens_rows = True

    def __init__(
        self,
        name: Name,
        title: str,
        about: str,
        main: tuple[str, ...],
        says: tuple[RateWords, ...],
    ) -> None:
        self.name: Name = name
        self.title, self.about, self.main, self.says = title, about, main, says
        self.page = f"/reports/{name}"

    def make(
        self, sight: Sight, query: GradesQuery, behind: Sequence[Health] = ()
    ) -> AgreementReport:
        return report.make(
            sight.connection,
            self.name,
            question_of(query),
            sight.at,
            actor=sight.actor,
            whose=query.grade,
            behind=behind,
        )

    def answer(self, sight: Sight, made: AgreementReport) -> AgreementReportOut:
        return AgreementReportOut.of(made)

    def question_words(self, sight: Sight, query: GradesQuery) -> list[tuple[str, str]]:
        return asked_words(question_of(query))

    def detail(self, query: GradesQuery, at: AsAt) -> str:
        return question_of(query).query()

    def figure_words(self, sight: Sight, figure: str) -> str:
        return self.namer(sight)(figure)

    def namer(self, sight: Sight) -> Callable[[str], str]:
        domains = forms.domain_titles(sight.connection, sight.at.position)
        labels = forms.grade_labels(sight.connection, sight.at.position)
        return lambda figure: named(figure, domains, labels)

    def request(self, sight: Sight, figure: FigureOf[GradesQuery]) -> FigureRequest:
        """What is asked where one of its figures is opened."""
        return FigureRequest(
            name=self.name,
            question=question_of(figure.query),
            figure=figure.figure,
            group=figure.group,
            at=sight.at,
            actor=sight.reader,
            whose=figure.query.grade,
        )

    def why(self, store: Store, sight: Sight, figure: FigureOf[GradesQuery]) -> FigureReceipt:
        one = self.request(sight, figure)
        found, shown = provenance.opened(sight.connection, one)
        under = provenance.beneath(store, sight.connection, one, shown)
        again = provenance.recounted(under.events, one, under.policy)
        events = sorted([*under.events, *under.policy])
        hidden = {*map(case_audit_stream, under.audits)} - {
            case_audit_stream(one.audit) for one in shown.audits
        }
        open_to = frozenset(row[1] for row in events) - hidden
        return FigureReceipt(FigureProvenance(found, again, events), open_to)

    def behind(
        self, sight: Sight, figure: FigureOf[GradesQuery]
    ) -> Mapping[tuple[str, str], object]:
        return self.behind_each(sight, figure.query)(figure)

    def behind_each(
        self, sight: Sight, query: GradesQuery
    ) -> Callable[[FigureOf[GradesQuery]], Mapping[tuple[str, str], object]]:
        rows = report.behind_each(
            sight.connection,
            question_of(query),
            sight.at,
            actor=sight.reader,
            whose=query.grade,
            beside=sight.beside,
        )
        return lambda figure: report.places(rows(figure.figure, figure.group))

    def told_elsewhere(self, figure: str) -> bool:
        return self.name == "grades" and figure == "audits_submitted"

    def on_page(self, reading: Reading) -> PageQuestion[GradesQuery]:
        request = forms.wanted(reading, self.name)
        if request.question is None:
            raise Refused(request.errors.faults)
        kept = self._kept(request.question, request.whose)
        filters = forms.filter_words(request, forms.choices(request))
        return PageQuestion(self.query_of(kept), filters, request.exactly(), request.page)

    def link(self, query: GradesQuery, moment: Mapping[str, str]) -> str:
        grade = [("grade", query.grade)] if self.name == "grades" else []
        pairs = [*question_query(question_of(query)), *grade, *moment.items()]
        return f"{self.page}?{urlencode(pairs)}"

    # -- publishing

    def frozen_document(
        self,
        sight: Sight,
        made: AgreementReport,
        filters: Sequence[tuple[str, str]],
        taken: TakenOut,
    ) -> Document:
        return report_document(sight.connection, made, filters=filters, taken=taken)

    def compared(self, sight: Sight, kept: ReportAsked) -> Sequence[AgreementRow]:
        """By the formulas of now: that they are better is no reason to restate a figure."""
        try:
            made = self.make(sight, self.query_of(kept))
        except Refused as refused:
            if refused.code != "no-tool":
                raise
            return ()  # Before the first tool there was no grade to count.
        return (*made.rows, *made.totals)

    def may_differ(self, sight: Sight, kept: ReportAsked, first: int, last: int) -> bool:
        question = kept_question(kept)
        # What many reports of the same days were published from is looked at once.
        key = ("moved", question.start, question.end, changes.days_of(question), last)
        moved = sight.once(
            key, lambda: changes.last_moved(sight.connection, question, last, _COUNTED_BY)
        )
        return moved > first

    def frozen(self, sight: Sight, kept: ReportAsked) -> AgreementReport:
        return report.make(
            sight.connection,
            self.name,
            kept_question(kept),
            sight.at,
            actor=sight.actor,
            whose=kept.whose,
            formulas=kept.formulas,
            with_small=not kept.hide_small,
        )

    def frozen_answer(self, made: AgreementReport) -> AgreementReportOut:
        return AgreementReportOut.of(made)

    def frozen_at(self, at: AsAt, day: Any) -> AsAt:
        return at

    def kept(self, query: GradesQuery, at: AsAt) -> ReportAsked:
        return self._kept(question_of(query), query.grade)

    def _kept(self, question: AgreementQuestion, whose: Whose) -> ReportAsked:
        return carry(
            ReportAsked,
            question,
            report=self.name,
            by=question.by.value,
            filters=tuple(
                WantedOnly(name=key, values=tuple(values))
                for key, values in sorted(question.filters.items())
            ),
            whose=whose,
            hide_small=True,
            formulas=NEWEST,
        )

    def query_of(self, kept: ReportAsked) -> GradesQuery:
        only: dict[str, Any] = {one.name.replace("-", "_"): one.values for one in kept.filters}
        return carry(
            GradesQuery,
            kept,
            dimension=kept.dimensions,
            blind=None if kept.blind is None else "yes" if kept.blind else "no",
            grade=kept.whose,
            **only,
        )


REPORTS = (
    ReportOnGrades(
        "agreement",
        "Moderation agreement",
        "How many audits are moderated, how often the moderator gives the auditor’s grade, how "
        "much of that is more than chance, and which way moderation moves grades.",
        ("moderated", "moderation_coverage_rate", "moderation_agreement_rate"),
        (
            RateWords("moderation_coverage_rate", "audits", "were moderated"),
            RateWords("moderation_agreement_rate", "moderations", "gave the auditor’s grade"),
        ),
    ),
    ReportOnGrades(
        "grades",
        "Grade profile",
        "What audits were graded, overall and in each domain, how many are good or better, and "
        "where the audit tool changed.",
        ("audits_submitted", "good_or_better_rate", "inadequate_rate"),
        (
            RateWords("inadequate_rate", "graded audits", "had the lowest grade"),
            RateWords("good_or_better_rate", "graded audits", "were good or better"),
        ),
    ),
)
