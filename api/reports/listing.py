"""A report as a list: one line a figure of a group, with all that is said beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.documents.figures import FiguresReport, FiguresRow
from api.documents.listing import Cell, Column, ColumnKind, Listing
from api.web.moments import TakenOut

_FIGURE = (
    Column("figure", "Figure"),
    Column("numerator", "Numerator", ColumnKind.NUMBER),
    Column("denominator", "Denominator", ColumnKind.NUMBER),
    Column("value", "Value", ColumnKind.NUMBER),
    Column("unit", "Unit"),
    Column("from_value", "Interval from", ColumnKind.NUMBER),
    Column("to_value", "Interval to", ColumnKind.NUMBER),
    Column("caveats", "What to know"),
)
_OPENS = Column("opens_at", "Why this number? opens at")


Openings = Callable[[FiguresRow, str], str]
"""The address at which a figure of a row is opened: why it is what it is."""


def report_listing(
    report: FiguresReport,
    *,
    filters: Sequence[tuple[str, str]],
    taken: TakenOut,
    openings: Openings | None = None,
) -> Listing:
    """Every figure of every row and total, each with its address at the end of its line. Values are
    those of the API: rounded, not shown."""
    rows = (*report.rows, *report.totals)
    keys = list(dict.fromkeys(key for row in rows for key in row.group))
    columns = [Column(key, key.replace("_", " ").capitalize()) for key in keys]
    return Listing(
        title=report.title,
        columns=(*columns, *_FIGURE, *([_OPENS] if openings else [])),
        rows=[line for row in rows for line in _lines(row, keys, openings)],
        filters=filters,
        position=report.position or 0,
        **taken,
        notes=[report.cohort_rule, *(one.partition(": ")[2] for one in report.caveats)],
    )


def _lines(row: FiguresRow, keys: Sequence[str], openings: Openings | None) -> list[list[Cell]]:
    named: list[Cell] = [row.group.get(key) for key in keys]
    found = []
    for name, figure in row.figures.items():
        low, high = figure.to_json()["interval"] or (None, None)
        found.append(
            [
                *named,
                name,
                figure.numerator,
                figure.denominator,
                figure.value,
                figure.unit,
                None if low is None else float(low),
                None if high is None else float(high),
                " ".join(one.partition(": ")[2] for one in figure.caveats),
                *([openings(row, name)] if openings else []),
            ]
        )
    return found
