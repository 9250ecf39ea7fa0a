"""A quarterly report put together at a moment: each section with its figures, the commentary of
named people, and the headline sentences as the figures now bear them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.documents.figures import FiguresReport, FiguresRow
from api.reports.declaration import Report, Sight, report_called
from api.reports.opened import figures_opened
from api.reports.sentences import ReportSentence
from api.reports.tables import ReportTable
from projections.figures.figure import Figure
from projections.figures.formulas import NEWEST
from projections.people import queries as people_queries
from projections.quarterly import queries
from projections.quarterly.queries import QuarterlyRecord
from projections.quarterly.tables import QuarterlyRow, QuarterlySectionRow
from qa.authorisation.policy import can, require
from qa.core.clock import civil_day
from qa.core.dates_in_words import day as in_words
from qa.core.errors import NotFound, Refused
from qa.core.words import Actor, Resource
from qa.publishing.events import ReportAsked
from qa.quarterly.commands import HEADLINES
from qa.quarterly.events import HeadlineFigure, RowPart

RULE = "Each section counts by the rule of its own report, which stands with its figures."
NONE_SUCH = "There is no such quarterly report."
READ = "read-quarterly-report"


@dataclass(frozen=True, slots=True)
class SectionCommentary:
    """What somebody wrote beside a section, and on which day."""

    by: str
    name: str
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class ComposedRow:
    """A row of a section's report, within the quarterly report."""

    group: Mapping[str, Any]
    figures: Mapping[str, Figure]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComposedSection:
    """A section: `made` is None where its report cannot be made, for the reason `trouble`."""

    place: int
    row: QuarterlySectionRow
    report: Report[Any, Any]
    report_question: ReportAsked
    sight: Sight
    commentaries: Sequence[SectionCommentary]
    made: FiguresReport | None = None
    trouble: str = ""

    @property
    def title(self) -> str:
        return f"{self.place}. {self.row.question}"

    @property
    def own_rows(self) -> tuple[FiguresRow, ...]:
        return () if self.made is None else (*self.made.totals, *self.made.rows)

    @property
    def filters(self) -> list[tuple[str, str]]:
        """What its report was asked, in words."""
        words = self.report.question_words(self.sight, self.report.query_of(self.report_question))
        return [("Report", self.report.title), *words]

    @property
    def opened(self) -> ReportTable | None:
        """Its figures, each with where it is opened why it is what it is."""
        if self.made is None:
            return None
        query = self.report.query_of(self.report_question)
        return figures_opened(self.report, self.sight, query, self.made)

    def rows(self) -> Iterator[ComposedRow]:
        """Its rows as rows of the whole. `total` is a word of their own that names no part."""
        own = {"section": self.title, "section_id": self.row.section}
        for row in () if self.made is None else (*self.made.rows, *self.made.totals):
            named = {"whole" if key == "total" else key: row.group[key] for key in row.group}
            yield ComposedRow({**own, **named}, row.figures, row.caveats)

    def sentences(self, *, again: bool = False) -> Iterator[tuple[HeadlineFigure, str]]:
        """What can be said first of it: each main figure of each of its rows that has a value. The
        whole of a single period says the same `again`."""
        says = [one.figure for one in self.report.says]
        once = self.made is not None and len(self.made.rows) == 1 and not again
        rows = self.made.rows if once and self.made is not None else self.own_rows
        for figure in dict.fromkeys((*says, *self.report.main)):
            for row in rows:
                sentence = self.report.sentence(self.sight, row, figure)
                if sentence:
                    parts = tuple(RowPart(name=k, value=v) for k, v in row_parts(row).items())
                    yield (
                        HeadlineFigure(section=self.row.section, figure=figure, row=parts),
                        sentence,
                    )

    def sentence(self, wanted: HeadlineFigure) -> str:
        """The sentence of one of its figures; empty where it shows no such figure, or no value."""
        parts = {one.name: one.value for one in wanted.row}
        for row in self.own_rows:
            if row_parts(row) == parts:
                return self.report.sentence(self.sight, row, wanted.figure)
        return ""


def row_parts(row: FiguresRow) -> dict[str, str]:
    """What names a row of a report, as it is kept in an event."""
    return {key: str(value) for key, value in row.group.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterlyFigures:
    """A quarterly report with every figure of its sections. `headlines` are empty texts where no
    figure bears them out."""

    draft: QuarterlyRecord
    author: str
    sections: tuple[ComposedSection, ...]
    headlines: tuple[str, ...]
    as_at: date
    position: int
    true_on: date | None
    caveats: tuple[str, ...] = ()
    cohort_rule: str = RULE
    totals: tuple[ComposedRow, ...] = ()

    @property
    def title(self) -> str:
        return self.draft.row.title

    @property
    def rows(self) -> tuple[ComposedRow, ...]:
        return tuple(row for section in self.sections for row in section.rows())

    @property
    def sentences(self) -> list[ReportSentence]:
        """The headlines, each with where its figure is opened."""
        found = {one.row.section: one for one in self.sections}

        def as_sentence(text: str, one: HeadlineFigure) -> ReportSentence:
            section = found[one.section]
            group = {part.name: part.value for part in one.row}
            report, query = section.report, section.report.query_of(section.report_question)
            there = report.receipt(query, one.figure, group, report.moment_of(section.sight.at))
            return ReportSentence(text, there if text else "", f"section {section.place}")

        return [*map(as_sentence, self.headlines, self.draft.row.chosen)]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The sentences that can be chosen, by the figure that bears each out; the same ones twice
        only where there are no three others."""

        def offered(again: bool) -> list[tuple[str, str]]:
            return [
                (one.model_dump_json(), f"{section.place}. {sentence}")
                for section in self.sections
                for one, sentence in section.sentences(again=again)
            ]

        found = offered(again=False)
        return found if len(found) >= HEADLINES else offered(again=True)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What its first page says of it."""
        row = self.draft.row
        return [*first_page(row), ("Author", self.author)]


def first_page(row: QuarterlyRow) -> list[tuple[str, str]]:
    """Whose report it is, and of which days."""
    start, end = map(in_words, row.days)
    return [("Council", row.council), ("Quarter", f"{start} to {end}")]


def own_group(group: Mapping[str, Any]) -> dict[str, Any]:
    """The row of the section's own report that a row of the whole is."""
    return {
        "total" if key == "whole" else key: value
        for key, value in group.items()
        if key not in ("section", "section_id")
    }


def may_read(actor: Actor, draft: QuarterlyRecord) -> bool:
    return can(actor, READ, _resource(actor, draft)).allowed


def _resource(actor: Actor, draft: QuarterlyRecord) -> Resource:
    """The draft as the policy sees it: the work of everybody who was asked for a part of it."""
    return Resource(person=actor.person if actor.person in draft.people else None)


def opened(sight: Sight, report: str) -> QuarterlyRecord:
    """A quarterly report that this reader may see while it is written.

    Raises:
        NotFound: there is none at that moment.   Forbidden: it is not open to this reader.
    """
    draft = queries.one(sight.connection, report, position=sight.at.position)
    if draft is None:
        if sight.actor is not None:
            require(sight.actor, READ, Resource(person=sight.actor.person))
        raise NotFound(NONE_SUCH)
    if sight.actor is not None:
        require(sight.actor, READ, _resource(sight.actor, draft))
    return draft


def listed(sight: Sight) -> list[QuarterlyRow]:
    """The quarterly reports that this reader may see while they are written, the last begun first.
    Raises `Forbidden` for who may see none of any."""
    actor = sight.reader
    require(actor, READ, Resource(person=actor.person))
    rows = queries.reports(sight.connection, position=sight.at.position)
    if can(actor, READ, Resource()).allowed:
        return rows
    found = [queries.one(sight.connection, one.report, position=sight.at.position) for one in rows]
    return [one.row for one in found if one is not None and may_read(actor, one)]


def standing(sight: Sight, draft: QuarterlyRecord) -> QuarterlyFigures:
    """A draft with the figures of the moment; what was sent for review as it was sent."""
    row = draft.row
    if row.sent is None or row.sent_as_at is None or row.formulas is None:
        return composed(sight, draft, formulas=NEWEST)
    on = date.fromisoformat(row.sent_as_at)
    at = replace(sight.at, position=row.sent, day=on, true_on=None)
    then = queries.one(sight.connection, row.report, position=row.sent)
    return composed(replace(sight, at=at), then or draft, formulas=row.formulas)


def unmade(sight: Sight, draft: QuarterlyRecord, formulas: int) -> list[ComposedSection]:
    """The sections without their figures.

    Raises:
        Forbidden: a section's report is not open to this reader.
    """
    named = people_queries.names(sight.connection, draft.people, position=sight.at.position)
    sections = []
    for place, row in enumerate(draft.sections, 1):
        question = row.report_asked
        if question.formulas > 1:
            question = question.model_copy(update={"formulas": formulas})
        report = report_called(question.report)
        if sight.actor is not None:
            require(sight.actor, report.verb)
        own = replace(sight, at=report.frozen_at(sight.at, sight.at.day))
        written = [
            SectionCommentary(one.by, named.get(one.by, one.by), civil_day(one.at), one.text)
            for one in draft.commentaries.get(row.section, ())
        ]
        sections.append(ComposedSection(place, row, report, question, own, written))
    return sections


def composed(
    sight: Sight, draft: QuarterlyRecord, *, formulas: int, as_sent: bool = False
) -> QuarterlyFigures:
    """The report with its figures at a moment. A section that cannot be made says why, unless
    the report is to be kept `as_sent`.

    Raises:
        Forbidden: a section's report is not open to this reader.
        Refused, NotFound: as a section's report does, of what is kept as it was sent.
    """
    sections = []
    for section in unmade(sight, draft, formulas):
        try:
            made = section.report.frozen(section.sight, section.report_question)
            sections.append(replace(section, made=made))
        except (Refused, NotFound) as wrong:
            if as_sent:
                raise
            sections.append(replace(section, trouble=wrong.sentence))
    author = draft.row.author
    named = people_queries.names(sight.connection, [author], position=sight.at.position)
    found = {one.row.section: one for one in sections}
    return QuarterlyFigures(
        draft=draft,
        author=named.get(author, author),
        sections=tuple(sections),
        headlines=tuple(found[one.section].sentence(one) for one in draft.row.chosen),
        as_at=sight.at.day,
        position=sight.at.shown,
        true_on=sight.at.true_on,
    )
