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

from api.documents.document import (
    Bullets,
    Document,
    DocumentTable,
    Heading,
    Paragraph,
    Picture,
)

ACCESSIBLE: Literal["ua-1"] = "ua-1"
"""PDF/UA-1 (ISO 14289-1)."""


def as_pdf(document: Document) -> bytes:
    """The document as PDF/UA-1; where it holds a character that no font here has, as a tagged PDF
    that is otherwise the same, because that standard forbids an unknown glyph."""
    given = orjson.dumps(_said(document.made_printable())).decode()
    try:
        return _compiled(given, ACCESSIBLE)
    except typst.TypstError:
        return _compiled(given, None)


def _compiled(given: str, standard: Literal["ua-1"] | None) -> bytes:
    return typst.compile(
        _look(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": given},
        pdf_standards=[standard] if standard else [],
    )


@cache
def _look() -> bytes:
    return Path(__file__).with_name("pdf.typ").read_bytes()


def _said(document: Document) -> dict[str, Any]:
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


def _block(block: Heading | Paragraph | Bullets | DocumentTable | Picture) -> dict[str, Any]:
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
