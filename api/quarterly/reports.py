"""The quarterly report, declared: a report that is made of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from markupsafe import Markup

from api.documents.document import (
    Block,
    Bullets,
    Document,
    DocumentTable,
    Heading,
    Paragraph,
    Picture,
    laid_out,
)
from api.documents.figures import FiguresReport, FiguresRow
from api.publishing.schemas import ComposedReportOut, ComposedSectionOut, SectionCommentaryOut
from api.quarterly import reading
from api.quarterly.cli import QuarterlyQuery
from api.quarterly.reading import ComposedSection, QuarterlyFigures
from api.reports.declaration import FigureOf, FigureReceipt, Report, ReportPart, ReportText, Sight
from api.reports.documents import first_words
from api.web.moments import AsAt, TakenOut
from projections.core.health import Health
from projections.figures.figure import caveat
from projections.figures.formulas import NEWEST
from projections.quarterly import queries
from qa.core.dates_in_words import day as in_words
from qa.core.errors import NotFound, Refused
from qa.publishing.commands import UNREVIEWED
from qa.publishing.events import ReportAsked, WantedOnly
from qa.store.store import Store

_KEPT: Mapping[str, tuple[type[Block], ...]] = {
    "whole": (Heading, Paragraph, Bullets, DocumentTable, Picture),
    "figures": (DocumentTable,),
    "charts": (Picture,),
}


def section_blocks(section: ComposedSection, taken: TakenOut) -> list[Block]:
    """What a section prints of its report, beneath its own heading."""
    if section.made is None:
        return [Paragraph(f"This report cannot be shown. {section.trouble}")]
    paper = section.report.frozen_document(section.sight, section.made, section.filters, taken)
    kept = [one for one in paper.blocks if isinstance(one, _KEPT[section.row.shows])]
    if not kept:
        return [Paragraph("This report has no chart.")]
    return [Heading(one.text, 3) if isinstance(one, Heading) else one for one in kept]


def _opened(section: ComposedSection) -> list[Block]:
    """Where its figures are opened, for paper: on the page each figure is a link."""
    if section.made is None:
        return []
    query = section.report.query_of(section.report_question)
    called, address = section.report.opens_at(query, section.sight.at)
    return [Paragraph(f"{called} {address}", since=3)]


def _line(filters: Sequence[tuple[str, str]]) -> str:
    return ". ".join(f"{name}: {value}" for name, value in filters)


def shown_blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Blocks for a page, each with what kind it is."""
    return [
        {
            "is": type(one).__name__.lower(),
            "block": one,
            "svg": Markup(one.svg) if isinstance(one, Picture) else None,  # noqa: S704 - our own
        }
        for one in laid_out(blocks)
    ]


class QuarterlyInFull(Report[QuarterlyQuery, QuarterlyFigures]):
    name = "quarterly"
    title = "Quarterly report"
    about = "Reports and charts of a quarter, each with its question and a commentary."
    query = QuarterlyQuery
    page = "/quarterly-reports"
    verb = "read-council-figures"
    models = (
        "quarterly",
        "actions",
        "audit_tools",
        "case_audits",
        "improvement_plans",
        "indicators",
        "learning",
        "moderation_agreement",
        "supervision",
    )
    main = ()
    publishes = ""
    source = "sections"
    template = "quarterly/composed.html"
    counts = "record"
    # The reports that it is made of are compared; what became of one that is given out stands in
    # the register.
    is_compared = False

    def make(
        self, sight: Sight, query: QuarterlyQuery, behind: Sequence[Health] = ()
    ) -> QuarterlyFigures:
        draft = reading.opened(sight, query.report)
        made = reading.standing(sight, draft)
        delays = tuple(caveat("figures-behind", one.words) for one in behind)
        return replace(made, caveats=delays)

    def answer(self, sight: Sight, made: QuarterlyFigures) -> ComposedReportOut:
        return self.frozen_answer(made)

    def question_words(self, sight: Sight, query: QuarterlyQuery) -> list[tuple[str, str]]:
        draft = queries.one(sight.connection, query.report, position=sight.at.position)
        if draft is None:
            raise NotFound(reading.NONE_SUCH)
        # Its first page says them, whoever reads it: no figure is asked for.
        return reading.first_page(draft.row)

    def subject(self, query: QuarterlyQuery) -> str:
        return f"quarterly-report:{query.report}"

    def figure_words(self, sight: Sight, figure: str) -> str:
        """A figure by what its code says: the same code may be of several sections."""
        return figure.replace("_", " ").replace("-", " ").capitalize()

    def link(self, query: QuarterlyQuery, moment: Mapping[str, str]) -> str:
        suffix = "&".join(f"{key}={value}" for key, value in moment.items())
        return f"{self.page}/{query.report}{f'?{suffix}' if suffix else ''}"

    def why(self, store: Store, sight: Sight, figure: FigureOf[QuarterlyQuery]) -> FigureReceipt:
        section, own = self._own(sight, figure)
        return section.report.why(store, section.sight, own)

    def row_named(
        self, sight: Sight, figure: FigureOf[QuarterlyQuery]
    ) -> tuple[FiguresReport, FiguresRow]:
        """That of its section: whoever reads the report of that may, of what is given out too."""
        section, own = self._own(sight, figure)
        return section.report.row_named(section.sight, own)

    def behind(
        self, sight: Sight, figure: FigureOf[QuarterlyQuery]
    ) -> Mapping[tuple[str, str], object]:
        section, own = self._own(sight, figure)
        return section.report.behind(section.sight, own)

    def behind_each(
        self, sight: Sight, query: QuarterlyQuery
    ) -> Callable[[FigureOf[QuarterlyQuery]], Mapping[tuple[str, str], object]]:
        """The sections are read once for all the figures."""
        sections = _sections(sight, query)

        @cache
        def behind_section(section: object) -> tuple[Any, Callable[..., Any]]:
            found = _section_of(sections, section)
            own = found.report.query_of(found.report_question)
            return own, found.report.behind_each(found.sight, own)

        def behind(figure: FigureOf[QuarterlyQuery]) -> Mapping[tuple[str, str], object]:
            own, each = behind_section(figure.group.get("section_id"))
            found: Mapping[tuple[str, str], object] = each(
                FigureOf(own, figure.figure, reading.own_group(figure.group))
            )
            return found

        return behind

    def _own(
        self, sight: Sight, figure: FigureOf[QuarterlyQuery]
    ) -> tuple[ComposedSection, FigureOf[Any]]:
        found = _section_of(_sections(sight, figure.query), figure.group.get("section_id"))
        query = found.report.query_of(found.report_question)
        return found, FigureOf(query, figure.figure, reading.own_group(figure.group))

    def frozen_document(
        self, sight: Sight, made: QuarterlyFigures, filters: Sequence[tuple[str, str]],
        taken: TakenOut,
    ) -> Document:  # fmt: skip
        blocks: list[Block] = []
        if any(made.headlines):
            blocks = [Heading("In three sentences"), Bullets([*filter(None, made.headlines)])]
        for section in made.sections:
            blocks.append(Heading(section.title))
            section_filters = section.filters
            blocks.append(
                Paragraph(_line(section_filters), before=_line(first_words(section_filters)))
            )
            for one in section.commentaries:
                blocks.append(Heading(f"Commentary by {one.name}, {in_words(one.on)}", 3))
                blocks += [Paragraph(text) for text in one.text.split("\n") if text.strip()]
            blocks += [*section_blocks(section, taken), *_opened(section)]
        pairs = [*(pair for pair in made.facts if pair not in filters), *filters]
        return Document(
            title=made.title, asked=pairs, position=made.position, blocks=blocks, **taken
        )

    # -- publishing

    def kept(self, query: QuarterlyQuery, at: AsAt) -> ReportAsked:
        raise Refused(UNREVIEWED, code="quarterly-unreviewed")

    def query_of(self, kept: ReportAsked) -> QuarterlyQuery:
        return QuarterlyQuery(report=kept.filters[0].values[0])

    def frozen(self, sight: Sight, kept: ReportAsked) -> QuarterlyFigures:
        """As published, whoever reads it may read every report in it. It was a draft then: the
        right to read drafts is not asked for what was given out."""
        query = self.query_of(kept)
        draft = queries.one(sight.connection, query.report, position=sight.at.position)
        if draft is None:
            raise NotFound(reading.NONE_SUCH)
        key = (self.name, query, kept.formulas, sight.at)
        return sight.once(
            key, lambda: reading.composed(sight, draft, formulas=kept.formulas, as_sent=True)
        )

    def compared(self, sight: Sight, kept: ReportAsked) -> Sequence[reading.ComposedRow]:
        """By the formulas of now, of the report as it was given out."""
        return self.frozen(sight, kept.model_copy(update={"formulas": NEWEST})).rows

    def frozen_answer(self, made: QuarterlyFigures) -> ComposedReportOut:
        row = made.draft.row
        return ComposedReportOut(
            report="quarterly",
            title=made.title,
            council=row.council,
            author=made.author,
            start=row.days[0],
            end=row.days[1],
            as_at=made.as_at,
            position=made.position,
            headlines=list(made.headlines),
            caveats=list(made.caveats),
            sections=[_section_out(one) for one in made.sections],
        )

    def written(self, made: QuarterlyFigures) -> list[tuple[str, str]]:
        pairs = [
            *made.facts,
            *((f"Headline {at}", one) for at, one in enumerate(made.headlines, 1)),
        ]
        for section in made.sections:
            pairs += [(f"{section.title} {name}", value) for name, value in section.filters]
            pairs += [
                (f"{section.title} Commentary by {one.name}, {in_words(one.on)}", one.text)
                for one in section.commentaries
            ]
        return pairs

    def parts(
        self, sight: Sight, kept: ReportAsked, made: QuarterlyFigures
    ) -> Sequence[ReportPart]:
        return [
            ReportPart(
                one.report,
                one.sight,
                one.report_question,
                one.made,
                f"{one.place}. {one.report.title}",
            )
            for one in made.sections
            if one.made is not None
        ]

    def texts(self, made: QuarterlyFigures) -> Sequence[ReportText]:
        """Questions and commentaries. Headlines are left out: each tells a figure, which may be one
        that is not shown."""
        found = []
        for one in made.sections:
            key = one.row.section
            found.append(ReportText(f"{key}:question", f"Question {one.place}", one.row.question))
            found += [
                ReportText(f"{key}:{at}", f"Commentary on section {one.place}", commentary.text)
                for at, commentary in enumerate(one.commentaries, 1)
            ]
        return found

    def page_parts(self, made: QuarterlyFigures, taken: TakenOut) -> Mapping[str, Any]:
        return {
            "composed": made,
            "printed": {
                one.row.section: shown_blocks(section_blocks(one, taken)) for one in made.sections
            },
        }


def _sections(sight: Sight, query: QuarterlyQuery) -> Sequence[ComposedSection]:
    """The sections of a report without their figures. Raises `NotFound` where there is none."""
    draft = queries.one(sight.connection, query.report, position=sight.at.position)
    if draft is None:
        raise NotFound(reading.NONE_SUCH)
    return reading.unmade(sight, draft, NEWEST)


def _section_of(sections: Sequence[ComposedSection], section: object) -> ComposedSection:
    for found in sections:
        if found.row.section == section:
            return found
    raise NotFound("There is no such figure.")


def _section_out(section: ComposedSection) -> ComposedSectionOut:
    return ComposedSectionOut(
        section=section.row.section,
        question=section.row.question,
        title=section.report.title,
        asked=section.report_question,
        shows=section.row.shows,
        commentaries=[
            SectionCommentaryOut(by=one.by, name=one.name, on=one.on, text=one.text)
            for one in section.commentaries
        ],
        figures=None if section.made is None else section.report.frozen_answer(section.made),
        trouble=section.trouble,
    )


def kept_of(report: str, row: Any, formulas: int = NEWEST) -> ReportAsked:
    """What is kept of a quarterly report that is sent for review."""
    start, end = row.days
    only = WantedOnly(name="report", values=(report,))
    return ReportAsked(
        report="quarterly", start=start, end=end, by="", filters=(only,), formulas=formulas
    )


REPORTS = QuarterlyInFull()
