"""A document says the same in Word and PDF, is accessible, and takes nothing for markup."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import docx
import pytest
import typst
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from api.charts import charts
from api.documents import pdf
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
    printable,
)
from api.documents.listing import DEMONSTRATION, Letterhead
from api.documents.pdf import as_pdf
from api.documents.styled_word import as_styled_docx as as_docx
from api.reports.documents import picture

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TABLE = DocumentTable(
    "Figures", ["Period", "Same grade"], [["2025/26 Q1", "39 of 40"], ["Q2", "–"]]
)


def drawn() -> Picture:
    data = charts.Shifts("Which way", [("Team <A> & B", 0.25, 12), ("Team C", -0.5, 4)])
    return picture(charts.shifts(data))


def document(*blocks: Block, title: str = "Moderation agreement", wide: bool = False) -> Document:
    return Document(title, [("From", "1 April 2025")], 37, AT, blocks)


WHOLE = (Heading("Numbers"), Bullets(["One", "Two"]), Paragraph("Said."), TABLE)


def queried(made: Document, selector: str) -> Sequence[dict[str, Any]]:
    """The elements of a kind that Typst makes of a document."""
    words = json.dumps(pdf._styled(made.made_printable()))
    found: Sequence[dict[str, Any]] = json.loads(
        typst.query(pdf._look(), selector, sys_inputs={"document": words}, ignore_system_fonts=True)
    )
    return found


def test_a_pdf_is_of_the_accessible_kind_and_numbered() -> None:
    made = as_pdf(document(*WHOLE, drawn()))
    assert made.startswith(b"%PDF")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"en-GB" in made


def elements(element: Any) -> Iterator[Any]:
    """The structure elements of a PDF beneath this one, in the order in which they are read."""
    for kid in (
        element.get("/K", []) if isinstance(element.get("/K"), list) else [element.get("/K")]
    ):
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(kid, dict) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_another_library_finds_the_pdf_accessible() -> None:
    """What PDF/UA-1 asks of structure: a language, a title that is shown, every part in one tree,
    levels of headings that follow, header cells with their scope, words for pictures."""
    wide = DocumentTable("Wide", [f"Column {n}" for n in range(9)], [["x"] * 9] * 60)
    reader = PdfReader(io.BytesIO(as_pdf(document(*WHOLE, Heading("Part", 3), drawn(), wide))))
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-GB", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Moderation agreement"
    assert all("/StructParents" in page and page["/Tabs"] == "/S" for page in reader.pages)
    found = list(elements(root["/StructTreeRoot"]))
    kinds = [one["/S"] for one in found]
    assert [kind for kind in kinds if kind.startswith("/H")] == ["/H1", "/H2", "/H3"]
    assert [one["/Alt"] for one in found if one["/S"] == "/Figure"] == [drawn().alt]
    assert (kinds.count("/Table"), kinds.count("/Caption"), kinds.count("/L")) == (2, 3, 1)
    headers = [one for one in found if one["/S"] == "/TH"]
    assert len(headers) == 2 + 9
    assert {part.get("/Scope") for one in headers for part in parts_of(one)} >= {"/Column"}
    assert all(font_inside(font) for page in reader.pages for font in fonts_of(page))


def parts_of(element: Any) -> list[Any]:
    told = element.get("/A", [])
    return [one.get_object() for one in (told if isinstance(told, list) else [told])]


def fonts_of(page: Any) -> list[Any]:
    return [one.get_object() for one in page["/Resources"].get("/Font", {}).values()]


def font_inside(font: Any) -> bool:
    (inner,) = font["/DescendantFonts"]
    about = inner.get_object()["/FontDescriptor"]
    return any(key.startswith("/FontFile") for key in about)


def test_a_pdf_has_the_headings_and_header_rows_of_the_document() -> None:
    whole = document(*WHOLE, drawn())
    assert [(h["level"], h["body"]["text"]) for h in queried(whole, "heading")] == [
        (1, "Moderation agreement"),
        (2, "Numbers"),
    ]
    (table,) = queried(whole, "table")
    assert [child["func"] for child in table["children"]] == ["header", *["cell"] * 4]
    assert [p["alt"] for p in queried(whole, "image")] == [drawn().alt]


def test_a_picture_without_words_is_no_accessible_document() -> None:
    """The standard is what the library checks, not only what it prints."""
    given = pdf._styled(document(drawn()))
    given["blocks"][0]["alt"] = None
    with pytest.raises(typst.TypstError, match="alt"):
        pdf._compiled(json.dumps(given), pdf.ACCESSIBLE)


@settings(max_examples=15)
@given(st.text(max_size=40))
@example("= Heading\n#panic() $x$ @ref [x] \\ *b* _i_ `r` <label> // no /* no */ ~ -- ... 'q'")
@example('#image("/etc/passwd") #read("/etc/passwd")')
@example("\ufdd0 \ufdef \ufffe \uffff \U0001fffe \U0010ffff")
@example("\x00\x07\x1b[31m \x85 \ud800 \ufffe \uffff \u202e abc \u0301 😀 中文 العربية")
def test_no_text_takes_effect_as_markup_or_stops_a_document(text: str) -> None:
    said = f"{text}."
    made = document(
        Heading(said),
        Paragraph(said),
        Bullets([said]),
        DocumentTable(said, [said, "B"], [[said, said]]),
        title=said,
    )
    assert as_pdf(made).startswith(b"%PDF")
    assert [h["level"] for h in queried(made, "heading")] == [1, 2]
    for kind in ("math.equation", "link", "ref", "raw", "emph", "footnote", "image"):
        assert queried(made, kind) == []
    read = docx.Document(io.BytesIO(as_docx(made)))
    assert read.paragraphs[0].text == printable(said)
    assert read.tables[0].cell(1, 1).text == printable(said)


def test_a_word_file_has_real_headings_header_rows_and_words_for_pictures() -> None:
    read = docx.Document(io.BytesIO(as_docx(document(*WHOLE, drawn()))))
    headings = [
        (p.style.name, p.text) for p in read.paragraphs if p.style.name.startswith("Heading")
    ]
    assert headings == [("Heading 1", "Moderation agreement"), ("Heading 2", "Numbers")]
    (table,) = read.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        list(TABLE.columns),
        *map(list, TABLE.rows),
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    (shown,) = read.inline_shapes
    assert shown._inline.docPr.get("descr") == drawn().alt
    languages = {one.get(qn("w:val")) for one in read.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    foot = read.sections[0].footer.paragraphs[0]._p.xml
    assert "entry 37 of the log" in foot
    assert 'w:instr="PAGE"' in foot


def test_a_word_file_names_nobody_and_no_moment_of_writing() -> None:
    made = as_docx(document(*WHOLE))
    about = docx.Document(io.BytesIO(made)).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created == about.modified == AT
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("write", [as_docx, as_pdf])
def test_the_moment_and_who_took_it_are_said(write: Any) -> None:
    fixed = document(*WHOLE)
    taken = Document(
        fixed.title, [], 37, AT, WHOLE, true_on=date(2026, 1, 31), by="Ann Lead", at=AT
    )
    assert taken.subtitle.startswith("As it was on 31 January 2026, as recorded up to ")
    assert taken.taken_out == "Downloaded by Ann Lead, 2 March 2026 at 9:30am"
    assert fixed.taken_out == ""
    assert write(fixed) == write(fixed)
    assert write(fixed) != write(taken)


def test_a_wide_table_turns_the_page() -> None:
    columns = [f"Column {n}" for n in range(9)]
    wide = document(DocumentTable("Wide", columns, [columns]))
    section = docx.Document(io.BytesIO(as_docx(wide))).sections[0]
    assert section.page_width > section.page_height
    assert not document(TABLE).wide


def test_a_row_has_one_cell_a_column() -> None:
    with pytest.raises(ValueError, match="one cell a column"):
        DocumentTable("T", ["A", "B"], [["only one"]])


@pytest.mark.parametrize("colour", RAG_COLOURS)
def test_words_on_a_colour_can_be_read(colour: str) -> None:
    """4.5 to 1 at least (WCAG 1.4.3)."""
    fill, ink = map(luminance, RAG_COLOURS[colour])
    assert (max(fill, ink) + 0.05) / (min(fill, ink) + 0.05) >= 4.5


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    light = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def test_a_demonstration_is_marked_on_every_page_and_ratings_are_words_and_colours() -> None:
    """Numbers stand to the right, dates do not, and the columns fill the page."""
    table = DocumentTable(
        "T", ["Row", "Rating", "Number", "On"],
        [["A", Coloured("Red", "red"), "1,234", "2026-03-31"], ["B", "Not rated", "–", ""]],
    )  # fmt: skip
    head = Letterhead("Example Council", demonstration=True)
    made = replace(document(table, drawn()), letterhead=head)
    read = docx.Document(io.BytesIO(as_docx(made)))
    section = read.sections[0]
    assert section.header.paragraphs[0].text == f"Example Council · {DEMONSTRATION}"
    cells = read.tables[0].rows[1].cells
    assert 'w:fill="D4351C"' in cells[1]._tc.xml
    assert cells[1].text == "Red"
    sides = [cell.paragraphs[0].alignment for cell in cells]
    assert sides == [None, None, WD_ALIGN_PARAGRAPH.RIGHT, None]
    room = section.page_width - section.left_margin - section.right_margin
    assert sum(cell.width for cell in cells) == pytest.approx(room, rel=0.01)
    assert read.inline_shapes[0].width == pytest.approx(room, rel=0.01)
    text = json.dumps(pdf._styled(made.made_printable()))
    assert DEMONSTRATION in text
    assert "#d4351c" in text
