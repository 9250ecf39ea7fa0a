"""A document as a Word file: real headings, header rows that repeat, pictures with their words.

It names no author and no machine, and its dates are those of what it shows: the same document is
the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml.etree import SubElement

from api.documents.document import (
    Bullets,
    Document,
    DocumentTable,
    Heading,
    Paragraph,
    Picture,
)

FONT = "Arial"
LANGUAGE = "en-GB"
A4 = (Mm(210), Mm(297))
_MARGIN = Mm(18)
_FILED_AT = (1980, 1, 1, 0, 0, 0)
"""The date of every part inside the file: the first that the format can hold."""
_AS_DRAWN = 0.425
"""Of a picture drawn twice as large for sharpness, the part that its words look right at."""
_TR, _TR_PR, _TC, _TC_PR, _TC_W = map(qn, ("w:tr", "w:trPr", "w:tc", "w:tcPr", "w:tcW"))
_P, _R, _R_PR, _B, _T = map(qn, ("w:p", "w:r", "w:rPr", "w:b", "w:t"))
_TAB, _BR, _TYPE, _W, _SPACE = map(qn, ("w:tab", "w:br", "w:type", "w:w", "xml:space"))
_PIECES = re.compile(r"[^\t\r\n]+|[\t\r\n]")
_SIZES = {"Normal": 10, "Title": 20, "Heading 1": 18, "Heading 2": 13, "Heading 3": 11}


def as_docx(document: Document) -> bytes:
    """The document as the bytes of a .docx file."""
    paper = document.made_printable()
    word = docx.Document()
    _look(word, paper)
    word.add_heading(paper.title, 1)
    word.add_paragraph(paper.subtitle)
    for name, value in paper.asked:
        line = word.add_paragraph()
        line.paragraph_format.space_after = Pt(0)
        line.add_run(f"{name}: ").bold = True
        line.add_run(value)
    for block in paper.blocks:
        _write(word, block, paper.wide)
    out = io.BytesIO()
    word.save(out)
    return without_clock(out.getvalue())


def _look(word: Any, paper: Document) -> None:
    """Paper, fonts, language, properties and the foot of the pages."""
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if paper.wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = reversed(A4) if paper.wide else A4
    section.left_margin = section.right_margin = _MARGIN
    section.top_margin = section.bottom_margin = _MARGIN
    for name, size in _SIZES.items():
        style = word.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[theme]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
    for spoken in word.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), LANGUAGE)
    date_properties(word, paper)
    foot = section.footer.paragraphs[0]
    foot.add_run(" ".join(filter(None, (f"{paper.subtitle}.", paper.taken_out, "Page "))))
    add_number(foot, "PAGE")
    foot.add_run(" of ")
    add_number(foot, "NUMPAGES")
    word.styles["Footer"].font.size = Pt(8)


def date_properties(word: Any, paper: Document) -> None:
    """The properties of the file: its title, nobody's name, and the moment that it shows."""
    about = word.core_properties
    about.title, about.language, about.author, about.comments = paper.title, LANGUAGE, "", ""
    about.last_modified_by, about.revision = "", 1
    about.created = about.modified = paper.as_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def add_number(paragraph: Any, field: str) -> None:
    """A field that the reader's program counts: the page, or how many there are."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), field)
    run = paragraph.add_run("1")
    element.append(run._r)
    paragraph._p.append(element)


def _write(
    word: Any, block: Heading | Paragraph | Bullets | DocumentTable | Picture, wide: bool
) -> None:
    match block:
        case Heading():
            word.add_heading(block.text, block.level)
        case Paragraph():
            word.add_paragraph(block.text)
        case Bullets():
            for item in block.items:
                word.add_paragraph(item, style="List Bullet")
        case DocumentTable():
            _table(word, block)
        case Picture():
            _picture(word, block, wide)


def _table(word: Any, block: DocumentTable) -> None:
    title = word.add_paragraph(style="Caption")
    title.add_run(block.title)
    title.paragraph_format.keep_with_next = True
    table = word.add_table(rows=0, cols=len(block.columns), style="Table Grid")
    table.autofit = True
    # What a row begins with, made once: python-docx looks every cell up anew.
    widths = [column.get(qn("w:w")) for column in table._tbl.tblGrid]
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    _row(table._tbl, widths, repeated, block.columns, bold=True)
    for row in block.rows:
        _row(table._tbl, widths, OxmlElement("w:cantSplit"), row)
    named = OxmlElement("w:tblCaption")
    named.set(qn("w:val"), block.title)
    table._tbl.tblPr.append(named)
    word.add_paragraph()


def _row(
    table: Any, widths: Sequence[str], about: Any, texts: Sequence[str], *, bold: bool = False
) -> None:
    line = SubElement(table, _TR)
    SubElement(line, _TR_PR).append(about)
    for width, text in zip(widths, texts, strict=True):
        cell = SubElement(line, _TC)
        size = SubElement(SubElement(cell, _TC_PR), _TC_W)
        size.set(_TYPE, "dxa")
        size.set(_W, width)
        run = SubElement(SubElement(cell, _P), _R)
        if bold:
            SubElement(SubElement(run, _R_PR), _B)
        for piece in _PIECES.findall(text):
            if piece == "\t":
                SubElement(run, _TAB)
            elif piece in "\r\n":
                SubElement(run, _BR)
            else:
                words = SubElement(run, _T)
                words.text = piece
                if piece.strip() != piece:
                    words.set(_SPACE, "preserve")


def _picture(word: Any, block: Picture, wide: bool) -> None:
    title = word.add_paragraph(style="Caption")
    title.add_run(block.title)
    title.paragraph_format.keep_with_next = True
    shape = word.add_picture(io.BytesIO(block.chart.png()))
    room = (Mm(240), Mm(120)) if wide else (Mm(170), Mm(160))
    size = min(_AS_DRAWN, room[0] / shape.width, room[1] / shape.height)
    shape.width, shape.height = int(size * shape.width), int(size * shape.height)
    about = shape._inline.docPr
    about.set("descr", block.alt)
    about.set("title", block.title)
    word.add_paragraph(block.alt)


def without_clock(data: bytes) -> bytes:
    """The same archive without the times at which its parts were written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(out, "w") as kept:
        for name in made.namelist():
            part = zipfile.ZipInfo(name, _FILED_AT)
            part.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(part, made.read(name))
    return out.getvalue()
