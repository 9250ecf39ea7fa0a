"""A report as a document: what every one of them begins with, and its tables on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from api.charts.drawing import Chart
from api.documents.document import (
    Block,
    Bullets,
    Document,
    DocumentTable,
    Heading,
    Paragraph,
    Picture,
)
from api.documents.figures import FiguresReport
from api.documents.listing import LAYOUT
from api.reports.tables import ReportTable, TableCell, cell, sentence

MOST_LINES = 200
"""Paper holds the last so many rows of a long report; CSV and Excel hold every one."""


RENDERING = LAYOUT
"""The layout that files are written by. Whoever changes a byte of them raises it, and keeps the
layout before: what was published is written by its own for ever (decision 51)."""


BANDS = 3
"""The first layout whose charts by period have bands."""


def render_report(document: Document, kind: str, rendering: int = RENDERING) -> bytes:
    """The document as the bytes of a ``docx`` or ``pdf`` file, by the layout `rendering`."""
    if not 1 <= rendering <= RENDERING:
        raise ValueError(f"there is no layout {rendering}")
    document = replace(document, layout=rendering)
    if rendering < BANDS:
        blocks = [_before(one) for one in document.blocks]
        document = replace(document, blocks=blocks)
    # Loaded when the first is asked for: what draws them takes longer to load than it draws.
    if kind == "docx":
        from api.documents.word import as_docx

        return as_docx(document)
    from api.documents.pdf import as_pdf

    return as_pdf(document)


def opening(report: FiguresReport, left_off: int) -> list[Block]:
    """The rule and what to know first; `left_off` rows stand in the lists alone."""
    blocks: list[Block] = [Paragraph(report.cohort_rule)]
    if report.caveats:
        blocks += [Heading("What to know first"), Bullets(list(map(sentence, report.caveats)))]
    if left_off:
        said = f"The first {left_off} rows are left out here. The CSV and Excel files hold every"
        blocks.append(Paragraph(f"{said} row."))
    return [*blocks, Heading("Figures")]


def picture(chart: Chart) -> Picture:
    earlier = chart.before
    before = None if earlier is None else lambda: picture(earlier())
    return Picture(chart.title, chart.summary, str(chart.svg), chart.png(), before)


def _before(block: Block) -> Block:
    return block.before() if isinstance(block, Picture) and block.before else block


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
    return "\n".join(filter(None, (cell.value, cell.of, cell.interval, cell.why)))


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
                *("" if row.group.get(key) is None else str(row.group[key]) for key in keys),
                *(_cell(cell(row.figures.get(name))) for name in names),
            ]
            for row in rows
        ],
        keys=len(keys),
    )
