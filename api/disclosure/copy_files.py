"""A copy for outside as a file of any format, and as programs are answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from api.disclosure.report import OutsideCopyView, OutsideLine, OutsideTable, view_of
from api.disclosure.sources import OutsideSource
from api.documents.document import Block, Document, DocumentTable, Heading, Paragraph
from api.documents.listing import DEMONSTRATION, Cell, Column, ColumnKind, Listing
from api.documents.making import report_workbook_file
from api.lists.files import render_listing
from api.reports.documents import render_report
from projections.disclosure.tables import OutsideCopyRow

FORMATS = ("docx", "pdf", "xlsx", "csv", "json")
NOT_SHOWN = "Not shown"


def file_of(source: OutsideSource, copy: OutsideCopyRow, kind: str) -> bytes:
    """The copy as a file: the same bytes whenever it is asked for at a moment."""
    view = view_of(source, copy)
    if kind == "json":
        return orjson.dumps(
            as_told(source, copy, view), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )
    taken = source.taken
    paper = Document(
        title=view.title,
        asked=view.about,
        position=source.position,
        blocks=[*_blocks(view)],
        layout=copy.rendering,
        **taken,
    )
    if kind in ("docx", "pdf"):
        return render_report(paper, kind, rendering=copy.rendering)
    listing = Listing(
        title=view.title,
        columns=_COLUMNS,
        rows=[*_figures(view)],
        filters=[*view.about, *view.texts],
        position=source.position,
        layout=copy.rendering,
        **taken,
    )
    if kind == "xlsx":
        return report_workbook_file(paper, listing)
    texts = [("Title", view.title), *view.about, *view.texts]
    if taken["letterhead"].demonstration:
        texts.append(("Demonstration", DEMONSTRATION))
    beside: list[list[Cell]] = [[name, text, *[None] * 5] for name, text in texts]
    return render_listing(replace(listing, rows=[*listing.rows, *beside]), kind)


def _blocks(view: OutsideCopyView) -> Iterator[Block]:
    for what, text in view.texts:
        yield Heading(what)
        yield from (Paragraph(line) for line in text.split("\n") if line.strip())
    for table in view.tables:
        yield Heading(table.title)
        if table.without:
            yield Paragraph(table.without)
            continue
        yield Paragraph(table.rule)
        yield DocumentTable(
            table.title,
            [*table.headings, *(called for _, called in table.figures)],
            [[*line.labels, *_texts(table, line)] for line in table.lines],
            keys=len(table.headings),
        )
        if table.note:
            yield Paragraph(table.note)


def _texts(table: OutsideTable, line: OutsideLine) -> list[str]:
    if line.cells is None:
        return [NOT_SHOWN] * len(table.figures)
    return ["–" if cell is None else cell.text for cell in line.cells]


_COLUMNS = (
    Column("table", "Table"),
    Column("row", "Row"),
    Column("figure", "Figure"),
    Column("counted", "Counted", ColumnKind.NUMBER),
    Column("among", "Among", ColumnKind.NUMBER),
    Column("rate", "Rate"),
    Column("shown", "Shown"),
)


def _figures(view: OutsideCopyView) -> Iterator[list[Cell]]:
    for table in view.tables:
        for line in table.lines:
            row = ", ".join(filter(None, line.labels))
            for at, (_, called) in enumerate(table.figures):
                cell = None if line.cells is None else line.cells[at]
                if line.cells is None:
                    yield [table.title, row, called, None, None, None, "no"]
                elif cell is not None:
                    numbers = (cell.counted, cell.among, cell.percent)
                    yield [table.title, row, called, *numbers, "yes"]


def as_told(source: OutsideSource, copy: OutsideCopyRow, view: OutsideCopyView) -> dict[str, Any]:
    """The copy as programs are answered: nothing in it but what the other formats hold."""
    head = source.under
    return {
        "copy": copy.given,
        "audience": copy.audience,
        "title": view.title,
        "demonstration": head.demonstration,
        "council": head.council,
        "about": [{"what": name, "text": text} for name, text in view.about],
        "texts": [{"what": name, "text": text} for name, text in view.texts],
        "tables": [
            {
                "title": table.title,
                "rule": table.rule,
                "without": table.without,
                "rounded": table.rounded,
                "headings": list(table.headings),
                "rows": [
                    {
                        "labels": list(line.labels),
                        "total": line.total,
                        "shown": line.cells is not None,
                        "figures": [
                            {
                                "figure": cell.figure,
                                "counted": cell.counted,
                                "among": cell.among,
                                "rate": cell.percent,
                            }
                            for cell in line.cells or ()
                            if cell is not None
                        ],
                    }
                    for line in table.lines
                ],
            }
            for table in view.tables
        ],
    }


def file_name(source: OutsideSource, copy: OutsideCopyRow, kind: str) -> str:
    """What its file is called: the day it shows, its report, and whom it is for."""
    return f"{source.as_at}-{source.word}-for-{copy.audience}.{kind}"
