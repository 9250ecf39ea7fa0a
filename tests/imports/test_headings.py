"""Where a table begins in a file, and what is noticed on the way to it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from unittest.mock import patch

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from api.imports import reading
from api.imports.files.tables import SheetRows, UnreadableCell
from api.imports.reading import read_sheet
from qa.core.errors import Refused

KNOWN = ("Ref", "Child", "Date", "Overall", "Planning")


def read(data: bytes, **options: object) -> SheetRows:
    """In this process, which is quicker; `test_reading` reads in one apart."""
    with patch.object(reading, "run_apart", lambda work, *given: work(*given)):
        return read_sheet("file", data, **options)  # type: ignore[arg-type]


def book(*makers: Callable[[Sheet], None]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for maker in makers:
        maker(made.create_sheet(maker.__name__))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def cover(sheet: Sheet) -> None:
    for row in (["Audit programme"], ["Prepared by", "Pat"], ["Version", "2"]):
        sheet.append(row)


def audits(sheet: Sheet) -> None:
    """Titles in several cells, headings in two lines, and everything that a sheet may show."""
    sheet.append(["Audits of 2025/26", None, "Prepared by", "Pat"])
    sheet.append([])
    sheet.append(["Ref", "Child", "Team", "Date", "Grades"])
    sheet.append([None, None, None, None, "Assessment", "Planning", "Overall"])
    for letter in "ABCD":
        sheet.merge_cells(f"{letter}3:{letter}4")
    sheet.merge_cells("E3:G3")
    for n in range(5):
        sheet.append([f"A-{n}", n, None, date(2025, 5, n + 1), "Good", None, "Good", "=A1"])
    sheet["C5"] = "North"
    sheet.merge_cells("C5:C7")
    sheet["F6"].fill = PatternFill("solid", fgColor="FFC000")
    sheet.row_dimensions[7].hidden = True
    for cell in sheet[8]:
        cell.font = Font(strike=True)
    sheet["G9"] = "#REF!"
    sheet["G9"].data_type = "e"
    sheet["H3"] = "Share"
    sheet["H5"], sheet["H5"].number_format = 0.825, "0.0%"
    sheet.append(["Ref", "Child", "Team", "Date", "Assessment", "Planning", "Overall", "Share"])
    sheet.append(["A\u200b-9", 9, "South", date(2025, 5, 9), "Good", "Good", "Good"])
    sheet.merge_cells("E11:F11")


def lists(sheet: Sheet) -> None:
    sheet.append(["Grade", "Meaning"])
    sheet.append(["Good", "Well"])
    sheet.sheet_state = "hidden"


@pytest.fixture(scope="module")
def read_audits() -> SheetRows:
    return read(book(cover, audits, lists), known=KNOWN)


def test_the_table_is_found_behind_a_cover_and_under_titles_and_headings_in_two_lines(
    read_audits: SheetRows,
) -> None:
    assert read_audits.sheet == "audits"
    assert read_audits.headings == (
        "Ref", "Child", "Team", "Date", "Assessment", "Planning", "Overall", "Share",
    )  # fmt: skip
    assert [row.number for row in read_audits.rows] == [5, 6, 7, 8, 9, 11]
    assert read_audits.place(5) == "row 5"


def test_a_line_that_holds_titles_of_groups_alone_is_no_line_of_headings() -> None:
    def grouped(sheet: Sheet) -> None:
        sheet.append(["Plan at March 2026"])
        sheet.append(["Who", None, "When", None])
        sheet.append(["Ref", "Child", "Date", "Overall"])
        sheet.append(["A-1", "C-1", date(2025, 5, 1), "Good"])

    found = read(book(grouped), known=KNOWN)
    assert found.headings == ("Ref", "Child", "Date", "Overall")
    assert [row.number for row in found.rows] == [4]
    with pytest.raises(Refused):
        read(b"Ref,,Child,\nAnn,Bob,Cat,Dan\n", known=KNOWN)


@pytest.mark.parametrize(
    ("titles", "under", "read_as"),
    [
        ("Recommendation,,Action,", "No,Title,Ref,Text",
         "Recommendation No,Recommendation Title,Ref,Text"),
        ("Recommendation,,Part,", "No,Title,No,Due",
         "Recommendation No,Recommendation Title,Part No,Due"),
        ("Part,,Lead,", "No,Title,Name,Due", "Part No,Part Title,Lead Name,Due"),
        ("Audit details,,Grades,", "Ref,Date,Overall,Planning", "Ref,Date,Overall,Planning"),
        ("Child,,Audit,", "Ref,Name,Date,Overall", "Child Ref,Child Name,Audit Date,Overall"),
    ],
)  # fmt: skip
def test_a_number_or_title_keeps_the_group_that_says_whose_it_is(
    titles: str, under: str, read_as: str
) -> None:
    known = ("Ref", "Date", "Title", "Due", "Overall", "Child", "Audit date", "Recommendation No",
             "Recommendation Number", "Text", "Lead Name", "Part No", "Planning")  # fmt: skip
    found = read(f"{titles}\n{under}\n1,2,3,4\n".encode(), known=known)
    assert ",".join(found.headings) == read_as


def test_what_is_merged_goes_to_all_its_rows_and_what_is_hidden_or_struck_is_named(
    read_audits: SheetRows,
) -> None:
    team = read_audits.headings.index("Team")
    assert [row.cells[team] for row in read_audits.rows] == [*["North"] * 3, None, None, "South"]
    assert [(note.code, note.row, note.column) for note in read_audits.notes] == [
        ("sheets-unread", None, None),
        ("sheets-hidden", None, None),
        ("merged-across", 11, "Assessment"),
        ("merged-cells", None, "Team"),
        ("headings-again", 10, None),
        ("unseen-character", None, "Ref"),
        ("colour-only", None, "Planning"),
        ("title-line", None, None),
        ("hidden-rows", 7, None),
        ("struck-rows", 8, None),
    ]
    assert "1 coloured cell holds no word" in read_audits.notes[6].sentence
    assert read_audits.rows[-1].cells[0] == "A-9"


def test_an_error_or_a_formula_never_calculated_refuses_only_where_it_is_read(
    read_audits: SheetRows,
) -> None:
    share, overall = (read_audits.column(name) for name in ("Share", "Overall"))
    assert share[0] == "82.5%"
    assert isinstance(share[1], UnreadableCell)
    assert share[1].code == "formula-without-value"
    assert isinstance(overall[4], UnreadableCell)
    assert (overall[4].text, overall[4].code) == ("#REF!", "formula-error")
    assert read_audits.faults == ()


def one(sheet: Sheet) -> None:
    sheet.append(["Ref", "Grade"])
    sheet.append(["A-1", "Good"])


def two(sheet: Sheet) -> None:
    sheet.append(["grade", "REF"])
    sheet.append(["RI", "A-2"])


def test_sheets_with_the_same_headings_are_named_and_read_as_one_table() -> None:
    data = book(one, two, cover)
    alone = read(data)
    assert (alone.sheet, alone.alike) == ("one", ("two",))
    assert [note.code for note in alone.notes] == ["sheets-alike", "sheets-unread"]
    both = read(data, sheets=["one", "two"])
    assert [row.cells for row in both.rows] == [("A-1", "Good"), ("A-2", "RI")]
    assert [both.place(row.number) for row in both.rows] == ["row 2 of one", "row 2 of two"]
    with pytest.raises(Refused) as caught:
        read(data, sheets=["one", "cover"])
    assert caught.value.faults[0].code == "sheets-differ"


@pytest.mark.parametrize(
    ("text", "headings", "number"),
    [
        ("Report,,Made by,Pat,,\nRef,Child,Grades,,,Team\n,,Assessment,Planning,Overall,\n"
         "A-1,1,Good,RI,Good,N\n",
         ("Ref", "Child", "Assessment", "Planning", "Overall", "Team"), 4),
        ("Ref,Auditor,,Moderator,\n,Grade,Name,Grade,Name\nA-1,Good,P,Good,Q\n",
         ("Ref", "Auditor Grade", "Auditor Name", "Moderator Grade", "Moderator Name"), 3),
        ("Title;x;;\nRef;Child;Date;Overall\nA-1;1;2024-01-01;Good\n",
         ("Ref", "Child", "Date", "Overall"), 3),
        ("Indicator|2022|2023\nvisits|1|2\n", ("Indicator", "2022", "2023"), 2),
        ("Ref,\"Overall\n grade\u200b\"\nA-1,Good\n", ("Ref", "Overall grade"), 3),
        ("Indicator,01/01/2024,01/02/2024\nvisits,1,2\n",
         ("Indicator", "01/01/2024", "01/02/2024"), 2),
        (",2026/27,,2025/26\nIndicator,Apr,May,Outturn\nvisits,1,2,3\n",
         ("Indicator", "2026/27 Apr", "2026/27 May", "2025/26 Outturn"), 3),
        ("Indicator,2024,,2025\n,Nov,Dec,Jan\nvisits,1,2,3\n",
         ("Indicator", "2024 Nov", "2024 Dec", "2025 Jan"), 3),
    ],
)  # fmt: skip
def test_headings_are_found_in_text(text: str, headings: tuple[str, ...], number: int) -> None:
    sheet = read(text.encode(), known=KNOWN)
    assert sheet.headings == headings
    assert sheet.rows[0].line == number


def test_months_that_excel_made_dates_of_are_headings_and_days_are_not() -> None:
    def months(sheet: Sheet) -> None:
        sheet.append(["Indicator", date(2024, 1, 1), date(2024, 2, 1)])
        sheet.append(["visits", 82, 83])

    def days(sheet: Sheet) -> None:
        sheet.append(["A-1", date(2024, 1, 1), "Good"])
        sheet.append(["A-2", date(2024, 1, 2), "Good"])

    assert read(book(months)).headings == ("Indicator", "Jan-24", "Feb-24")
    for data in (book(days), b"Indicator,01/01/2024,02/01/2024\nvisits,1,2\n"):
        with pytest.raises(Refused) as caught:
            read(data)
        assert caught.value.faults[0].code == "no-headings"
    assert "“02/01/2024”" in caught.value.sentence


def test_a_whole_number_is_read_with_the_zeros_and_the_words_that_are_shown_with_it() -> None:
    def padded(sheet: Sheet) -> None:
        sheet.append(["Ref", "Child", "Count", "Share", "Half"])
        sheet.append([13, 12, 5, 85, 0.5])
        for at, shown in (("A2", '"A-"000'), ("B2", "00000"), ("D2", '0"%"'), ("E2", "00")):
            sheet[at].number_format = shown

    assert read(book(padded)).rows[0].cells == ("A-013", "00012", 5, "85%", 0.5)


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp1252"])
def test_an_encoding_from_before_unicode_is_told_by_its_words_and_said(encoding: str) -> None:
    text = "Ref,Auditor\nA-1,Zoë Müller\nA-2,Siân café £30 naïve\n"
    sheet = read(text.encode(encoding))
    assert sheet.column("Auditor") == ["Zoë Müller", "Siân café £30 naïve"]
    assert [note.code for note in sheet.notes] == ["encoding-inferred"]
