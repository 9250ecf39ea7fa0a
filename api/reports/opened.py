"""Where figures are opened that stand outside the page of their own report, and where one that is
opened leads to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from api.documents.figures import FiguresReport, FiguresRow
from api.reports.declaration import Report, Sight
from api.reports.figure_rows import row_words
from api.reports.moved import FigureMoved
from api.reports.tables import ReportTable, TableCell, TableLine, cell
from api.web.context import Reading
from api.web.moments import WITH_DAY, AsAt
from qa.authorisation.policy import can
from qa.core.words import Resource


def why_moved(report: Report[Any, Any], one: FigureMoved, side: int, at: AsAt) -> str:
    """Where it is opened why a figure that moved was (0), or is (1), what it is."""
    moment = report.moment_of(at)
    listed = report.why_link(one.rows[side], moment)
    return listed or report.receipt(one.query, one.figure.name, one.group, moment)


def figures_opened(
    report: Report[Any, Any],
    sight: Sight,
    query: Any,
    made: FiguresReport,
) -> ReportTable:
    """Every figure of a report with where it is opened why it is what it is."""
    called, rows = report.namer(sight), (*made.rows, *made.totals)
    moment = report.moment_of(sight.at)
    names = list(dict.fromkeys(name for row in rows for name in row.figures))

    receipts = report.receipts(query, moment)

    def opened(row: FiguresRow) -> tuple[TableCell, ...]:
        there = receipts(row.group)
        return tuple(
            cell(row.figures.get(name), there(name) if name in row.figures else "")
            for name in names
        )

    lines = [TableLine((row_words(row),), opened(row)) for row in rows]
    return ReportTable(made.title, ("Row",), tuple(map(called, names)), tuple(lines))


def evidence_link(reading: Reading, name: str) -> str:
    """Where the figure that a page opens is linked to a claim of a self-evaluation as it is now,
    whatever moment the page shows; empty for who may not."""
    if not can(reading.actor, "keep-self-evaluation", Resource()).allowed:
        return ""
    pairs = reading.request.query_params.multi_items()
    kept = [pair for pair in pairs if pair[0] not in (*WITH_DAY, "name", "file", "recount")]
    return f"/self-evaluations/evidence?{urlencode([('name', name), *kept])}"
