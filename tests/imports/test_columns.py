"""A column is settled as a whole: what one cell proves of the others, and what has to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from api.imports.answers import AS_ABOVE, LEAVE_OUT, ImportAnswers, ImportQuestion
from api.imports.columns.settling import SettledSheet, settle
from api.imports.files.months import month_meant
from api.imports.files.tables import Cell, SheetRow, SheetRows, UnreadableCell
from api.imports.mapping import Field, FieldKind, columns_read, map_columns
from api.imports.outcome import SheetOutcome
from api.imports.run import RowExamined
from api.imports.uploads.answer_forms import changed_cells, changed_shown, questions_shown
from api.imports.values import parse_date
from qa.imports.changes import ChangedCell
from tests.imports.support import OFSTED, column

BLANK = None
NONE = ImportAnswers()
GRADE = Field("overall", "Overall", kind="grade", scale=OFSTED)


def shown(settled: SettledSheet) -> list[object]:
    """The cells, and the code of each that cannot be read."""
    return [
        cell.code if isinstance(cell, UnreadableCell) else cell
        for cell in settled.sheet.column("X")
    ]


def asked(settled: SettledSheet) -> ImportQuestion:
    (question,) = settled.questions
    return question


DOUBT = "date-doubtful"


@pytest.mark.parametrize(
    ("cells", "read", "rows"),
    [
        (["03/04/2026", "05/25/2026", "07/07/2026"], [DOUBT, DOUBT, "07/07/2026"], (2, 3)),
        (["03/04/2026", "05/25/2026", "25/05/2026"], [DOUBT, DOUBT, "25/05/2026"], (2, 3)),
        (["05/25/2026", date(2026, 4, 3), date(2026, 4, 14)],
         [DOUBT, DOUBT, date(2026, 4, 14)], (2, 3)),
        (["25/05/2026", date(2026, 4, 3), date(2026, 4, 5), date(2026, 4, 4)],
         ["25/05/2026", DOUBT, DOUBT, date(2026, 4, 4)], (3, 4)),
    ],
)  # fmt: skip
def test_a_date_with_its_month_first_makes_the_column_doubtful(
    cells: Sequence[Cell], read: list[object], rows: tuple[int, ...]
) -> None:
    settled = column("date", *cells)
    assert shown(settled) == read
    question = asked(settled)
    assert (question.about, question.heading, question.rows) == ("date_orders", "X", rows)
    orders = {"day-first", "month-first"}
    if any(isinstance(cell, date) for cell in cells):
        orders = {f"{order}-dates-{end}" for order in orders for end in ("turned", "stand")}
    assert {option.value for option in question.options} == orders


def test_a_date_order_that_was_answered_holds_for_the_column() -> None:
    cells = ["03/04/2026", "05/25/2026", "25/05/2026", "2026-01-02"]
    settled = column("date", *cells, date_orders={"X": "month-first"})
    assert shown(settled) == [date(2026, 3, 4), date(2026, 5, 25), "not-a-date", "2026-01-02"]
    assert settled.questions == ()
    assert shown(column("date", *cells, date_orders={"x": "day-first"})) == cells


@pytest.mark.parametrize("text", ["25/05/2025", "05/25/2025"])
def test_real_dates_in_doubt_wait_until_it_is_said_whether_they_stand(text: str) -> None:
    order = "day-first" if text.startswith("25") else "month-first"
    other = "month-first" if order == "day-first" else "day-first"
    real = [date(2025, 2, 1), datetime(2025, 4, 3), date(2025, 6, 6)]
    read = parse_date(text) if order == "day-first" else date(2025, 5, 25)

    def said(answer: str) -> SettledSheet:
        return column("date", *real, text, date_orders={"X": answer})

    def days(settled: SettledSheet) -> list[object]:
        return [DOUBT if c == DOUBT else parse_date(c) for c in shown(settled)]  # type: ignore[arg-type]

    assert asked(column("date", *real, text)).options[0].value == f"{order}-dates-turned"
    waits = said(order)
    assert days(waits) == [DOUBT, DOUBT, date(2025, 6, 6), read]
    assert asked(waits).rows == (2, 3)
    turned = said(f"{order}-dates-turned")
    assert days(turned) == [date(2025, 1, 2), date(2025, 3, 4), date(2025, 6, 6), read]
    stands = said(f"{order}-dates-stand")
    assert days(stands) == [date(2025, 2, 1), date(2025, 4, 3), date(2025, 6, 6), read]
    assert (turned.questions, stands.questions) == ((), ())
    if other == "month-first":
        refused = said(f"{other}-dates-stand").sheet.column("X")[3]
        assert isinstance(refused, UnreadableCell)
        assert refused.sentence.endswith("there is no month 25 with the month first.")
    # A file in which nothing shows that dates were turned keeps them as they are.
    plain = column("date", *real, date_orders={"X": f"{order}-dates-turned"})
    assert plain.sheet.column("X") == real


def test_a_refused_row_says_by_itself_what_it_said_beside_the_others() -> None:
    part, due = Field("part", "Part", repeats=True), Field("due", "Due", kind="date")
    cells = (("Voice", "01/05/2026"), ("", "05/25/2026"), ("", date(2026, 2, 1)), ("None", "soon"))
    rows = tuple(SheetRow(n, n, line) for n, line in enumerate(cells, 2))
    sheet = SheetRows("file", "0", ("Part", "Due"), rows)
    answers = ImportAnswers(
        values={"Part": {"": AS_ABOVE}}, date_orders={"Due": "month-first-dates-turned"}
    )
    settled = settle(sheet, map_columns(sheet, (part, due)), (part, due), answers)
    assert [row.cells for row in settled.written.rows] == [
        ("Voice", "01/05/2026"), ("Voice", "05/25/2026"), ("Voice", date(2026, 1, 2)),
        ("None", "soon"),
    ]  # fmt: skip


def test_of_months_in_a_column_of_days_it_is_asked_which_day_stands_for_each() -> None:
    cells = ("Apr-25", "February 2024", "12/2025", "01/05/2025", "2025-06-30")
    asks = column("date", *cells)
    assert shown(asks) == ["month-for-day"] * 3 + ["01/05/2025", "2025-06-30"]
    assert (asked(asks).rows, asked(asks).options[0].value) == ((2, 3, 4), "month-ends")
    for answer, days in (("month-ends", (30, 29, 31)), ("month-begins", (1, 1, 1))):
        said = shown(column("date", *cells, date_orders={"X": answer}))
        of_months = zip(((2025, 4), (2024, 2), (2025, 12)), days, strict=True)
        assert said == [*(date(*month, day) for month, day in of_months), *cells[3:]]
    # When an action is due may be a month: nothing is asked.
    assert shown(column("due", *cells)) == [*cells]


def test_dates_that_a_day_proves_are_day_first_and_those_that_nothing_proves_are_said_to_be() -> (
    None
):
    proven = column("date", "03/04/2026", "25/05/2026")
    assert (shown(proven), proven.questions, proven.notes) == (["03/04/2026", "25/05/2026"], (), ())
    unproven = column("date", "03/04/2026", "05/06/2026")
    assert shown(unproven) == ["03/04/2026", "05/06/2026"]
    assert [note.code for note in unproven.notes] == ["dates-day-first"]
    assert "“03/04/2026” is 3 April 2026" in unproven.notes[0].sentence


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-03-31T23:30:00Z", date(2024, 4, 1)),
        ("2024-06-30 23:30:00+00:00", date(2024, 7, 1)),
        ("2024-01-01T00:30:00+01:00", date(2023, 12, 31)),
        ("30/04/2021, 14:05", date(2021, 4, 30)),
    ],
)
def test_an_instant_is_its_day_in_london(written: str, day: date) -> None:
    assert parse_date(written) == day


@pytest.mark.parametrize(
    "word",
    ["None", "nan", "-", "TBC", "NULL", "#N/A", "Unknown", "n/a", " — ", "TBD", "(none)", "[blank]",
     "<NA>", "\\N", "N\\A", "..", "---", "not provided", "To be allocated", "TBC - new", "0"],
)  # fmt: skip
def test_a_word_that_says_nothing_is_known_is_blank_and_no_name(word: str) -> None:
    for kind in ("person", "team", "name", "reference"):
        assert shown(column(kind, word)) == [BLANK]  # type: ignore[arg-type]
    assert shown(column("words", "None")) == ["None"]
    assert [shown(column(kind, "N/A")) for kind in ("date", "text", "due")] == [
        [BLANK], [BLANK], ["N/A"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("reference", "1.23457E+11", "reference-shortened"),
        ("child", 1.2345678901234567e17, "reference-shortened"),
        ("reference", date(2024, 2, 1), "date-for-reference"),
        ("child", "Mar-01", "date-for-reference"),
        ("reference", "1-Jun", "date-for-reference"),
        ("reference", "2026-06-01 00:00:00", "date-for-reference"),
        ("person", "#REF!", "formula-error"),
        ("words", "#DIV/0!", "formula-error"),
    ],
)
def test_what_a_spreadsheet_spoiled_is_refused(kind: FieldKind, cell: Cell, code: str) -> None:
    assert shown(column(kind, cell)) == [code]


@pytest.mark.parametrize(
    ("kind", "cells", "read"),
    [
        ("child", ["8101.0", BLANK, "8102.0"], ["8101", BLANK, "8102"]),
        ("reference", ["101.0", "101.1"], ["101.0", "101.1"]),
        ("reference", ["1.0", "2.0"], ["1.0", "2.0"]),
        ("reference", ["MAR-01", "5/2", "0012"], ["MAR-01", "5/2", "0012"]),
    ],
)
def test_a_point_that_a_program_put_behind_references_is_taken_away_and_said(
    kind: FieldKind, cells: list[Cell], read: list[Cell]
) -> None:
    settled = column(kind, *cells)
    assert shown(settled) == read
    assert [note.code for note in settled.notes] == ["point-removed"] * (cells != read)


def test_a_date_of_another_column_that_has_its_month_first_makes_a_column_doubtful() -> None:
    fields = (Field("a", "A", kind="date"), Field("b", "B", kind="date"))

    def read(beside: Cell, **said: object) -> list[object]:
        rows = (SheetRow(2, 2, ("03/04/2026", beside)),)
        sheet = SheetRows("file", "0", ("A", "B"), rows)
        answers = ImportAnswers.model_validate(said)
        settled = settle(sheet, map_columns(sheet, fields), fields, answers)
        return [
            one.code if isinstance(one, UnreadableCell) else one
            for one in settled.sheet.rows[0].cells
        ]

    assert read("05/25/2026") == [DOUBT, DOUBT]
    assert read("05/25/2026", date_orders={"B": "month-first"}) == [DOUBT, date(2026, 5, 25)]
    both = {"A": "month-first", "B": "month-first"}
    assert read("05/25/2026", date_orders=both) == [date(2026, 3, 4), date(2026, 5, 25)]
    assert read("25/05/2026") == ["03/04/2026", "25/05/2026"]


def test_thousands_are_read_however_they_are_parted_and_what_is_neither_is_refused() -> None:
    cells = ["1 204", "1\u00a0198", "12 345", "1'204", "1.204", "1,204,5", "1,204", 7]
    settled = column("number", *cells)
    assert shown(settled) == [
        "1204", "1198", "12345", "1204", "number-doubtful", "not-a-number", "1,204", 7,
    ]  # fmt: skip
    assert (asked(settled).about, asked(settled).rows) == ("number_styles", (6,))
    told = column("number", *cells, number_styles={"X": "decimal-point"})
    assert shown(told)[4] == "1.204"
    told = column("number", *cells, number_styles={"X": "decimal-comma"})
    assert shown(told)[4] == "1204"


def test_a_decimal_comma_is_asked_about_and_then_read() -> None:
    cells = ["12,5%", "1.204,5", "1,204", "80"]
    settled = column("number", *cells)
    assert shown(settled) == [*["number-doubtful"] * 3, "80"]
    told = column("number", *cells, number_styles={"X": "decimal-comma"})
    assert shown(told) == ["12.5%", "1204.5", "1.204", "80"]


def test_a_part_of_one_makes_the_one_beside_it_doubtful() -> None:
    doubt = "percent-or-fraction"
    assert shown(column("percent", 0.97, 1, 0, 50, "50%")) == [doubt, doubt, 0, 50, "50%"]
    assert shown(column("percent", 1, 50)) == [1, 50]
    comma = column("percent", "0,5", 1, number_styles={"X": "decimal-comma"})
    assert shown(comma) == [doubt, doubt]
    fractions = column("percent", 0.97, 1, 50, number_styles={"X": "fraction"})
    assert shown(fractions) == ["97%", "100%", "not-a-fraction"]
    assert shown(column("percent", 0.97, "1", number_styles={"X": "percent"})) == ["0.97%", "1%"]


@pytest.mark.parametrize(
    ("written", "year", "month"),
    [
        ("Jan-24", "", (2024, 1)), ("January 2024", "", (2024, 1)), ("2024-01", "", (2024, 1)),
        ("01/2024", "", (2024, 1)), ("2024-01-01", "", (2024, 1)), ("1/1/2024", "", (2024, 1)),
        ("24-Jan", "", (2024, 1)), ("Sept ’24", "", (2024, 9)), ("Apr", "2023/24", (2023, 4)),
        ("Mar", "2023/24", (2024, 3)), ("March", "2024", (2024, 3)), ("31/01/2024", "", (2024, 1)),
        ("2024-02-29", "", (2024, 2)), ("01-Apr", "2023/24", (2023, 4)),
        ("Apr 2023/24", "", (2023, 4)), ("2023/24 Mar", "", (2024, 3)),
    ],
)  # fmt: skip
def test_a_month_is_known_in_every_form_in_use(
    written: str, year: str, month: tuple[int, int]
) -> None:
    assert month_meant(written, year) == date(*month, 1)


@pytest.mark.parametrize(
    "written",
    [
        "Apr",
        "2024-13",
        "2011-12",
        "15/01/2024",
        "Q1",
        "Good",
        "12",
        "01-Apr",
        "02-Apr",
        "02/01/2024",
    ],
)
def test_what_is_no_month_is_none(written: str) -> None:
    assert month_meant(written) is None


def test_a_grade_that_the_scale_lacks_is_asked_about_with_the_likeliest_first() -> None:
    settled = column("grade", "Good", "RI+", "2", "ri+", "Goood", field=GRADE)
    first = {q.written: q.options[0].value for q in settled.questions}
    assert first == {"RI+": "requires-improvement", "2": "good", "Goood": "good"}
    assert settled.questions[0].rows == (3, 5)
    assert not any(question.needed for question in settled.questions)
    said = {"X": {"ri+": "requires-improvement", "2": LEAVE_OUT, "Goood": ""}}
    told = column("grade", "Good", "RI+", "2", "Goood", field=GRADE, values=said)
    assert shown(told) == ["Good", "requires-improvement", None]
    assert ([row.number for row in told.left_out], told.questions) == ([4], ())
    assert [row.cells[0] for row in told.written.rows] == ["Good", "RI+", "Goood"]


def test_not_applicable_leaves_a_domain_out_on_a_scale_that_has_no_such_point() -> None:
    bare = OFSTED.model_copy(update={"points": OFSTED.points[:4]})
    field = Field("domain:planning", "Planning", kind="grade", scale=bare)
    left_out = ["N/A", "not applicable", "n.a.", "n\\a", "NA", "Not app.", "N/A - unborn baby",
                "Not applicable to this child", "Does not apply"]  # fmt: skip
    stay = ["Good", "Not assessed", "Nancy", "N/A 2"]
    cells = [*left_out, *stay]
    assert shown(column("grade", *cells, field=field)) == [*[None] * len(left_out), *stay]


def test_the_rows_of_a_question_are_told_by_their_sheets() -> None:
    rows = tuple(SheetRow(n, n, ("Fab",)) for n in (2, 3, 1_000_002))
    for titles, places in (
        (("Q1",), "In “X”. Rows 2, 3, 1000002."),
        (("Q1", "Q2"), "In “X”. Row 2 of Q1, row 3 of Q1, row 2 of Q2."),
    ):
        sheet = SheetRows("file", "0", ("X",), rows, sheets=titles)
        settled = settle(sheet, map_columns(sheet, (GRADE,), {"X": "overall"}), (GRADE,), NONE)
        assert [one["hint"] for one in questions_shown(settled.questions, sheet)] == [places]


def test_what_a_word_means_in_several_columns_is_asked_once() -> None:
    planning = Field("domain:planning", "Planning", kind="grade", scale=OFSTED)
    rows = tuple(SheetRow(n, n, ("RI+", grade)) for n, grade in enumerate(("RI+", "Fab"), 2))
    sheet = SheetRows("file", "0", ("Overall", "Planning"), rows)
    known = (GRADE, planning)
    settled = settle(sheet, map_columns(sheet, known, {"Overall": "overall"}), known, NONE)
    shown = questions_shown(settled.questions, sheet)
    assert [(one["headings"], one["hint"]) for one in shown] == [
        (["Overall", "Planning"], "In “Overall” and “Planning”. Rows 2, 3."),
        (["Planning"], "In “Planning”. Row 3."),
    ]


@pytest.mark.parametrize(("overall", "asks"), [("2", True), ("Good", False)])
def test_figures_are_grades_where_the_file_writes_grades_in_figures(
    overall: str, asks: bool
) -> None:
    planning = Field("domain:planning", "Planning", kind="grade", scale=OFSTED)
    rows = tuple(SheetRow(n, n, (overall, cell)) for n, cell in enumerate(("1", "3", "n/a"), 2))
    sheet = SheetRows("file", "0", ("Overall", "Plan quality"), rows)
    known = (GRADE, planning)
    settled = settle(sheet, map_columns(sheet, known, {"Overall": "overall"}), known, NONE)
    assert ("Plan quality" in {one.heading for one in settled.questions}) is asks


def test_every_column_says_what_it_is_read_as_or_why_it_is_left_out() -> None:
    def no_priority(heading: str, texts: Sequence[str]) -> str:
        return "It holds how urgent a row is." if set(texts) <= {"High", "Low"} else ""

    fields = (
        Field("part", "Part", synonyms=("priority",), unlike=no_priority),
        Field("title", "Action", True),
    )
    rows = tuple(SheetRow(n, n, ("High", "Do it", "x", "y")) for n in (2, 3))
    sheet = SheetRows("file", "0", ("Priority", "Actions", "Notes", "Other"), rows)
    mapping = map_columns(sheet, fields, {"Other": "ignore"})
    lines = columns_read(sheet.headings, mapping)
    assert [(line.heading, line.field, line.guess, line.because) for line in lines] == [
        ("Priority", "", False, "It holds how urgent a row is."),
        ("Actions", "title", True, ""),
        ("Notes", "", False, "Nothing is imported under this name."),
        ("Other", "", False, "You left it out."),
    ]
    assert map_columns(sheet, fields, {"Priority": "part"}).headings["part"] == "Priority"


def test_grades_that_are_no_domain_are_named_and_read_only_where_somebody_says_so() -> None:
    planning = Field("domain:planning", "Planning", kind="grade", scale=OFSTED)
    grades = ["RI"] * 4 + ["Fab"]
    rows = tuple(SheetRow(n, n, ("Good", grade)) for n, grade in enumerate(grades, 2))
    sheet = SheetRows("file", "0", ("Overall", "Previous grade"), rows)
    mapping = map_columns(sheet, (GRADE, planning))
    question = asked(settle(sheet, mapping, (GRADE, planning), ImportAnswers()))
    assert (question.about, question.heading, question.needed) == (
        "columns", "Previous grade", False,
    )  # fmt: skip
    values = [option.value for option in question.options]
    assert values == ["ignore", "domain:planning", "domain:previous-grade"]
    told = map_columns(sheet, (GRADE, planning), {"Previous grade": "domain:previous-grade"})
    assert told.headings["domain:previous-grade"] == "Previous grade"
    settled = settle(sheet, told, (GRADE, planning), ImportAnswers())
    assert (asked(settled).about, asked(settled).written) == ("values", "Fab")


def test_of_many_changed_rows_the_first_are_shown_and_only_grades_have_labels() -> None:
    """However many rows changed, the names of few are asked for."""
    cells = (ChangedCell("overall", "good", "inadequate"), ChangedCell("note", "good", "p1"))
    rows = [RowExamined(n, "changed" if n != 3 else "new", cells=cells) for n in range(2, 90_000)]
    first = changed_cells(rows, 4)
    assert [row for row, _ in first] == [2, 2, 4, 4]
    sheet = SheetRows("file", "0", ("Grade", "Note"), (SheetRow(2, 2, ("Good", "good")),))
    known = (GRADE, Field("note", "Note"))
    plan = SheetOutcome(sheet, map_columns(sheet, known, {"Grade": "overall"}), {}, (), ())
    shown = changed_shown(plan, first[:2], known, {"p1": "Ash Tree"})
    assert [(one["label"], one["old"], one["new"]) for one in shown] == [
        ("Grade", "Good", "Inadequate"),
        ("Note", "good", "Ash Tree"),
    ]
