"""Where figures are opened that stand outside the page of their own report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.documents.figures import FiguresReport, FiguresRow
from api.reports.declaration import Report, Sight, row_words
from api.reports.moved import FigureMoved
from api.reports.tables import ReportTable, TableCell, TableLine, cell


def why_moved(
    report: Report[Any, Any], one: FigureMoved, side: int, moment: Mapping[str, str]
) -> str:
    """Where it is opened why a figure that moved was (0), or is (1), what it is."""
    listed = report.why_link(one.rows[side], moment)
    return listed or report.receipt(one.query, one.figure.name, one.group, moment)


def figures_opened(
    report: Report[Any, Any],
    sight: Sight,
    query: Any,
    made: FiguresReport,
    moment: Mapping[str, str],
) -> ReportTable:
    """Every figure of a report with where it is opened why it is what it is."""
    called, rows = report.namer(sight), (*made.rows, *made.totals)
    names = list(dict.fromkeys(name for row in rows for name in row.figures))

    def opened(row: FiguresRow, name: str) -> TableCell:
        figure = row.figures.get(name)
        there = "" if figure is None else report.receipt(query, name, row.group, moment)
        return cell(figure, there)

    lines = [
        TableLine((row_words(row),), tuple(opened(row, name) for name in names)) for row in rows
    ]
    return ReportTable(made.title, ("Row",), tuple(map(called, names)), tuple(lines))
