"""Sheets of indicators and their values: what is read, in either shape, and what is refused."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from api.imports.about import AboutPlan
from api.imports.files.tables import SheetRows
from api.imports.reading import read_sheet
from api.indicators.sheets import check_indicators
from api.indicators.value_sheets import Known, check_values, period_meant
from qa.core.errors import Refused
from qa.indicators.definition import IndicatorDefinition

TODAY = date(2021, 1, 19)
SHARE = IndicatorDefinition(
    id="moderated", version=1, name="Moderated", unit="percent", since=date(2020, 4, 1)
)
KNOWN = {"moderated": Known("moderated", lambda day: SHARE)}


def sheet(text: str) -> SheetRows:
    return read_sheet("indicators.csv", text.encode())


def values(text: str | SheetRows, **about: Any) -> Any:
    read = sheet(text) if isinstance(text, str) else text
    return check_values(read, {}, AboutPlan(**about), known=KNOWN, today=TODAY)


def faults(plan: Any) -> list[tuple[int | None, str | None, str]]:
    return [(fault.row, fault.column, fault.code) for fault in plan.faults]


@pytest.mark.parametrize(
    ("heading", "year", "label"),
    [
        ("2020/21 Q3", "", "2020/21 Q3"),
        ("Q3 2020/21", "", "2020/21 Q3"),
        ("Qtr 3 2020-21", "", "2020/21 Q3"),
        ("Q3 20/21", "", "2020/21 Q3"),
        ("31/12/2020", "", "December 2020"),
        ("Q3", "2020/21", "2020/21 Q3"),
        ("Q3", "", ""),
        ("Dec-20", "", "December 2020"),
        ("December 2020", "", "December 2020"),
        ("Actual", "2020/21", ""),
    ],
)
def test_a_heading_is_a_period_in_the_forms_in_use(heading: str, year: str, label: str) -> None:
    assert period_meant(heading, year) == label


def test_a_wide_sheet_has_one_value_a_period_and_blank_is_none() -> None:
    plan = values("KPI,Q1,Q2,Q3,Q4\nmoderated,11%,N/A,27% exc Dec,\n", year="2020/21")
    assert plan.faults == ()
    assert [(row.period, row.state, row.value, row.note) for row in plan.rows] == [
        ("2020/21 Q1", "value", "11", ""),
        ("2020/21 Q2", "not-applicable", "", ""),
        ("2020/21 Q3", "value", "27", "exc Dec"),
    ]


def test_a_long_sheet_may_hold_parts_sources_and_notes_in_columns_of_their_own() -> None:
    plan = values(
        "indicator,period,value,numerator,denominator,source,note\n"
        "moderated,2020/21 Q1,10%,22,214,pack,late\n"
        "moderated,2020/21 Q2,,7,100,,\n"
        "moderated,2020/21 Q3,10% (22/214),,,,\n"
    )
    assert plan.faults == ()
    assert [
        (row.value, row.numerator, row.denominator, row.source, row.note) for row in plan.rows
    ] == [
        ("10", "22", "214", "pack", "late"),
        ("", "7", "100", "", ""),
        ("10", "22", "214", "", ""),
    ]


def test_every_bad_cell_is_named_by_row_and_column_and_nothing_is_guessed() -> None:
    plan = values(
        "indicator,Q1 2020/21,Q2 2020/21,Q4 2020/21\n"
        "moderated,57% 12%,101%,5%\n"
        "unheard-of,1%,2%,\n"
        ",1%,,\n"
        "moderated,4%,,\n"
        "moderated,5% (1/4),,\n"
        "moderated,3%,,\n"
    )
    assert faults(plan) == [
        (2, "Q1 2020/21", "several-values"),
        (2, "Q2 2020/21", "percent-out-of-range"),
        (2, "Q4 2020/21", "period-not-over"),
        (3, "indicator", "indicator-unknown"),
        (4, "indicator", "missing"),
        (6, "Q1 2020/21", "value-and-parts-differ"),
        (7, "Q1 2020/21", "two-values"),
    ]


def test_numbers_under_periods_show_one_another_to_be_doubtful() -> None:
    text = "indicator,Q1 2020/21,Q2 2020/21\nmoderated,1.204,12 345\n"
    assert faults(values(text)) == [
        (2, "Q1 2020/21", "number-doubtful"),
        (2, "Q2 2020/21", "percent-out-of-range"),
    ]


def test_a_day_is_no_period_and_says_so() -> None:
    plan = values("indicator,period,value\nmoderated,24/05/2020,1%\nmoderated,Q1,1%\n")
    assert [(f.row, f.code) for f in plan.faults] == [(2, "unknown-period"), (3, "unknown-period")]
    assert "is a day" in plan.faults[0].sentence
    assert plan.faults[1].sentence == "“Q1” has no year. Say which year the file is of."


def test_parts_of_a_value_are_enough() -> None:
    text = (
        "indicator,period,numerator,out of\nmoderated,2020/21 Q1,12,30\nmoderated,2020/21 Q2,3,\n"
    )
    plan = values(text)
    assert [(row.period, row.numerator, row.denominator) for row in plan.rows] == [
        ("2020/21 Q1", "12", "30"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="period and value"):
        values(text.replace(",out of", ",something"))


def test_how_often_an_indicator_is_given_is_told_in_words_and_a_target_may_be_open() -> None:
    text = "KPI ref,Name,Unit,Frequency,Target,Holds from\n"
    text += (
        "a,A,%,Monthly,TBC,2020-04-01\nb,B,%,quarterly,N/A,2020-04-01\nc,C,%,Yearly,,2020-04-01\n"
    )
    plan = check_indicators(sheet(text), {}, AboutPlan())
    assert [(row.definition["period"], row.target) for row in plan.rows] == [
        ("month", None), ("quarter", None),
    ]  # fmt: skip
    assert faults(plan) == [(4, "Frequency", "word-unknown")]
    assert [question.written for question in plan.questions] == ["Yearly"]


def test_a_row_that_slid_sideways_is_refused_and_not_realigned() -> None:
    plan = values("indicator,Q1 2020/21,Q2 2020/21\n,moderated,86%,79%\n")
    assert [fault.code for fault in plan.faults] == ["shifted-row", "missing"]
    assert plan.rows == ()


def test_a_column_of_notes_with_values_in_it_is_named_and_no_note_is_lost_unsaid() -> None:
    plan = values(
        "indicator,Q1 2020/21,Q2 2020/21,Notes\n"
        "moderated,1%,,4\n"
        "moderated,,2%,88.80% Only collected quarterly\n"
        "moderated,,,Being collected\n"
    )
    assert faults(plan) == [(2, "Notes", "number-for-words")]
    assert [(row.value, row.note) for row in plan.rows] == [
        ("2", "88.80% Only collected quarterly")
    ]
    assert [(note.row, note.code) for note in plan.notes] == [
        (3, "value-in-note"),
        (4, "note-without-value"),
    ]


@pytest.mark.parametrize(("value", "said"), [("21.5", ["unchanged"]), ("100%", []), ("0", [])])
def test_a_value_that_stands_still_is_pointed_out(value: str, said: list[str]) -> None:
    months = ["Apr-20", "May-20", "Jun-20", "Jul-20", "Aug-20", "Sep-20"]
    monthly = SHARE.model_copy(update={"period": "month"})
    plan = check_values(
        sheet(f"indicator,{','.join(months)}\nmoderated{f',{value}' * 6}\n"),
        {},
        AboutPlan(),
        known={"moderated": Known("moderated", lambda day: monthly)},
        today=TODAY,
    )
    assert len(plan.rows) == 6
    assert [note.code for note in plan.notes] == said


def test_months_without_a_year_ask_for_it() -> None:
    with pytest.raises(Refused, match="Say which year, such as 2026/27") as refused:
        values("indicator,Apr,May\nmoderated,4%,5%\n")
    assert refused.value.faults[0].code == "year-missing"


def test_an_indicator_without_a_name_is_called_as_it_is_written() -> None:
    (row,) = check_indicators(
        sheet("Indicator,Unit\nVisits in time %,percent\n"), {}, AboutPlan(since=date(2021, 1, 1))
    ).rows
    assert (row.reference, row.definition["name"]) == ("visits-in-time", "Visits in time %")


def test_a_scorecard_gives_its_indicators_by_the_months_that_it_has() -> None:
    text = "KPI,Unit,Good is,Apr,May,Target,What the value should do (not in the file)\n"
    text += "Visits,%,higher,81,83,90,at least\nReferrals,count,,12,14,,at least\n"
    said = {"What the value should do (not in the file)": "comparator"}
    plan = check_indicators(sheet(text), said, AboutPlan(since=date(2021, 1, 1)))
    assert not plan.faults
    assert [one.code for one in plan.notes] == ["period-taken"]
    assert [(r.definition["period"], r.target and r.target["of"]) for r in plan.rows] == [
        ("month", "90"),
        ("month", None),
    ]


def test_a_file_without_periods_is_refused_as_a_whole() -> None:
    with pytest.raises(Refused, match="no heading is a period"):
        values("indicator,Result\nmoderated,4%\n")


def test_what_excel_shows_as_a_per_cent_is_a_per_cent() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["indicator", "2020/21 Q1", "2020/21 Q2", "2020/21 Q3"])
    page.append(["moderated", 0.177, 0.27, 27])
    page["B2"].number_format = "0.00%"
    out = io.BytesIO()
    book.save(out)
    plan = values(read_sheet("kpis.xlsx", out.getvalue()))
    assert [row.value for row in plan.rows] == ["17.70", "27"]
    assert faults(plan) == [(2, "2020/21 Q2", "percent-or-fraction")]


def test_definitions_come_with_their_targets_and_faults_at_their_columns() -> None:
    plan = check_indicators(
        sheet(
            "kpi,label,unit,direction,comparator,target,since\n"
            "audits_done,Audits done,%,higher,gte,100,2020-04-01\n"
            "placed,Placed with parents,count,lower,reduce_by_percent_per_year,20,2020-04-01\n"
            "watched,Watched,percent,,monitor,,2020-04-01\n"
            "open,Open,count,,none,,2020-04-01\n"
            "bad,Bad,furlongs,sideways,gte,,2020-04-02\n"
            "late,Late,percent,higher,gte,seventy,2020-04-02\n"
            "audits_done,Audits done,%,higher,gte,100,2020-04-01\n"
        ),
        {"direction": "polarity"},
        AboutPlan(),
    )
    found = {row.reference: row for row in plan.rows}
    assert set(found) == {"audits-done", "placed", "watched", "open"}
    placed = found["placed"].target_draft
    assert placed is not None
    assert (placed.comparator, placed.of) == ("change-by-percent-a-year", "-20")
    assert found["open"].target is None
    assert found["audits-done"].draft.polarity == "higher"
    assert faults(plan) == [
        (6, "unit", "word-unknown"),
        (6, "direction", "word-unknown"),
        (7, "target", "not-a-number"),
        (7, "since", "since-mid-period"),
        (8, "kpi", "duplicate-row"),
    ]
