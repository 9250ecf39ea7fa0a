"""A workbook that is small and costs much is refused in plain words, before it costs anything."""

from __future__ import annotations

import io
import re
import time
import zipfile

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.imports.files import worksheets
from api.imports.files.worksheets import CellStyle, Worksheet
from api.imports.reading import read_sheet
from qa.core.errors import Fault, Refused

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = "</sheetData></worksheet>"
TABLE = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>Count</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>One</t></is></c><c r="B2"><v>1</v></c></row>'
)
QUICK = 30.0
"""Seconds on a busy machine; unbounded, the least of these files took a multiple of it."""


def workbook(rows: str = TABLE, **parts: bytes) -> bytes:
    """A workbook of one sheet with these rows as they stand, and parts replaced by their name."""
    book = openpyxl.Workbook()
    book.active.append(["Name", "Count"])
    plain, out = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            if name == "xl/worksheets/sheet1.xml":
                made.writestr(name, HEAD + rows + END)
            elif name.rpartition("/")[2].removesuffix(".xml") not in parts:
                made.writestr(name, source.read(name))
        for name, data in parts.items():
            made.writestr(f"xl/{name}.xml", data)
    return out.getvalue()


def refused(data: bytes) -> Fault:
    begun = time.monotonic()
    with pytest.raises(Refused) as caught:
        read_sheet("file", data)
    assert time.monotonic() - begun < QUICK
    assert len(data) < 500_000
    [fault] = caught.value.faults
    return fault


def test_the_plain_one_is_read() -> None:
    sheet = read_sheet("file", workbook())
    assert [row.cells for row in sheet.rows] == [("One", 1)]


def test_values_in_the_last_column_are_refused_at_the_first() -> None:
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 3001))
    fault = refused(workbook(rows))
    assert (fault.code, fault.sentence) == (
        "too-many-columns",
        "There are values beyond column GR.",
    )


def test_a_value_in_the_last_row_is_refused() -> None:
    rows = TABLE + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert refused(workbook(rows)).code == "too-many-rows"


def test_cells_that_are_only_coloured_do_not_count_however_far_they_lie() -> None:
    rows = (
        TABLE.replace("</row>", '<c r="XFD1" s="0"/></row>')
        + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    )
    begun = time.monotonic()
    assert [row.cells for row in read_sheet("file", workbook(rows)).rows] == [("One", 1)]
    assert time.monotonic() - begun < QUICK


def test_too_many_texts_are_refused_before_they_are_read() -> None:
    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    bomb = workbook(sharedStrings=texts + b"<si><t>x</t></si>" * 2_000_000 + b"</sst>")
    assert refused(bomb).code == "file-too-large"


def test_a_text_that_cannot_be_kept_is_a_fault_of_its_row_and_column() -> None:
    sheet = read_sheet("file.csv", b"Name,Count\nOne,1\nT\x0bwo,2\n")
    assert [(f.row, f.column, f.code) for f in sheet.faults] == [(3, "Name", "character-forbidden")]


CELLS = st.sampled_from(
    [
        '<c r="A{n}"><v>1</v></c>', '<c r="C{n}" s="1"><v>2.5</v></c>', '<c r="B{n}" s="2"/>',
        '<c r="AB{n}" t="s"><v>7</v></c>', '<c r="D{n}" s="3" t="n"><v>0.5</v></c>',
        '<c r="D{n}" t="e"><v>#REF!</v></c>', '<c r="E{n}" s="4" t="str"><v>x</v></c>',
        '<c r="F{n}" t="inlineStr"><is><t>a &amp; b</t></is></c>', '<c><v>1</v></c>',
        '<c r="G{n}" t="inlineStr"><is><t xml:space="preserve"> a b </t></is></c>',
        '<c r="H{n}"><f>A1</f></c>', '<c r="H{n}" t="str"><f>A1</f><v>é</v></c>', '<!-- x -->',
        '<c r="I{n}" s="9"><v>1</v></c>', '<x:c r="J{n}"><x:v>1</x:v></x:c>',
    ]
)  # fmt: skip
ROWS = st.sampled_from(
    ['<row r="{n}">', '<row r="{n}" spans="1:4">', '<row r="{n}" hidden="1">', "<row>"]
)
STYLES = [
    CellStyle(), CellStyle(), CellStyle(fill=3), CellStyle(percent=1), CellStyle(struck=True)
]  # fmt: skip


@example([("<row>", ['<c r="A{n}"><v>1</v></c>']), ('<row r="{n}">', [])], "", 32)
@given(
    st.lists(st.tuples(ROWS, st.lists(CELLS, max_size=4)), max_size=8),
    st.sampled_from(["", "<!-- no rows -->", '<?say <row r="1"><c r="B1"><v>1</v></c></row>?>']),
    st.integers(1, 400),
)
def test_rows_taken_as_they_stand_show_what_they_show_taken_apart(
    rows: list[tuple[str, list[str]]], before: str, chunk: int
) -> None:
    told = "".join(
        (begun + "".join(cells)).format(n=n) + "</row>" for n, (begun, cells) in enumerate(rows, 1)
    )
    data = ('<?xml version="1.0"?>' + HEAD + before + told + END).encode()

    def shown(plain: re.Pattern[bytes]) -> Worksheet | str:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(worksheets, "_PLAIN_ROW", plain)
            patch.setattr(worksheets, "CHUNK", chunk)
            try:
                return worksheets.worksheet_of(io.BytesIO(data), STYLES, rows=6, columns=9)
            except (worksheets.TooLong, worksheets.TooWide) as error:
                return type(error).__name__

    assert shown(worksheets._PLAIN_ROW) == shown(re.compile(b"(?!)"))
