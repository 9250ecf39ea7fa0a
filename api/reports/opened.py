"""Where figures are opened that stand outside the page of their own report."""

from __future__ import annotations

from typing import Any

from api.documents.figures import FiguresReport, FiguresRow
from api.reports.declaration import Report, Sight
from api.reports.figure_rows import row_words
from api.reports.moved import FigureMoved
from api.reports.tables import ReportTable, TableCell, TableLine, cell
from api.web.moments import AsAt


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
