"""A document as a Word file by the second layout: in the styles of `api.documents.style_set`.

What the first layout does is in `api.documents.word`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Emu

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
from api.documents.listing import DEMONSTRATION
from api.documents.shape import PIXELS_PER_MM, TEXT_SIZE, shape_of
from api.documents.style_set import TABLE, TABLE_TEXT, blank
from api.documents.word import add_number, date_properties, without_clock

_MOST_HIGH = 0.7
"""The part of the height of the text that a chart may take."""


def as_styled_docx(document: Document) -> bytes:
    """The document as the bytes of a .docx file."""
    paper = document.made_printable()
    word: Any = docx.Document(io.BytesIO(paper.letterhead.styles or blank()))
    section = word.sections[0]
    _turn(section, paper.wide)
    _frame(word, section, paper)
    date_properties(word, paper)
    word.add_heading(paper.title, 1)
    word.add_paragraph(paper.subtitle, style="Subtitle")
    for name, value in paper.asked:
        line = word.add_paragraph()
        line.paragraph_format.space_after = Emu(0)
        line.add_run(f"{name}: ").bold = True
        line.add_run(value)
    # For every paragraph the library goes through all styles, which stay as they are from here.
    word.part.get_style_id = cache(word.part.get_style_id)
    for block in paper.blocks:
        _write(word, section, block)
    out = io.BytesIO()
    word.save(out)
    return without_clock(out.getvalue())


def _turn(section: Any, wide: bool) -> None:
    short, long = sorted((section.page_width, section.page_height))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if wide else (short, long)


def _room(section: Any) -> tuple[int, int]:
    """The width and height of the text."""
    return (
        section.page_width - section.left_margin - section.right_margin,
        section.page_height - section.top_margin - section.bottom_margin,
    )


def _frame(word: Any, section: Any, paper: Document) -> None:
    """Whose it is at the head of every page, and what it shows at its foot."""
    mark = DEMONSTRATION if paper.letterhead.demonstration else ""
    label = " · ".join(filter(None, (paper.letterhead.council, mark)))
    for head, foot in _heads_and_feet(word, section):
        if label:
            line = _last_line(head, word.styles["Header"])
            line.add_run(label)
        line = _last_line(foot, word.styles["Footer"])
        line.add_run(f"{paper.foot} Page ")
        add_number(line, "PAGE")
        line.add_run(" of ")
        add_number(line, "NUMPAGES")


def _heads_and_feet(word: Any, section: Any) -> Iterator[tuple[Any, Any]]:
    """Those of every page: a template may have others on the first page, and on left pages."""
    pairs = [(section.header, section.footer)]
    if section.different_first_page_header_footer:
        pairs.append((section.first_page_header, section.first_page_footer))
    if word.settings.odd_and_even_pages_header_footer:
        pairs.append((section.even_page_header, section.even_page_footer))
    for head, foot in pairs:
        head.is_linked_to_previous = foot.is_linked_to_previous = False
        yield head, foot


def _last_line(frame: Any, style: Any) -> Any:
    """The place for our words in a head or foot: below what a template has there."""
    line = frame.paragraphs[-1] if frame.paragraphs else None
    if line is None or len(line._p.xpath("./w:r | ./w:hyperlink | ./w:fldSimple | ./w:sdt")):
        line = frame.add_paragraph()
    line.style = style
    return line


def _write(word: Any, section: Any, block: Block) -> None:
    match block:
        case Heading():
            word.add_heading(block.text, block.level)
        case Paragraph():
            word.add_paragraph(block.text)
        case Bullets():
            for item in block.items:
                word.add_paragraph(item, style="List Bullet")
        case DocumentTable():
            _caption(word, block.title)
            section._sectPr.addprevious(_table(word, block, _room(section)[0]))
            word.add_paragraph()
        case Picture():
            _picture(word, section, block)


def _caption(word: Any, title: str) -> None:
    word.add_paragraph(title, style="Caption").paragraph_format.keep_with_next = True


def _table(word: Any, block: DocumentTable, room: int) -> Any:
    """The table as one piece of XML: cell by cell, the library takes thirty times as long."""
    shape = shape_of(block, Emu(room).mm)
    widths = [int(Emu(room).twips * part) for part in shape.widths]
    style = word.styles[TABLE_TEXT].style_id
    small = "" if shape.size == TEXT_SIZE else f'<w:sz w:val="{round(2 * shape.size)}"/>'

    def cell(width: int, text: str, number: bool) -> str:
        fill = ink = ""
        if isinstance(text, Coloured):
            ground, words = RAG_COLOURS[text.colour]
            fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{ground[1:].upper()}"/>'
            ink = f'<w:b/><w:color w:val="{words[1:].upper()}"/>'
        about = f"<w:rPr>{ink}{small}</w:rPr>" if ink or small else ""
        side = '<w:jc w:val="right"/>' if number else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr><w:p><w:pPr>'
            f'<w:pStyle w:val="{style}"/>{side}</w:pPr><w:r>{about}{_text(text)}</w:r></w:p></w:tc>'
        )

    def row(about: str, texts: Sequence[str]) -> str:
        cells = map(cell, widths, texts, shape.numbers)
        return f"<w:tr><w:trPr>{about}</w:trPr>{''.join(cells)}</w:tr>"

    def rows() -> Iterator[str]:
        yield row("<w:cantSplit/><w:tblHeader/>", block.columns)
        for texts in block.rows:
            yield row("<w:cantSplit/>", texts)

    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    first = '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{word.styles[TABLE].style_id}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'{first}w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escape(block.title)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows())}</w:tbl>"
    )


def _text(text: str) -> str:
    marked = escape(text, quote=False).replace("\t", "</w:t><w:tab/><w:t>")
    marked = marked.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:t xml:space="preserve">{marked}</w:t>'


def _picture(word: Any, section: Any, block: Picture) -> None:
    """A chart across the whole text, its words beneath it."""
    _caption(word, block.title)
    wide, high = _room(section)
    drawn = block.chart.png(across=round(Emu(wide).mm * PIXELS_PER_MM))
    shape = word.add_picture(io.BytesIO(drawn))
    size = min(wide / shape.width, _MOST_HIGH * high / shape.height)
    shape.width, shape.height = Emu(int(size * shape.width)), Emu(int(size * shape.height))
    about = shape._inline.docPr
    about.set("descr", block.alt)
    about.set("title", block.title)
    word.add_paragraph(block.alt)
