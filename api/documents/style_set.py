"""The styles that a Word file is written in."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from api.documents.shape import TEXT_SIZE
from api.documents.word import A4, FONT, LANGUAGE

TABLE, TABLE_TEXT = "Caseloop Table", "Caseloop Table Text"
_INK, _ACCENT, _HEADER_FILL, _LINE = "0B0C0C", "1D4F76", "DCE6EE", "B1B4B6"
_SIZES = {
    "Normal": 10.5, "Heading 1": 20.0, "Heading 2": 14.0, "Heading 3": 11.5, "Subtitle": 10.5,
    "Caption": 10.0, "Header": 9.0, "Footer": 8.0, TABLE_TEXT: TEXT_SIZE,
}  # fmt: skip
_MARGIN = Mm(18)
_TABLE_STYLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="CaseloopTable">
  <w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="8" w:space="0" w:color="{_ACCENT}"/>
      <w:bottom w:val="single" w:sz="8" w:space="0" w:color="{_ACCENT}"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="{_LINE}"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="40" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>
      <w:bottom w:w="40" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/></w:rPr>
    <w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{_HEADER_FILL}"/></w:tcPr>
  </w:tblStylePr>
</w:style>"""


@cache
def blank() -> bytes:
    """A Word file without words that has the styles."""
    word = docx.Document()
    styles = word.styles
    _add_table_styles(styles)
    for name, size in _SIZES.items():
        style = styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.italic = False
        _plain_fonts(style)
        style.font.color.rgb = RGBColor.from_string(_ACCENT if name.startswith("Heading") else _INK)
    styles["Caption"].font.bold = True
    for name, before, after in (("Heading 1", 0, 4), ("Heading 2", 16, 6), ("Heading 3", 12, 4),
                                ("Caption", 10, 4), (TABLE_TEXT, 0, 0)):  # fmt: skip
        form = styles[name].paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.keep_with_next = name != TABLE_TEXT
    for spoken in styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), LANGUAGE)
    section = word.sections[0]
    section.page_width, section.page_height = A4
    section.left_margin = section.right_margin = _MARGIN
    section.top_margin, section.bottom_margin = Mm(24), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    about = word.core_properties
    about.author = about.comments = about.title = ""
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _add_table_styles(styles: Any) -> bool:
    """Add what tables are written in, where it is missing; whether the style of their words was."""
    lacks = TABLE_TEXT not in styles
    if lacks:
        styles.add_style(TABLE_TEXT, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    if TABLE not in styles:
        styles.element.append(parse_xml(_TABLE_STYLE))
    return lacks


def make_complete(styles: Any) -> None:
    """Add to the styles of a council's file those of tables, unless it has its own of that name."""
    if _add_table_styles(styles):
        style = styles[TABLE_TEXT]
        style.font.size = Pt(TEXT_SIZE)
        form = style.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing = 1.0
        form.first_line_indent = form.left_indent = form.right_indent = Pt(0)


def _plain_fonts(style: Any) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
        del fonts.attrib[theme]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
