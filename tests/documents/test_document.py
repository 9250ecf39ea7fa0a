"""A document says the same in Word and PDF, is accessible, and takes nothing for markup."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import docx
import pytest
import typst
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.charts import charts
from api.documents import pdf
from api.documents.document import (
    Block,
    Bullets,
    Document,
    DocumentTable,
    Heading,
    Paragraph,
    Picture,
    printable,
)
from api.documents.pdf import as_pdf
from api.documents.word import as_docx
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
    words = json.dumps(pdf._said(made.made_printable()))
    found: Sequence[dict[str, Any]] = json.loads(
        typst.query(pdf._look(), selector, sys_inputs={"document": words}, ignore_system_fonts=True)
    )
    return found


def test_a_pdf_is_of_the_accessible_kind_and_numbered() -> None:
    made = as_pdf(document(*WHOLE, drawn()))
    assert made.startswith(b"%PDF")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"en-GB" in made


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
    given = pdf._said(document(drawn()))
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
