"""A report on grades as a document: the tables, charts and sentences of its page, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from api.agreement import charts, forms
from api.agreement import tables as agreement_tables
from api.agreement.tables import Words
from api.charts.drawing import Chart
from api.documents.document import (
    Document,
    DocumentTable,
    Heading,
    day_text,
)
from api.reports.documents import MOST_LINES, opening, picture, table_of
from api.reports.sentences import nowhere
from api.web.moments import TakenOut
from projections.agreement.counting import VersionScales
from projections.agreement.model import AgreementReport
from projections.agreement.question import AgreementQuestion
from projections.audit_tools import queries as tool_queries
from projections.people import queries as people_queries
from qa.core.words import Scale

CHANGING = {
    "agreement": (
        ("moderation_agreement_rate", "Same grade"),
        ("moderation_coverage_rate", "Moderated"),
    ),
    "grades": (
        ("good_or_better_rate", "Good or better"),
        ("inadequate_rate", "The lowest grade"),
    ),
}
"""The rates whose change from period to period a report tells."""


def words_of(connection: Connection, report: AgreementReport) -> tuple[Words, dict[str, Scale]]:
    """What the codes of a report are called, and the scales it may be graded on, as known then."""
    position = report.position
    definitions = tool_queries.definitions(connection, position=position)
    version_scales = VersionScales.of_tools(definitions)
    scales = {
        scale.key: scale
        for scale in (*version_scales.overall.values(), *version_scales.domains.values())
    }
    return Words(
        domains=forms.domain_titles(connection, position),
        people=people_queries.names(
            connection, agreement_tables.people_in([report]), position=position
        ),
        tools={tool: one.title for (tool, _), one in sorted(definitions.items())},
        grades={point.code: point.label for scale in scales.values() for point in scale.points},
    ), scales


def asked_words(question: AgreementQuestion) -> list[tuple[str, str]]:
    """What was asked, for who has no form to say it from."""
    found = [
        ("From", day_text(question.start)),
        ("To", day_text(question.end)),
        ("By", question.by.label),
    ]
    if question.dimensions:
        found.append(("Broken down by", ", ".join(question.dimensions)))
    if question.blind is not None:
        found.append(("Moderations", "only blind" if question.blind else "only open"))
    return found + [(name, value) for name, values in question.filters.items() for value in values]


def report_document(
    connection: Connection,
    report: AgreementReport,
    *,
    filters: Sequence[tuple[str, str]],
    taken: TakenOut,
    uncut: AgreementReport | None = None,
) -> Document:
    """The document of a report. Charts are drawn from `uncut` where the report itself has more
    groups than charts are drawn of."""
    words, scales = words_of(connection, report)
    short = replace(report, rows=report.rows[-MOST_LINES:])
    drawn: list[Chart]
    if report.name == "agreement":
        tables = agreement_tables.agreement_tables(short, words, nowhere)
        drawn = charts.agreement_charts(uncut or report, words, scales)
    else:
        tables = agreement_tables.grade_tables(short, words, nowhere)
        drawn = charts.grade_charts(uncut or report, words, scales)
    blocks = opening(report, len(report.rows) - len(short.rows))
    blocks += [table_of(table) for table in tables]
    readings = agreement_tables.readings(short, words)
    if readings:
        blocks.append(Heading("What to trust"))
        blocks.append(
            DocumentTable("Which figure of agreement to trust", ["Row", "In words"], readings)
        )
    if drawn:
        blocks.append(Heading("Charts"))
        blocks += [picture(chart) for chart in drawn]
    changes = [_changes(short, figure, title, words) for figure, title in CHANGING[report.name]]
    if any(changes):
        blocks.append(Heading("Change from period to period"))
        blocks += [table for table in changes if table is not None]
    return Document(
        title=report.title, asked=filters, position=report.position or 0, blocks=blocks, **taken
    )


def _changes(
    report: AgreementReport, figure: str, title: str, words: Words
) -> DocumentTable | None:
    steps = agreement_tables.steps(report, figure, words)
    if not steps:
        return None
    named = agreement_tables.key_headings(report)
    return DocumentTable(
        f"{title}, from period to period",
        [*named, "Before", "After", "Change in points", "Change in number", "What to know"],
        [[*s.headings, s.before, s.after, s.points, s.number, " ".join(s.notes)] for s in steps],
        keys=len(named),
    )
