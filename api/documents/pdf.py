"""A document as a PDF, by Typst: tagged, with real headings and header rows, its fonts inside.

The words travel as data (`pdf.typ` reads them as JSON), so that nothing anybody wrote can take
effect as markup. Only the fonts that come with the library are used and nothing is fetched: the
same document is the same bytes on every machine.
"""

from __future__ import annotations

from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any, Literal

import orjson
import typst

from api.documents.colours import RAG_COLOURS
from api.documents.document import (
    Block,
    Bullets,
    Coloured,
    Document,
    DocumentTable,
    Heading,
    Paragraph,
    Picture,
)
from api.documents.listing import DEMONSTRATION, LAYOUT
from api.documents.shape import PIXELS_PER_MM, shape_of

ACCESSIBLE: Literal["ua-1"] = "ua-1"
"""PDF/UA-1 (ISO 14289-1)."""
ROOM, WIDE_ROOM = 174.0, 261.0
"""Millimetres across the text of A4 upright and on its side."""


def as_pdf(document: Document) -> bytes:
    """The document as PDF/UA-1; where it holds a character that no font here has, as a tagged PDF
    that is otherwise the same, because that standard forbids an unknown glyph."""
    shape = _plain if document.layout == 1 else _styled
    given = orjson.dumps(shape(document.made_printable())).decode()
    try:
        return _compiled(given, ACCESSIBLE, document.layout)
    except typst.TypstError:
        return _compiled(given, None, document.layout)


def _compiled(given: str, standard: Literal["ua-1"] | None, layout: int = LAYOUT) -> bytes:
    return typst.compile(
        _look(layout),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": given},
        pdf_standards=[standard] if standard else [],
    )


@cache
def _look(layout: int = LAYOUT) -> bytes:
    name = "pdf.typ" if layout == 1 else "styled_pdf.typ"
    return Path(__file__).with_name(name).read_bytes()


def _plain(document: Document) -> dict[str, Any]:
    made = document.as_at.astimezone(UTC)
    foot = f"{document.title}. {document.subtitle}."
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "asked": [list(pair) for pair in document.asked],
        "made": [made.year, made.month, made.day, made.hour, made.minute, made.second],
        "foot": f"{foot} {document.taken_out}".strip(),
        "wide": document.wide,
        "blocks": [_block(block) for block in document.blocks],
    }


def _styled(document: Document) -> dict[str, Any]:
    """The same by the second layout."""
    head = document.letterhead
    room = WIDE_ROOM if document.wide else ROOM
    return _plain(document) | {
        "foot": f"{document.title}. {document.foot}",
        "council": head.council,
        "mark": DEMONSTRATION if head.demonstration else "",
        "blocks": [_styled_block(block, room) for block in document.blocks],
    }


def _styled_block(block: Block, room: float) -> dict[str, Any]:
    match block:
        case DocumentTable():
            shape = shape_of(block, room)
            return _block(block) | {
                "widths": shape.widths,
                "numbers": shape.numbers,
                "size": shape.size,
                "colours": [
                    [RAG_COLOURS[one.colour] if isinstance(one, Coloured) else None for one in row]
                    for row in block.rows
                ],
            }
        case Picture():
            across = block.chart.across(round(room * PIXELS_PER_MM))
            return {"is": "picture", "title": block.title, "alt": block.alt, "svg": str(across)}
        case _:
            return _block(block)


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"is": "heading", "level": block.level, "text": block.text}
        case Paragraph():
            return {"is": "paragraph", "text": block.text}
        case Bullets():
            return {"is": "bullets", "items": list(block.items)}
        case DocumentTable():
            return {
                "is": "table",
                "title": block.title,
                "keys": block.keys,
                "columns": list(block.columns),
                "rows": [list(row) for row in block.rows],
            }
        case Picture():
            return {"is": "picture", "title": block.title, "alt": block.alt, "svg": block.svg}
