"""The closing-the-loop report as a document: the tables, charts and lists of its page, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from api.actions import loop_tables
from api.actions.loop_charts import curve_chart, rate_charts
from api.actions.loop_forms import Choices
from api.actions.loop_tables import days_open
from api.agreement.charts import MOST_SERIES
from api.documents.document import Block, Document, DocumentTable, Heading, Paragraph
from api.reports.documents import MOST_LINES, opening, picture, table_of
from api.web.moments import TakenOut
from projections.actions.closing_the_loop.lists import StandingOut
from projections.actions.closing_the_loop.report import LoopReport
from projections.actions.tables import ActionRow
from qa.actions.states import ActionState


def loop_document(
    report: LoopReport,
    beside: StandingOut,
    words: Choices,
    *,
    said: Sequence[tuple[str, str]],
    taken: TakenOut,
) -> Document:
    """The document of a report and of what stands out beside it."""
    short = replace(report, rows=report.rows[-MOST_LINES:])
    blocks = opening(report, len(report.rows) - len(short.rows))
    blocks += [table_of(one) for one in loop_tables.tables(short, words, lambda row, figure: "")]
    blocks += _still_open(report)
    groups = loop_tables.series(report, words)
    if len(groups) <= MOST_SERIES:
        blocks.append(Heading("Charts"))
        blocks += [picture(chart) for chart in rate_charts(report, groups)]
    blocks += _lists(report, beside, words)
    return Document(
        title=report.title, asked=said, position=report.position, blocks=blocks, **taken
    )


def _still_open(report: LoopReport) -> list[Block]:
    curve = report.open_share
    summary, rows = loop_tables.curve_words(curve), loop_tables.by_weeks(curve)
    heading = Heading("How long actions stay open")
    if not curve.n:
        return [heading, Paragraph(summary)]
    chart = curve_chart(curve, summary, loop_tables.CURVE_COLUMNS, rows)
    return [
        heading,
        Paragraph(summary),
        Paragraph(loop_tables.CURVE_RULE),
        picture(chart),
        DocumentTable("Share still open, every fourth week", loop_tables.CURVE_COLUMNS, rows),
    ]


def _lists(report: LoopReport, beside: StandingOut, words: Choices) -> list[Block]:
    def line(row: ActionRow) -> list[str]:
        return [
            row.action[:8],
            words["team"].get(row.team, row.team),
            ActionState(row.state).label,
            row.raised_on,
            str(days_open(row, report)),
            row.first_due_on,
            row.due_on,
            f"{row.moved} ({row.slipped} days)",
        ]

    columns = ("Action", "Team", "State", "Raised", "Days open", "First due", "Due", "Date moved")
    children = [[one.child, str(one.actions), str(one.open), one.since] for one in beside.children]
    more = beside.children_in_all - len(children)
    return [
        Heading("The oldest actions that are still open"),
        _listed("Oldest open actions", columns, [line(row) for row in beside.oldest]),
        Heading("The open actions whose date moved most often"),
        _listed("Most re-dated actions", columns, [line(row) for row in beside.redated]),
        Heading(f"Children for whom nothing has changed yet ({beside.children_in_all})"),
        _listed(
            "Children without an effect",
            ("Child reference", "Actions", "Still open", "First raised"),
            children,
        ),
        *([Paragraph(f"{more} more are not listed here.")] if more > 0 else []),
    ]


def _listed(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    return DocumentTable(title, columns, rows) if rows else Paragraph("None.")
