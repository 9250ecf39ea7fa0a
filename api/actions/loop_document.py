"""The closing-the-loop report as a document, and its charts, drawn from its own figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from api.actions import loop_tables
from api.actions.loop_forms import Choices
from api.actions.loop_tables import days_open
from api.agreement.charts import MOST_SERIES
from api.charts.charts import BLUE, ORANGE
from api.charts.drawing import INK, Chart, drawn
from api.charts.trend import Trend, trend
from api.documents.document import Block, Document, DocumentTable, Heading, Paragraph
from api.reports.documents import MOST_LINES, opening, picture, table_of
from api.reports.sentences import Opened, nowhere, rate_links, rate_point
from api.web.moments import TakenOut
from projections.actions.closing_the_loop.lists import StandingOut
from projections.actions.closing_the_loop.report import LoopReport, LoopReportRow
from projections.actions.tables import ActionRow
from projections.figures.durations import Curve
from qa.actions.states import ActionState

DRAWN = {
    "loop_closed_rate": "Loops closed",
    "action_completion_rate": "Actions done by their first due date",
}


def rate_charts(
    report: LoopReport,
    groups: Sequence[tuple[str, Sequence[LoopReportRow]]],
    href: Opened = nowhere,
) -> list[Chart]:
    """Each rate by period, for each group of rows by its name (empty for the whole)."""
    found = []
    for name, rows in groups:
        for figure, title in DRAWN.items():
            points = [rate_point(row, figure, report.question.period_key) for row in rows]
            whole = f"{title}: {name}" if name else title
            links = rate_links(rows, figure, href)
            found.append(trend(Trend(whole, title, points)).opening(links))
    return found


def curve_chart(
    curve: Curve, summary: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> Chart:
    """The share still open by days since the action was raised, with a tick where actions were
    last looked at while open (censored)."""
    line = [{"day": 0, "share": 1.0}]
    line += [{"day": step.day, "share": float(step.share)} for step in curve.steps]
    ticks = [{"day": s.day, "share": float(s.share)} for s in curve.steps if s.censored]
    along = {"field": "day", "type": "quantitative", "title": "Days since the action was raised"}
    up = {
        "field": "share",
        "type": "quantitative",
        "title": "Share still open",
        "scale": {"domain": [0, 1]},
        "axis": {"format": "%"},
    }
    spec = {
        "width": 560,
        "height": 280,
        "layer": [
            {
                "data": {"values": line},
                "mark": {
                    "type": "line",
                    "interpolate": "step-after",
                    "color": BLUE,
                    "strokeWidth": 3,
                },
                "encoding": {"x": along, "y": up},
            },
            {
                "data": {"values": ticks},
                "mark": {
                    "type": "tick",
                    "orient": "vertical",
                    "thickness": 2,
                    "size": 12,
                    "color": ORANGE,
                },
                "encoding": {"x": along, "y": up},
            },
            {
                "data": {"values": [{"share": 0.5}]},
                "mark": {"type": "rule", "color": INK, "strokeDash": [4, 4]},
                "encoding": {"y": up},
            },
        ],
    }
    sentences = f"{summary} An upright tick marks actions last looked at while still open."
    return drawn("Share of actions still open", sentences, spec, columns, rows)


def loop_document(
    report: LoopReport,
    beside: StandingOut,
    words: Choices,
    *,
    filters: Sequence[tuple[str, str]],
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
        title=report.title, asked=filters, position=report.position, blocks=blocks, **taken
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
        Heading(f"{loop_tables.WITHOUT_EFFECT} ({beside.children_in_all})"),
        _listed(
            "Children without an effect",
            ("Child reference", "Actions", "Still open", "First raised"),
            children,
        ),
        *([Paragraph(f"{more} more are not listed here.")] if more > 0 else []),
    ]


def _listed(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    return DocumentTable(title, columns, rows) if rows else Paragraph("None.")
