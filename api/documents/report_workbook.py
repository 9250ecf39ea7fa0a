"""A report as an Excel workbook: first as on the screen, then one figure a row, then what it is."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import xlsxwriter

from api.documents.colours import RAG_COLOURS
from api.documents.document import Coloured, Document, DocumentTable, first_text
from api.documents.listing import DEMONSTRATION, Cell, ColumnKind, Listing
from api.documents.workbook import OPTIONS, WIDEST, list_sheet, named, properties, read_me_sheet

_HEADER_FILL = "#DCE6EE"


def report_workbook(document: Document, listing: Listing) -> bytes:
    """`document` holds the tables as on the screen, `listing` every figure on a row of its own."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    properties(book, listing)
    _tables_sheet(book, document.made_printable())
    list_sheet(book, "One figure a row", _with_days(listing))
    read_me_sheet(book, listing.about())
    book.close()
    return out.getvalue()


def _tables_sheet(book: Any, document: Document) -> None:
    sheet = book.add_worksheet("As on the screen")
    style = {"valign": "top", "text_wrap": True}
    title, bold = book.add_format({"bold": True, "font_size": 14}), book.add_format({"bold": True})
    header = book.add_format({**style, "bold": True, "bottom": 1, "bg_color": _HEADER_FILL})
    plain, left = book.add_format(style), book.add_format({**style, "align": "left"})
    day = book.add_format({**style, "num_format": "d mmm yyyy", "align": "left"})
    coloured = {
        name: book.add_format({**style, "bold": True, "bg_color": fill, "font_color": ink})
        for name, (fill, ink) in RAG_COLOURS.items()
    }

    def write(line: int, at: int, text: str) -> None:
        value = _value(text)
        if isinstance(text, Coloured):
            sheet.write_string(line, at, text, coloured[text.colour])
        elif isinstance(value, date):
            sheet.write_datetime(line, at, value, day)
        elif isinstance(value, str):
            sheet.write_string(line, at, value, left)
        else:
            sheet.write_number(line, at, value, plain)

    mark = [DEMONSTRATION] if document.letterhead.demonstration else []
    for line, text in enumerate([document.title, *mark, document.subtitle]):
        sheet.write_string(line, 0, text, title if line == 0 else bold)
    line, wide = 4 + len(mark), dict[int, int]()
    for table in (one for one in document.blocks if isinstance(one, DocumentTable)):
        sheet.write_string(line - 1, 0, table.title, bold)
        for at, name in enumerate(table.columns):
            sheet.write_string(line, at, name, header)
            texts = [name, *(part for row in table.rows for part in row[at].split("\n"))]
            wide[at] = max(wide.get(at, 0), *map(len, texts))
        for below, row in enumerate(table.rows, line + 1):
            for at, text in enumerate(row):
                write(below, at, text)
        line += len(table.rows) + 3
    for at, width in wide.items():
        sheet.set_column(at, at, min(width + 2, WIDEST))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{'&R'.join(map(named, (document.letterhead.council, *mark)))}")
    sheet.set_footer("&L&A&RPage &P of &N")


def _value(text: str) -> str | int | date:
    """A whole number or a day as what it is."""
    if text.isascii() and text.isdecimal() and len(text) < 16 and (text[0] != "0" or text == "0"):
        return int(text)
    return _day(first_text(text)) or text


def _day(text: Cell) -> date | None:
    if isinstance(text, str) and len(text) == 10:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return None


def _with_days(listing: Listing) -> Listing:
    """The same with the columns that hold nothing but days as days."""
    import pandas as pd

    columns = list(listing.columns)
    table = pd.DataFrame([*map(list, listing.rows)], columns=range(len(columns)), dtype=object)
    for at, column in enumerate(listing.columns):
        cells = table[at].dropna()
        days = cells.map(_day)
        if len(cells) and days.notna().all():
            columns[at] = replace(column, kind=ColumnKind.DAY)
            table[at] = days.reindex(table.index)
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    return replace(listing, columns=columns, rows=rows)
