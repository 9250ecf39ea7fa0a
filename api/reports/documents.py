"""A report as a document: what every one of them begins with, and its tables on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from api.charts.drawing import Chart
from api.documents.document import (
    Block,
    Bullets,
    Document,
    DocumentTable,
    Heading,
    Paragraph,
    Picture,
    Reworded,
    day_text,
    first_text,
)
from api.documents.figures import FiguresReport
from api.documents.listing import LAYOUT, Listing
from api.documents.making import document_file, report_workbook_file
from api.lists.files import render_listing
from api.reports.tables import ReportTable, TableCell, cell, sentence

MOST_LINES = 200
"""Paper holds the last so many rows of a long report; CSV and Excel hold every one."""


def render_report(document: Document, kind: str, *, rendering: int = LAYOUT) -> bytes:
    """The document as the bytes of a ``docx`` or ``pdf`` file, by the layout `rendering`."""
    if not 1 <= rendering <= LAYOUT:
        raise ValueError(f"there is no layout {rendering}")
    document = replace(document, layout=rendering)
    if rendering == 1:
        blocks = [_before(one) for one in document.blocks]
        document = replace(document, asked=first_words(document.asked), blocks=blocks)
    return document_file(document, kind)


def report_in(kind: str, listing: Listing, document: Callable[[], Document]) -> bytes:
    """A report as the bytes of a file of any kind, as it is written now."""
    if kind in ("docx", "pdf"):
        return render_report(document(), kind)
    if kind == "xlsx":
        return report_workbook_file(document(), listing)
    return render_listing(listing, kind)


def opening(report: FiguresReport, left_off: int) -> list[Block]:
    """The rule and what to know first; `left_off` rows stand in the lists alone."""
    blocks: list[Block] = [Paragraph(report.cohort_rule)]
    if report.caveats:
        blocks += [Heading("What to know first"), Bullets(list(map(sentence, report.caveats)))]
    if left_off:
        note = f"The first {left_off} rows are left out here. The CSV and Excel files hold every"
        blocks.append(Paragraph(f"{note} row."))
    return [*blocks, Heading("Figures")]


def picture(chart: Chart) -> Picture:
    earlier = chart.before
    before = None if earlier is None else lambda: picture(earlier())
    return Picture(chart.title, chart.summary, chart, before)


def _before(block: Block) -> Block:
    match block:
        case Picture(before=drawn) if drawn is not None:
            return drawn()
        case Paragraph(before=text) if text:
            return Paragraph(text)
    return block


def first_words(filters: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was asked, called and worded as in the first layout."""
    return [(_CUT.sub("Cut by", name), first_text(value)) for name, value in filters]


_CUT = re.compile("Broken down by$")


def table_of(table: ReportTable) -> DocumentTable:
    """A table of a page on paper."""
    noted = any(line.notes for line in table.lines)
    return DocumentTable(
        table.title,
        [*table.headings, *table.columns, *(["What to know"] if noted else [])],
        [
            [
                *line.headings,
                *map(_cell, line.cells),
                *([" ".join(line.notes)] if noted else []),
            ]
            for line in table.lines
        ],
        keys=len(table.headings),
    )


def _cell(cell: TableCell) -> str:
    beneath = [*filter(None, (cell.of, cell.interval, cell.why))]
    shown = "\n".join(filter(None, (cell.value, *beneath)))
    if isinstance(cell.value, Reworded):
        return Reworded(shown, "\n".join([cell.value.before, *beneath]), cell.value.until)
    return shown


def _group(key: str, value: object) -> str:
    if key in ("from", "to") and value:
        return day_text(date.fromisoformat(str(value)))
    return "" if value is None else str(value)


def figures_table(report: FiguresReport, called: Callable[[str], str]) -> DocumentTable:
    """Every figure of a report, a line for each row."""
    rows = [*report.rows, *report.totals]
    keys = [key for key in dict.fromkeys(key for row in rows for key in row.group)
            if not key.endswith("_id")]  # fmt: skip
    names = list(dict.fromkeys(name for row in rows for name in row.figures))
    return DocumentTable(
        report.title,
        [*(key.replace("_", " ").capitalize() for key in keys), *map(called, names)],
        [
            [
                *(_group(key, row.group.get(key)) for key in keys),
                *(_cell(cell(row.figures.get(name))) for name in names),
            ]
            for row in rows
        ],
        keys=len(keys),
    )
