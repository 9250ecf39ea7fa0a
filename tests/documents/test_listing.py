"""A list taken out is the list on the screen: each file is opened again and read."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.worksheet import Worksheet

from api.documents import workbook
from api.documents.document import Coloured, Document, DocumentTable
from api.documents.listing import DEMONSTRATION, Column, ColumnKind, Letterhead, Listing
from api.documents.report_workbook import report_workbook
from api.documents.text import BATCH, as_csv, as_json, guarded
from api.documents.workbook import as_xlsx

NOON = datetime(2026, 7, 1, 11, 0, tzinfo=UTC)
LIST = Listing(
    title="Audits in July",
    columns=[
        Column("audit", "Audit"),
        Column("due", "Due on", ColumnKind.DAY),
        Column("submitted", "Submitted", ColumnKind.MOMENT),
        Column("rate", "Agreement", ColumnKind.PERCENT),
        Column("actions", "Actions", ColumnKind.NUMBER),
    ],
    rows=[
        ["=HYPERLINK(1)", date(2026, 7, 31), NOON, Decimal("0.625"), 3],
        ["Zoë’s team, “east”", None, None, None, 0],
    ],
    filters=[("Team", "East")],
    position=4321,
    as_at=NOON,
    by="ada.l",
    at=NOON + timedelta(hours=1),
    notes=["Rates under n = 10 are not shown."],
)


def test_csv_for_excel_has_a_mark_headings_london_times_and_no_live_formula():
    data = as_csv(LIST)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [
        ["Audit", "Due on", "Submitted", "Agreement", "Actions"],
        ["'=HYPERLINK(1)", "2026-07-31", "2026-07-01 12:00:00", "0.625", "3"],
        ["Zoë’s team, “east”", "", "", "", "0"],
    ]


def test_raw_csv_has_keys_and_untouched_text():
    rows = list(csv.reader(io.StringIO(as_csv(LIST, raw=True).decode(), newline="")))
    assert rows[0] == ["audit", "due", "submitted", "rate", "actions"]
    assert rows[1][:3] == ["=HYPERLINK(1)", "2026-07-31", "2026-07-01T11:00:00+00:00"]


@given(st.text())
def test_no_guarded_text_begins_as_a_formula(text):
    assert not guarded(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert guarded(text) in (text, f"'{text}")


def test_a_negative_number_is_not_taken_for_a_formula():
    one = Listing("N", [Column("n", "N", ColumnKind.NUMBER)], [[-3]], [], 1, NOON, "a", NOON)
    assert as_csv(one, raw=False).decode("utf-8-sig").splitlines() == ["N", "-3"]


def test_the_workbook_holds_real_dates_and_says_where_it_came_from():
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(LIST)))
    sheet = book["List"]
    assert [cell.value for cell in sheet[1]] == [c.heading for c in LIST.columns]
    first = sheet[2]
    assert (first[0].value, first[0].data_type) == ("=HYPERLINK(1)", "s")
    assert [cell.value for cell in first[1:]] == [
        datetime(2026, 7, 31),
        datetime(2026, 7, 1, 12, 0),
        0.625,
        3,
    ]
    assert first[3].number_format == "0.0%"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:E3")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$1"
    events = {row[0].value: row[1].value for row in book["Read me"].rows}
    assert events["Filter: Team"] == "East"
    assert events["Last entry of the log"] == "4,321"
    assert events["Recorded up to"] == "1 July 2026 at 12:00pm"
    assert events["Downloaded by"] == "ada.l"
    assert events["Note"].startswith("Rates under")


def test_the_same_list_gives_the_same_bytes():
    assert as_xlsx(LIST) == as_xlsx(LIST)


def test_a_workbook_is_what_the_library_itself_would_write(monkeypatch):
    """Lists write the cells of a sheet by themselves, which is quicker; every kind of them."""
    ours = as_xlsx(LIST)
    monkeypatch.setattr(workbook, "ListSheet", Worksheet)
    assert as_xlsx(LIST) == ours


def test_json_carries_the_header_events_and_exact_decimals():
    held = json.loads(as_json(LIST))
    assert held["position"] == 4321
    assert held["as_at"] == "2026-07-01T11:00:00Z"
    assert held["rows"][0] == {
        "audit": "=HYPERLINK(1)",
        "due": "2026-07-31",
        "submitted": "2026-07-01T11:00:00Z",
        "rate": "0.625",
        "actions": 3,
    }


def test_a_ragged_list_is_refused():
    with pytest.raises(ValueError, match="one cell a column"):
        Listing("R", [Column("a", "A")], [["x", "y"]], [], 1, NOON, "a", NOON)


NONCHARACTERS = "\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff"


def test_noncharacters_do_not_spoil_a_workbook() -> None:
    said = f"before{NONCHARACTERS}after"
    spoilt = Listing(
        title=said,
        columns=[Column("a", said)],
        rows=[[said]],
        filters=[(said, said)],
        position=1,
        as_at=NOON,
        notes=[said],
    )
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(spoilt)))
    kept = "before" + "\ufffd" * 6 + "after"
    assert [row[0].value for row in book["List"].iter_rows()] == [kept, kept]
    assert kept in {row[1].value for row in book["Read me"].iter_rows()}


def test_a_report_as_a_workbook_is_first_as_on_the_screen_then_tidy() -> None:
    """Days are days, and what a rate is of are numbers."""
    columns = [Column("from", "From"), Column("numerator", "Numerator", ColumnKind.NUMBER)]
    head = Letterhead("Example Council", demonstration=True)
    tidy = Listing("R", columns, [["2026-01-01", 39]], [], 37, NOON, letterhead=head)
    table = DocumentTable("Figures", ["Period", "Rate", "Rating"],
                          [["2026-01-01", "98%\n39 of 40", Coloured("Red", "red")]])  # fmt: skip
    paper = Document("R", [], 37, NOON, [table], letterhead=head)
    book = openpyxl.load_workbook(io.BytesIO(report_workbook(paper, tidy)))
    assert book.sheetnames == ["As on the screen", "One figure a row", "Read me"]
    shown, figures, about = book.worksheets
    last = [cell.value for cell in list(shown.rows)[-1]]
    assert last == [datetime(2026, 1, 1), "98%\n39 of 40", "Red"]
    assert shown.cell(shown.max_row, 3).fill.start_color.rgb == "FFD4351C"
    assert [cell.value for cell in figures[2]] == [datetime(2026, 1, 1), 39]
    assert about["B1"].value == DEMONSTRATION


def test_a_long_list_as_csv_is_whole_and_guarded_to_its_last_line() -> None:
    names = [f"Row {number}" for number in range(BATCH)]
    rows = [*([name, None] for name in names), ["=1+1", "-2"]]
    long = Listing("Long", [Column("a", "A"), Column("b", "B")], rows, [], 1, NOON)
    lines = as_csv(long).decode("utf-8-sig").split("\r\n")
    assert lines == ["A,B", *(f"{name}," for name in names), "'=1+1,'-2", ""]
    assert as_csv(long, raw=True).endswith(b"\r\n=1+1,-2\r\n")
