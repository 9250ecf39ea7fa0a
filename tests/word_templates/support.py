"""Word files of an invented council, as somebody's word processor would have saved them."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from docx.shared import RGBColor

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""One point."""


def saved(change: Callable[[Any], object] = lambda word: None) -> bytes:
    """A file with words, a head and a foot of the council, and headings in its colour."""
    word = docx.Document()
    word.add_paragraph("Minutes of a meeting that nobody else should read")
    word.core_properties.author = "A. Writer"
    word.styles["Heading 1"].font.color.rgb = RGBColor(0x88, 0x00, 0x00)
    section = word.sections[0]
    section.header.paragraphs[0].text = "Borough of Invention"
    section.header.add_paragraph().add_run().add_picture(io.BytesIO(PICTURE))
    section.footer.paragraphs[0].text = "Town Hall"
    change(word)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def changed(data: bytes, name: str, swap: Callable[[str], str] | None) -> bytes:
    """The file with one of its parts made another; without one where `swap` is None."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as held, zipfile.ZipFile(out, "w") as made:
        for each in held.namelist():
            body = held.read(each)
            if re.fullmatch(name, each):
                if swap is None:
                    continue
                body = swap(body.decode()).encode()
            made.writestr(each, body)
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        return {name: held.read(name) for name in held.namelist()}


def heads(data: bytes) -> list[str]:
    """The texts at the head of the pages, the first page's own after them."""
    section = docx.Document(io.BytesIO(data)).sections[0]
    found = [section.header]
    if section.different_first_page_header_footer:
        found.append(section.first_page_header)
    return [line.text for head in found for line in head.paragraphs if line.text]
