"""Due dates as plans write them, each at its own precision."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.plans.importers.due_dates import parse_due
from qa.core.due_dates import last_due

MARCH = date(2017, 3, 1)


@pytest.mark.parametrize(
    ("written", "kind", "on"),
    [
        ("28/02/2021", "day", date(2021, 2, 28)),
        ("1/3/2021", "day", date(2021, 3, 1)),
        ("01 April 2018", "day", date(2018, 4, 1)),
        ("19 th January 2021", "day", date(2021, 1, 19)),
        (datetime(2021, 3, 31), "day", date(2021, 3, 31)),
        (44286, "day", date(2021, 3, 31)),
        ("30-Sep-16", "day", date(2016, 9, 30)),
        ("30 Sep 16", "day", date(2016, 9, 30)),
        ("2016-09-30 00:00:00", "day", date(2016, 9, 30)),
        ("2016-09-30T23:30:00Z", "day", date(2016, 10, 1)),
        ("January 2017", "month", date(2017, 1, 1)),
        ("by end of March 2017", "month", MARCH),
        ("Oct-16", "month", date(2016, 10, 1)),
        ("2017-03", "month", MARCH),
        ("September 2016 and quarterly", "quarterly", date(2016, 9, 1)),
        ("September 2016 and ongoing", "ongoing", date(2016, 9, 1)),
        ("quarterly from March 2017", "quarterly", MARCH),
        ("Ongoing", "ongoing", None),
    ],
)
def test_one_date_is_kept_at_its_precision(written, kind, on) -> None:
    read = parse_due(written)
    assert read.wrong == ()
    (stage,) = read.stages
    assert (stage.role, stage.label, stage.due.kind, stage.due.on) == ("due", "", kind, on)


@pytest.mark.parametrize(
    ("written", "stages"),
    [
        ("Began September 2016", [("start", "Began", date(2016, 9, 1))]),
        (
            "Stage 1 Core elements: February 2017 Stage 2: all the rest December 2017",
            [
                ("due", "Stage 1 Core elements", date(2017, 2, 1)),
                ("due", "Stage 2: all the rest", date(2017, 12, 1)),
            ],
        ),
        (
            "Training to begin: March 2017 End: March 2018",
            [("start", "Training to begin", MARCH), ("due", "End", date(2018, 3, 1))],
        ),
        (
            "Started April 2016 Project end March 2018",
            [("start", "Started", date(2016, 4, 1)), ("due", "Project end", date(2018, 3, 1))],
        ),
        (
            # Where no end follows, beginning is what is due.
            "Framework agreed: October 2016 Training begins: May 2017",
            [
                ("due", "Framework agreed", date(2016, 10, 1)),
                ("due", "Training begins", date(2017, 5, 1)),
            ],
        ),
        (
            "Phase 1: 1 May 2026; Pilot for 16-18 year old: 1 June 2026",
            [
                ("due", "Phase 1", date(2026, 5, 1)),
                ("due", "Pilot for 16-18 year old", date(2026, 6, 1)),
            ],
        ),
        (
            "Where it was not in place: 1 May 2026; extended to all teams: 1 June 2026",
            [
                ("due", "Where it was not in place", date(2026, 5, 1)),
                ("due", "extended to all teams", date(2026, 6, 1)),
            ],
        ),
    ],
)
def test_several_dates_are_stages_and_a_start_is_no_due_date(written, stages) -> None:
    read = parse_due(written)
    assert read.wrong == ()
    assert [(s.role, s.label, s.due.on) for s in read.stages] == stages


@pytest.mark.parametrize(
    "written",
    [
        "30/09/2016 (was 30/06/2016)",
        "30/09/2016 originally June 2016",
        "30/09/2016 not 1 July 2016",
        "30/09/2016, old deadline 30/06/2016",
        "Was 12/05/2026, now 30/06/2026",
        "Was 12/05/2026, now TBC",
        "Was due by end of May 2026, now 30/06/2026",
        "Original date 31/05/2026; 30/06/2026",
        "Revised from 31/05/2026 to 30/06/2026",
        "Originally 31 May 2026 revised to 30 June 2026",
        "31 March 2026 extended to 30 June 2026",
        "31 March 2026, slipped to end of June 2026",
    ],
)
def test_a_date_that_held_before_does_not_decide(written: str) -> None:
    read = parse_due(written)
    assert [code for code, _ in read.wrong] == ["date-doubtful"]
    (stage,) = read.stages
    assert (stage.due.kind, stage.due.said) == ("unknown", written)


def test_an_end_without_its_date_leaves_the_action_open() -> None:
    read = parse_due("Training to begin: March 2017 End:")
    assert [(s.role, s.label, s.due.kind) for s in read.stages] == [
        ("start", "Training to begin", "month"),
        ("due", "End", "unknown"),
    ]
    assert [code for code, _ in read.wrong] == ["not-a-date"]
    due = last_due(read.stages)
    assert due is not None
    assert due.last_day is None


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("31/06/2021", "“31/06/2021” is not a date: June 2021 has 30 days."),
        ("32 March 2021", "“32 March 2021” is not a date: March 2021 has 31 days."),
        ("Jan-00", "“Jan-00” is what a spreadsheet shows for an empty date."),
        ("2017-13", "“2017-13” is not a month."),
        ("TBC", "“TBC” holds no date."),
        ("2021", "“2021” holds no date."),
        ("May be later", "“May be later” holds no date."),
    ],
)
def test_what_is_no_date_is_kept_as_written_and_reported(written, sentence) -> None:
    read = parse_due(written)
    assert [(s.due.kind, s.due.on, s.due.said) for s in read.stages] == [("unknown", None, written)]
    assert [said for _, said in read.wrong] == [sentence]


def test_a_remark_after_a_date_is_kept_with_it() -> None:
    read = parse_due("March 2017 (if funded)")
    assert [(s.due.on, s.due.said) for s in read.stages] == [(MARCH, "March 2017 (if funded)")]
    assert [code for code, _ in read.wrong] == ["due-remark"]


def test_blank_is_no_date_and_no_fault() -> None:
    assert parse_due(None).stages == parse_due("  ").stages == ()


DATES = st.sampled_from(["March 2017", "31/06/2021", "1/2/2020", "Jan-00", "Oct-16", "2017-02"])
WORDS = st.sampled_from(["Stage 1:", "End:", "Began", "and quarterly", "ongoing", ";", "x", " "])


@settings(max_examples=50)
@given(st.lists(st.one_of(DATES, WORDS, st.text(max_size=5)), max_size=6).map(" ".join))
@example("End: March 2017 End:")
def test_nothing_written_is_lost_and_nothing_raises(written: str) -> None:
    read = parse_due(written)
    kept = " ".join(f"{s.label} {s.due.said}" for s in read.stages)
    assert bool(read.stages) == bool(" ".join(written.split()).strip(" ,;."))
    for dated in ("March 2017", "31/06/2021", "Oct-16"):
        assert kept.count(dated) <= written.count(dated)
    assert all(s.due.said for s in read.stages)
