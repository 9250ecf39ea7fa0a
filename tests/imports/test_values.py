"""What one cell may say, and how headings find their fields."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.files.tables import Cell
from api.imports.mapping import Field, map_headings, parse_map_options, read_map_file
from api.imports.values import (
    parse_child,
    parse_date,
    parse_grade,
    parse_integer,
    parse_text,
    parse_yes_no,
)
from qa.core.errors import Refused
from qa.core.words import Scale, ScalePoint

OFSTED = Scale(
    id="ofsted-4",
    version=1,
    name="Ofsted four-point",
    points=(
        ScalePoint(code="outstanding", label="Outstanding", rank=1, short="O"),
        ScalePoint(code="good", label="Good", rank=2, short="G"),
        ScalePoint(code="requires-improvement", label="Requires improvement", rank=3, short="RI"),
        ScalePoint(code="inadequate", label="Inadequate", rank=4, short="I"),
        ScalePoint(code="not-applicable", label="Not applicable"),
    ),
    met_rank=2,
)


@pytest.mark.parametrize(
    "written",
    [
        "Friday 30 April 2021", "30th of April 2021", "30/Apr/2021",
        "2021-04-30", "2021/04/30", "30/04/2021", "30-04-2021", "30.4.2021", "30/4/21",
        "30 April 2021", "April 30, 2021", "Apr 30th 2021", "30th April 2021",
        "30 th April 2021", "30-Apr-21", "30 Apr. 2021",
        "2021-04-30T00:00:00", "2021-04-30 09:15", "30/04/2021 00:00:00", "44316", 44316,
        44316.0, date(2021, 4, 30), datetime(2021, 4, 30, 14, 0),
    ],
)  # fmt: skip
def test_a_date_is_read_from_every_form_in_use(written: Cell) -> None:
    assert parse_date(written) == date(2021, 4, 30)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("31/06/2021", "“31/06/2021” is not a date: June 2021 has 30 days."),
        ("29/02/2021", "February 2021 has 28 days"),
        ("2021-13-01", "there is no month 13"),
        ("04/30/2021", "there is no month 30."),
        ("March 2021", "“March 2021” is not a date."),
        ("September 2016 and quarterly", "is not a date"),
        ("TBC", "is not a date"),
        ("12", "is not a date"),
        ("00/00/0000", "is not a date"),
        (True, "is not a date"),
        ("01/01/1900", "before 1990"),
        ("10000", "before 1990"),
    ],
)
def test_what_is_no_date_is_refused_with_the_text_as_written(written: Cell, sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_date(written)
    assert sentence in caught.value.sentence


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_day_reads_back_from_every_way_of_writing_it(day: date) -> None:
    for written in (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day} {day:%B %Y}",
        f"{day:%d-%b-%Y}",
        day,
    ):
        assert parse_date(written) == day


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_blank_or_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        assert (parse_date(text) is None) == (not text.strip())


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Good", "good"),
        (" GOOD ", "good"),
        ("g", "good"),
        ("Requires improvement", "requires-improvement"),
        ("requires-improvement", "requires-improvement"),
        ("Requires Improvement to be Good", "requires-improvement"),
        ("RI", "requires-improvement"),
        ("R.I.", None),
        ("Exceeds good", "outstanding"),
        ("n/a", "not-applicable"),
        ("N/A", "not-applicable"),
    ],
)
def test_a_grade_is_known_by_code_label_short_form_and_the_names_in_use(
    written: str, code: str | None
) -> None:
    if code is None:
        with pytest.raises(Refused):
            parse_grade(written, OFSTED)
    else:
        assert parse_grade(written, OFSTED) == code


@pytest.mark.parametrize("written", ["Goood", "2", "amber", "Good/RI", "-"])
def test_what_is_no_grade_is_refused_with_the_grades_there_are(written: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_grade(written, OFSTED)
    assert f"“{written}” is not a grade of Ofsted four-point: Outstanding, Good" in (
        caught.value.sentence
    )


@pytest.mark.parametrize(
    ("written", "answer"),
    [("Yes", True), ("y", True), ("TRUE", True), (True, True), (1, True), ("Agreed", True),
     ("no", False), ("N", False), (False, False), (0, False), ("Not agreed", False)],
)  # fmt: skip
def test_yes_and_no(written: Cell, answer: bool) -> None:
    assert parse_yes_no(written) is answer


@pytest.mark.parametrize(
    ("written", "number"), [("1,200", 1200), ("12", 12), (12.0, 12), ("-3", -3), ("0", 0)]
)
def test_whole_numbers(written: Cell, number: int) -> None:
    assert parse_integer(written) == number


@pytest.mark.parametrize("written", ["12.5", "51.866d", "27% exc Dec", "1,20", True])
def test_what_is_no_whole_number_is_refused(written: Cell) -> None:
    with pytest.raises(Refused):
        parse_integer(written)


@pytest.mark.parametrize("blank", [None, "", "   "])
def test_blank_is_unknown_and_never_nought_or_no(blank: Cell) -> None:
    assert parse_date(blank) is None
    assert parse_grade(blank, OFSTED) is None
    assert parse_yes_no(blank) is None
    assert parse_integer(blank) is None
    assert parse_text(blank) is None
    assert parse_child(blank) is None


def test_a_childs_reference_is_taken_and_a_name_is_refused_without_repeating_it() -> None:
    assert parse_child("CHILD-1007") == "CHILD-1007"
    assert parse_child(123456.0) == "123456"
    for written in ("Jo Bloggs", "Jo", "1 The Street", "x" * 41 + "1"):
        with pytest.raises(Refused) as caught:
            parse_child(written)
        assert written not in caught.value.sentence


def test_text_is_tidied_and_not_endless() -> None:
    assert parse_text("  a \n b ") == "a b"
    with pytest.raises(Refused):
        parse_text("x" * 201)
    with pytest.raises(Refused):
        parse_yes_no("perhaps")


# -- headings

FIELDS = (
    Field("reference", "Audit reference", True, ("audit id", "ref")),
    Field("audit_date", "Date of the audit", True, ("date of audit",)),
    Field("team", "Team"),
)


def test_headings_match_without_case_space_or_punctuation() -> None:
    mapped = map_headings(["AuditID", " Date-of-Audit ", "TEAM"], FIELDS)
    assert mapped.headings == {
        "reference": "AuditID",
        "audit_date": " Date-of-Audit ",
        "team": "TEAM",
    }
    assert (mapped.near, mapped.unmapped, mapped.missing) == ((), (), ())


def test_a_near_miss_is_taken_and_said_to_be_one() -> None:
    mapped = map_headings(["Audit Refrence", "Date of audti", "Shoe size"], FIELDS)
    assert mapped.headings == {"reference": "Audit Refrence", "audit_date": "Date of audti"}
    assert mapped.near == ("reference", "audit_date")
    assert mapped.unmapped == ("Shoe size",)


def test_a_month_in_a_heading_is_no_part_of_its_name() -> None:
    rating = Field("level", "Rating", False, ("rag",))
    found = map_headings(["Ref", "RAG Sep 2026"], (rating,))
    assert (found.headings, found.near) == ({"level": "RAG Sep 2026"}, ("level",))
    assert map_headings(["RAG Sep 2026", "RAG Oct 2026"], (rating,)).headings == {}
    assert map_headings(["RAG 2", "Sep 2026"], (rating,)).headings == {}


def test_what_a_person_says_wins_and_what_is_missing_is_named() -> None:
    said = parse_map_options(["Our = key=reference", "ref=ignore"])
    mapped = map_headings(["ref", "Our = key"], FIELDS, said)
    assert mapped.headings == {"reference": "Our = key"}
    assert mapped.ignored == ("ref",)
    assert [field.name for field in mapped.missing] == ["audit_date"]
    assert "audit_date" in mapped.faults()[0].sentence


def test_a_mapping_that_makes_no_sense_is_refused_with_every_fault() -> None:
    said = {"Nowhere": "team", "a": "planet", "b": "team", "c": "team"}
    with pytest.raises(Refused) as caught:
        map_headings(["a", "b", "c"], FIELDS, said)
    assert [fault.code for fault in caught.value.faults] == [
        "unknown-heading",
        "unknown-field",
        "field-given-twice",
    ]
    label = next(field.label for field in FIELDS if field.name == "team")
    assert f"given as “{label}”" in caught.value.faults[-1].sentence
    with pytest.raises(Refused):
        parse_map_options(["no equals sign", "=team"])


def test_the_column_of_reasons_from_an_earlier_attempt_is_passed_over() -> None:
    mapped = map_headings(["ref", "date of audit", "caseloop_reason"], FIELDS)
    assert (mapped.ignored, mapped.unmapped) == (("caseloop_reason",), ())


def test_a_mapping_file_is_yaml_of_heading_and_field(tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text("Our key: reference\nNotes:\n", encoding="utf-8")
    assert read_map_file(file) == {"Our key": "reference", "Notes": "ignore"}
    for bad in ("- a\n- b\n", "a: [1]\n", "a: 'x\n"):
        file.write_text(bad, encoding="utf-8")
        with pytest.raises(Refused):
            read_map_file(file)
    with pytest.raises(Refused):
        read_map_file(tmp_path / "none.yaml")
