"""A listing as an Excel workbook that prints, filters and says where it came from.

The same listing gives the same bytes: the workbook's own dates are the as-at instant.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import xlsxwriter

from api.documents.document import printable
from api.documents.listing import DEMONSTRATION, Cell, ColumnKind, Listing
from qa.core.clock import LONDON

_FORMATS = {
    ColumnKind.TEXT: {"text_wrap": True, "valign": "top"},
    ColumnKind.NUMBER: {"valign": "top"},
    ColumnKind.PERCENT: {"num_format": "0.0%", "valign": "top"},
    ColumnKind.DAY: {"num_format": "d mmm yyyy", "valign": "top", "align": "left"},
    ColumnKind.MOMENT: {"num_format": "d mmm yyyy hh:mm", "valign": "top", "align": "left"},
}
_BOLD = {"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}
WIDEST = 60
_LONGEST_TEXT = 32_767
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def _value(cell: Cell) -> str | float | bool | date | datetime | None:
    if isinstance(cell, datetime):
        return cell.astimezone(LONDON).replace(tzinfo=None)
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, str):
        return printable(cell)[:_LONGEST_TEXT]
    return cell


def as_xlsx(listing: Listing) -> bytes:
    """The workbook: the list on its first sheet, what it is on ``Read me``."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    properties(book, listing)
    list_sheet(book, "List", listing)
    read_me_sheet(book, listing.about())
    book.close()
    return out.getvalue()


def properties(book: xlsxwriter.Workbook, listing: Listing) -> None:
    """The workbook's title, and as its date the moment that it shows."""
    made = listing.as_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": printable(listing.title), "author": "Caseloop", "created": made})


def named(text: str) -> str:
    """A text for the head of a sheet, where ``&`` begins a code."""
    return text.replace("&", "&&")


def list_sheet(book: xlsxwriter.Workbook, name: str, listing: Listing) -> None:
    """A list on a sheet that filters and prints."""
    bold = book.add_format(_BOLD)
    formats = {kind: book.add_format(how) for kind, how in _FORMATS.items()}
    sheet = book.add_worksheet(name)
    for at, column in enumerate(listing.columns):
        cells = [row[at] for row in listing.rows]
        wide = max([len(column.heading), *(len(str(cell)) for cell in cells if cell is not None)])
        sheet.set_column(at, at, min(wide + 2, WIDEST))
        sheet.write_string(0, at, printable(column.heading), bold)
        for line, cell in enumerate(cells, start=1):
            value = _value(cell)
            if value is None or value == "":
                sheet.write_blank(line, at, None, formats[column.kind])
            elif isinstance(value, str):
                sheet.write_string(line, at, value, formats[column.kind])
            else:
                sheet.write(line, at, value, formats[column.kind])
    sheet.freeze_panes(1, 0)
    if listing.columns:
        sheet.autofilter(0, 0, len(listing.rows), len(listing.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&RPage &P of &N")
    if listing.letterhead.demonstration:
        sheet.set_header(f"&R{DEMONSTRATION}")


def read_me_sheet(book: xlsxwriter.Workbook, about: Sequence[tuple[str, str]]) -> None:
    """What the workbook is, a line each."""
    bold, words = book.add_format(_BOLD), book.add_format(_FORMATS[ColumnKind.TEXT])
    readme = book.add_worksheet("Read me")
    readme.set_column(0, 0, 28)
    readme.set_column(1, 1, WIDEST)
    for line, (name, said) in enumerate(about):
        readme.write_string(line, 0, printable(name), bold)
        readme.write_string(line, 1, printable(said), words)
