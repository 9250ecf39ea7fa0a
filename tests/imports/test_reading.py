"""Files as they come: every encoding, delimiter and Excel habit, and the files that are none."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.imports import reading
from api.imports.files.tables import Limits, UnreadableCell, text_of
from api.imports.reading import read_file, read_sheet
from qa.core.errors import Refused

PLAIN = "Audit ID,Auditor,Overall\nA-1,Zoë – lead,Good\nA-2,B,Inadequate\n"


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def in_this_process(work: Callable[..., object], *given: object) -> object:
    return work(*given)


def refused(data: bytes, **options: object) -> Refused:
    with pytest.raises(Refused) as caught:
        read_sheet("file", data, **options)  # type: ignore[arg-type]
    return caught.value


def codes(error: Refused) -> list[str]:
    return [fault.code for fault in error.faults]


# -- CSV


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_the_encoding_is_found_and_letters_survive(encoding: str) -> None:
    sheet = read_sheet("a.csv", PLAIN.encode(encoding))
    assert sheet.headings == ("Audit ID", "Auditor", "Overall")
    assert [row.cells for row in sheet.rows] == [
        ("A-1", "Zoë – lead", "Good"),
        ("A-2", "B", "Inadequate"),
    ]
    assert sheet.faults == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "^", "~"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_delimiter_is_found_even_where_values_hold_the_others(
    delimiter: str, newline: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerows([["ref", "note", "grade"], ["A-1", "a, b; c", "Good"], ["A-2", "d, e", "RI"]])
    sheet = read_sheet("a.csv", out.getvalue().encode())
    assert sheet.headings == ("ref", "note", "grade")
    assert sheet.rows[0].cells == ("A-1", "a, b; c", "Good")


def test_a_quoted_line_break_stays_in_its_cell_and_lines_are_counted_in_the_file() -> None:
    sheet = read_sheet("a.csv", b'ref,note\nA-1,"one\ntwo"\nA-2,three\n')
    assert [(row.number, row.line) for row in sheet.rows] == [(2, 2), (3, 4)]
    assert sheet.rows[0].cells[1] == "one\ntwo"


def test_excels_own_delimiter_hint_is_obeyed() -> None:
    sheet = read_sheet("a.csv", b"sep=;\nref;note\nA-1;x, y\n")
    assert sheet.headings == ("ref", "note")
    assert sheet.rows[0].line == 3


def test_blank_rows_are_passed_over_and_the_others_keep_their_numbers() -> None:
    sheet = read_sheet("a.csv", b"ref,grade\nA-1,Good\n,\n\nA-2,\n")
    assert [(row.number, row.line) for row in sheet.rows] == [(2, 2), (5, 5)]
    assert sheet.rows[1].cells == ("A-2", None)


def test_a_title_above_the_headings_is_passed_over() -> None:
    sheet = read_sheet("a.csv", b"Audits of the quarter,,\n\nref,grade,team\nA-1,Good,North\n")
    assert sheet.headings == ("ref", "grade", "team")
    assert sheet.rows[0].number == 4


def test_a_row_wider_than_its_headings_is_named_and_kept_as_it_stands() -> None:
    sheet = read_sheet("a.csv", b"ref,grade\nA-1,Good\nA-2,,Good,x\nA-3,RI,\n")
    assert [(fault.code, fault.row) for fault in sheet.faults] == [("shifted-row", 3)]
    assert "Good | x" in sheet.faults[0].sentence
    assert len(sheet.rows) == 3


def test_the_file_is_known_by_its_hash() -> None:
    first, second = read_sheet("a.csv", PLAIN.encode()), read_sheet("b.csv", PLAIN.encode())
    assert first.file_sha256 == second.file_sha256
    assert first.file_sha256 != read_sheet("a.csv", PLAIN.encode() + b"A-3,C,Good").file_sha256


cells = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp"),
        max_codepoint=0xD7FF,
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: text[0] != "'")  # Our own files have one before what looks like a formula.


@settings(max_examples=60)
@given(
    st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_as_csv_is_read_back(
    rows: list[tuple[str, str, str]], delimiter: str, encoding: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["one", "two", "three"])
    writer.writerows(rows)
    sheet = read_sheet("a.csv", out.getvalue().encode(encoding))
    assert [row.cells for row in sheet.rows] == rows
    assert sheet.faults == ()


# -- Excel


def test_excel_gives_dates_as_dates_and_numbers_as_numbers() -> None:
    data = workbook(
        Audits=[
            ["ref", "date", "moment", "n"],
            ["A-1", date(2021, 4, 30), datetime(2021, 5, 1, 9, 30), 12345],
        ]
    )
    sheet = read_sheet("a.xlsx", data)
    assert sheet.sheet == "Audits"
    assert sheet.rows[0].cells == ("A-1", date(2021, 4, 30), datetime(2021, 5, 1, 9, 30), 12345)
    assert [text_of(cell) for cell in sheet.rows[0].cells] == [
        "A-1",
        "2021-04-30",
        "2021-05-01 09:30:00",
        "12345",
    ]


def test_the_first_sheet_with_anything_in_it_is_read_unless_one_is_named() -> None:
    rows: list[list[object]] = [["ref", "grade"], ["A-1", "Good"]]
    data = workbook(Cover=[], Audits=rows, Other=[["x", "y"], [1, 2]])
    assert read_sheet("a.xlsx", data).sheet == "Audits"
    assert read_sheet("a.xlsx", data, sheet=" other ").headings == ("x", "y")
    error = refused(data, sheet="Moderations")
    assert codes(error) == ["no-such-sheet"]
    assert "“Audits”" in error.sentence


def test_hidden_sheets_are_read_only_when_named() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Lists"
    book.active.append(["a", "b"])
    book.active.append(["1", "2"])
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("Audits")
    shown.append(["ref", "grade"])
    shown.append(["A-1", "Good"])
    out = io.BytesIO()
    book.save(out)
    assert read_sheet("a.xlsx", out.getvalue()).sheet == "Audits"
    assert read_sheet("a.xlsx", out.getvalue(), sheet="Lists").sheet == "Lists"


def test_merged_titles_and_blank_rows_do_not_shift_anything() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Audits of 2021/22"])
    sheet.merge_cells("A1:C1")
    sheet.append([])
    sheet.append(["ref", "team", "grade"])
    sheet.append(["A-1", "North", "Good"])
    sheet.append([])
    sheet.append(["A-2", None, "RI"])
    out = io.BytesIO()
    book.save(out)
    read = read_sheet("a.xlsx", out.getvalue())
    assert read.headings == ("ref", "team", "grade")
    assert [(row.number, row.line) for row in read.rows] == [(4, 4), (6, 6)]
    assert read.rows[1].cells == ("A-2", None, "RI")


def test_a_formula_without_a_stored_value_is_a_fault_and_never_a_blank() -> None:
    read = read_sheet("a.xlsx", workbook(S=[["ref", "grade"], ["A-1", "=B9"], ["A-2", "Good"]]))
    cell = read.rows[0].cells[1]
    assert isinstance(cell, UnreadableCell)
    assert cell.code == "formula-without-value"
    assert "B2" in cell.sentence


def test_the_same_table_reads_the_same_from_csv_and_excel() -> None:
    rows = [line.split(",") for line in PLAIN.splitlines()]
    from_excel = read_sheet("a.xlsx", workbook(S=[list(row) for row in rows]))
    from_csv = read_sheet("a.csv", PLAIN.encode())
    assert from_excel.headings == from_csv.headings
    assert from_excel.rows == from_csv.rows


# -- files that are no table


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b" \n\r\n ", "empty-file"),
        (b",,,\n,,\n", "empty-file"),
        (b"ref,grade\n", "no-rows"),
        (b"ref,grade\n,\n", "no-rows"),
        (b"A-1,2021-01-01,Good\nA-2,2021-01-02,Good\n", "no-headings"),
        (b"A-1,12,Good\nA-2,13,Good\n", "no-headings"),
        (b"ref,Grade,grade \nA-1,a,b\n", "duplicate-heading"),
        (b"ref,,grade\nA-1,x,b\n", "no-heading"),
        (b'ref,grade\nA-1,"Good\nA-2,RI\n', "broken-csv"),
        (b'ref,grade\nA-1,"Go"od\n', "broken-csv"),
        (bytes(range(256)) * 4, "not-text"),
        (b"\x00\x01\x02\x03" * 50, "not-text"),
        (b"%PDF-1.7 something", "other-format"),
        (b"<html><table><tr><td>ref</td></tr></table></html>", "other-format"),
        (b'\xef\xbb\xbf[{"ref": "A-1"}]', "other-format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "broken-excel"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "other-format"),
        (zipped(xl__workbook_xml=b"nothing"), "broken-excel"),
        (zipped(xl__workbook_xml=b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), "other-format"),
        (b"PK\x03\x04 cut off", "broken-excel"),
        (workbook(Empty=[]), "empty-file"),
        (workbook(S=[["ref", "grade"]]), "no-rows"),
        (workbook(S=[["ref", "ref"], ["a", "b"]]), "duplicate-heading"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_reason(data: bytes, code: str) -> None:
    error = refused(data)
    assert codes(error) == [code]
    assert error.sentence.endswith(".")


def test_every_doubled_or_missing_heading_is_named_at_once() -> None:
    error = refused(b"a,A,,b,B\n1,2,3,4,5\n")
    assert codes(error) == ["duplicate-heading", "no-heading", "duplicate-heading"]


def test_a_file_over_a_limit_is_refused() -> None:
    many = "ref,grade\n" + "A,Good\n" * 20
    assert codes(refused(many.encode(), limits=Limits(bytes=50))) == ["file-too-large"]
    assert codes(refused(many.encode(), limits=Limits(rows=10))) == ["too-many-rows"]
    assert codes(refused(many.encode(), limits=Limits(columns=1))) == ["too-many-columns"]
    book = workbook(S=[["ref", "grade"], *[["A", "Good"]] * 20])
    assert codes(refused(book, limits=Limits(rows=10))) == ["too-many-rows"]


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_unopened() -> None:
    bomb = zipped(xl__workbook_xml=b"<x/>", xl__sheet_xml=b"\x20" * 3_000_000)
    assert len(bomb) < 10_000
    assert codes(refused(bomb, limits=Limits(unpacked=1_000_000))) == ["file-too-large"]
    parts = zipped(xl__workbook_xml=b"<x/>", a=b"1", b=b"2", c=b"3")
    assert codes(refused(parts, limits=Limits(parts=3))) == ["file-too-large"]


@settings(max_examples=80)
@given(st.binary(max_size=400))
def test_no_bytes_whatever_escape_as_anything_but_a_table_or_a_refusal(data: bytes) -> None:
    for prefix in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"ref,grade\n"):
        # In this process: one of its own for each of the examples would take a minute.
        with contextlib.suppress(Refused), patch.object(reading, "run_apart", in_this_process):
            sheet = read_sheet("x", prefix + data)
            assert all(len(row.cells) == len(sheet.headings) for row in sheet.rows)


def test_a_missing_file_is_refused_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^nothing\.csv cannot be opened\.$"):
        read_file(tmp_path / "nothing.csv")
    (tmp_path / "a.csv").write_bytes(PLAIN.encode())
    assert read_file(tmp_path / "a.csv").name == "a.csv"
