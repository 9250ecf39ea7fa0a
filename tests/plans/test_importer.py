"""Sheets of a plan: what is read, what is named and refused, and that nothing is guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.columns.settling import settle
from api.imports.files.tables import SheetRows
from api.imports.mapping import map_columns
from api.imports.reading import read_sheet
from api.plans.importers import openings
from api.plans.importers.assessments import check_assessments
from api.plans.importers.rag_scales import check_scale, read_scale, scale_of
from api.plans.importers.sheets import FIELDS, check_plan, parse_sources
from api.plans.importers.success_measures import check_measures, check_reports
from qa.core.errors import Refused
from tests.plans.support import FOUR
from tests.support.given import codes_of

TODAY = date(2026, 3, 2)


def sheet(*lines: str) -> SheetRows:
    return read_sheet("plan.csv", "\n".join(lines).encode())


def codes(found) -> list[tuple[int | None, str, str]]:
    return [(fault.row, fault.field, fault.code) for fault in found]


def assessed(*lines: str, as_at: date | None = date(2026, 1, 31)):
    return check_assessments(sheet(*lines), scale_on=lambda day: FOUR, as_at=as_at, today=TODAY)


def test_a_row_may_name_two_tiers_its_leads_sources_and_measures() -> None:
    plan = check_plan(
        sheet(
            "Theme,Theme title,Recommendation,Recommendation title,Action ref,Action,Leads,Source,"
            "Success measures,Due",
            "1,Scrutiny,1.4,Advocacy,1.4-01,Offer advocacy,Head of Service; Team manager,"
            "Ofsted recommendation 11; complaint 4,All are offered; Most take part,March 2026",
        )
    )
    (row,) = plan.rows
    assert plan.faults == plan.notes == ()
    assert (row.theme, row.part) == (("1", "Scrutiny"), ("1.4", "Advocacy"))
    assert (row.reference, row.title) == ("1.4-01", "Offer advocacy")
    assert row.leads == ("Head of Service", "Team manager")
    assert [(one.kind, one.reference) for one in row.sources] == [
        ("ofsted", "11"),
        ("complaint", "4"),
    ]
    assert row.measures == ("All are offered", "Most take part")


def test_a_shifted_row_is_refused_and_not_realigned() -> None:
    plan = check_plan(
        sheet(
            "Ambition,Ref,Action,Lead,Due",
            "1,1.1,Coach managers,Head of Service,March 2026",
            "1,1.2,86%,79%,84%",
            ",1,1.3,Refresh the tool,March 2026",
        )
    )
    assert [row.reference for row in plan.accept(skip_bad=True)] == ["1.1"]
    assert codes(plan.faults) == [
        (3, "title", "number-for-words"),
        (3, "leads", "number-for-words"),
        (4, "part", "missing"),
        (4, "title", "number-for-words"),
    ]


def test_actions_are_named_once_and_have_words() -> None:
    plan = check_plan(
        sheet(
            "Ambition,Ref,Action,Implied",
            "1,1.1,Coach managers,no",
            "1,1.1,Something else,no",
            "1,1.2,,no",
            "1,,No reference,no",
            "2,2.1,,yes",
            "2026-01-02,2.2,Third,no",
        )
    )
    assert codes(plan.faults) == [
        (2, "reference", "duplicate-reference"),
        (3, "reference", "duplicate-reference"),
        (4, "title", "missing"),
        (5, "reference", "missing"),
        (7, "part", "date-for-reference"),
    ]
    assert [(row.reference, row.implied) for row in plan.accept(skip_bad=True)] == [("2.1", True)]


def test_a_bare_number_is_a_recommendation_and_a_source_unknown_is_other() -> None:
    found = parse_sources("11; the chief executive; peer review 2")
    assert [(one.kind, one.reference, one.text) for one in found] == [
        ("ofsted", "11", ""),
        ("other", "", "the chief executive"),
        ("review", "2", "peer review 2"),
    ]


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("Amber", "amber"), ("2", "amber"), ("0", "not-rated"), ("Not yet rated", "not-rated"),
        ("not-rated", "not-rated"),
    ],
)  # fmt: skip
def test_a_rating_is_a_level_its_rank_or_that_there_is_none_yet(cell: str, level: str) -> None:
    plan = assessed("Ref,RAG,Comment", f"1.1,{cell},Said")
    assert [(row.level, row.said) for row in plan.rows] == [(level, cell)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("green,Now 83% are seen.,Target 90% seen", ["target-missed"]),
        ("green,85% in a day. Target: 95%,", ["target-missed"]),
        ("amber,85% in a day. Target: 95%,", []),
        ("green,96% are seen. Target 90%,", []),
        ("green,83% seen and 85% heard,Target 90% seen", []),
        ("green,83% are seen,Target 80% seen and target 90% heard", []),
        ("amber,71.5% on time 94% late and 4.5% not held,", ["parts-do-not-add-up"]),
        ("amber,71.5% on time 24% late and 4.5% not held,", []),
        ("amber,93.8% on time. 30% good and 10% inadequate,", []),
    ],
)
def test_what_a_reviewer_should_look_at_in_a_commentary(line: str, found: list[str]) -> None:
    plan = assessed("Ref,RAG,Progress,Success measure", f"1.1,{line}")
    assert [note.code for note in plan.notes] == found
    assert not plan.faults


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ("1.1,purple,,", "level", "level-unknown"),
        ("1.1,7,,", "level", "out-of-scale"),
        ("1.1,-1,,", "level", "out-of-scale"),
        ("1.1,amber,120,", "percent_complete", "percent-out-of-range"),
        ("1.1,amber,0.75,", "percent_complete", "percent-or-fraction"),
        ("1.1,amber,most,", "percent_complete", "not-a-number"),
        ("1.1,amber,,perhaps", "difference", "not-a-difference"),
        (",amber,,", "reference", "missing"),
    ],
)
def test_what_is_no_rating_is_named(line: str, field: str, code: str) -> None:
    plan = assessed("Ref,RAG,% complete,Making a difference", line)
    assert codes(plan.faults) == [(2, field, code)]
    assert plan.rows == ()


def test_a_row_that_says_nothing_brings_nothing_and_nought_per_cent_is_something() -> None:
    plan = assessed("Ref,RAG,% complete", "1.1,,", "1.2,,0%")
    assert [(row.reference, row.percent_complete) for row in plan.rows] == [("1.2", 0)]
    assert codes(plan.notes) == [(2, "level", "nothing-said")]


def test_a_rating_in_other_words_is_asked_about() -> None:
    plan = assessed("Ref,RAG", "1.1,Amber/Red", "1.2,amber/red")
    (question,) = plan.questions
    assert (question.heading, question.rows, question.needed) == ("RAG", (2, 3), False)
    assert question.written.casefold() == "amber/red"
    assert question.options[0].value == "amber"


def test_progress_in_words_is_commentary_and_in_numbers_a_per_cent() -> None:
    (words,) = assessed("Ref,Progress", "1.1,Drafted").rows
    (number,) = assessed("Ref,Progress", "1.1,40%").rows
    assert (words.commentary, words.percent_complete) == ("Drafted", None)
    assert (number.commentary, number.percent_complete) == ("", 40)


def test_a_priority_of_high_or_low_is_no_part_of_a_plan() -> None:
    sheet = read_sheet("plan.csv", b"Ref,Action,Priority,Ambition\n1,Coach,High,A\n2,Go,Low,A\n")
    plan = check_plan(sheet)
    assert [row.part for row in plan.rows] == [("A", ""), ("A", "")]
    assert plan.mapping.because == {
        "Priority": "It says how urgent each row is, which is no part of a plan."
    }


@pytest.mark.parametrize(
    ("priorities", "parts"),
    [
        (["High (1)", "2 - Medium", ""], 0),
        (["Must have", "Should have", "TBC"], 0),
        (["P1", "P2", "P1"], 0),
        (["1", "1", "2"], 2),
        (["Priority 1", "Priority 2", "Priority 3"], 3),
    ],
)
def test_what_a_column_called_priority_holds_says_whether_it_names_parts(
    priorities: list[str], parts: int
) -> None:
    rows = "".join(f"{n},Coach,{one}\n" for n, one in enumerate(priorities, 1))
    plan = check_plan(read_sheet("plan.csv", f"Ref,Action,Priority\n{rows}".encode()))
    assert len({row.part for row in plan.rows if row.part}) == parts
    assert not plan.faults


def test_parts_by_number_are_parts_in_any_order() -> None:
    plan = check_plan(read_sheet("plan.csv", b"Ref,Action,Part\n1,Coach,1\n2,Go,2\n3,See,1\n"))
    assert [row.part for row in plan.rows] == [("1", ""), ("2", ""), ("1", "")]


def test_themes_alone_are_the_parts_of_a_plan_of_one_tier() -> None:
    plan = check_plan(read_sheet("plan.csv", b"Ref,Action,Theme\n1,Coach,Visits\n2,Go,Records\n"))
    found = openings.of_tiers(plan, AboutPlan(), None)
    assert [(row.part, row.theme) for row in found.rows] == [
        (("Visits", ""), None),
        (("Records", ""), None),
    ]
    assert found.notes == ()
    both = check_plan(read_sheet("plan.csv", b"Ref,Action,Theme,Part\n1,Coach,Visits,A\n"))
    assert openings.of_tiers(both, AboutPlan(), None) is both


def test_due_dates_that_another_shows_to_be_doubtful_are_kept_as_unknown() -> None:
    sheet = read_sheet("plan.csv", b"Ref,Action,Part,Due\n1,Go,A,1/2/18\n2,Go,A,01/16/2018\n")
    settled = settle(sheet, map_columns(sheet, FIELDS), FIELDS, ImportAnswers())
    plan = check_plan(settled.sheet)
    assert [row.stages[0].due.kind for row in plan.rows] == ["unknown", "unknown"]
    assert [(note.row, note.code) for note in plan.notes] == [
        (2, "date-doubtful"),
        (3, "date-doubtful"),
    ]


def test_reviews_need_a_day_that_is_not_in_the_future_and_one_a_day() -> None:
    with pytest.raises(Refused) as refused:
        assessed("Ref,RAG", "1.1,red", as_at=None)
    assert refused.value.faults[0].field == "as_at"
    plan = assessed(
        "Ref,RAG,As at", "1.1,red,31/01/2026", "1.1,amber,31/01/2026", "1.1,red,01/04/2026"
    )
    assert codes(plan.faults) == [
        (3, "reference", "duplicate-reference"),
        (4, "as_at", "in-the-future"),
    ]


def test_two_targets_for_one_indicator_are_both_taken_and_named() -> None:
    plan = check_measures(
        sheet(
            "Action,Success measure,Comparator,Target,Unit,Indicator",
            "1.1,70% attend,at least,70%,percent,attend_reviews",
            "2.1,50% attend,>=,50,%,attend_reviews",
            "2.2,Fewer complaints,reduction,,count,",
            "2.3,Better,nearly,,count,",
        )
    )
    assert [(row.comparator, row.target, row.indicator) for row in plan.rows] == [
        ("gte", Decimal(70), "attend-reviews"),
        ("gte", Decimal(50), "attend-reviews"),
        ("decrease", None, None),
    ]
    assert codes(plan.notes) == [(3, "target", "two-targets")]
    assert codes(plan.faults) == [(5, "comparator", "comparison-unknown")]


def test_a_value_na_words_and_blank_are_four_states() -> None:
    plan = check_reports(
        sheet(
            "Action,Value,Unit,Rule",
            "1.1,27% exc Dec,percent,",
            "1.2,N/A,,",
            "1.3,Not commissioned,,",
            '1.4,"",,',
            "1.5,73; 89,count,ambiguous",
            "1.6,22/214 (10%),,",
            "1.7,82% and 46%,,",
        )
    )
    assert [(row.state, row.values, row.note) for row in plan.rows[:4]] == [
        ("value", (Decimal(27),), "exc Dec"),
        ("not-applicable", (), ""),
        ("no-value", (), ""),
        ("blank", (), ""),
    ]
    several, parts = plan.rows[4:]
    assert (several.values, several.answers) == ((Decimal(73), Decimal(89)), "either")
    assert (parts.values, parts.numerator, parts.denominator) == ((Decimal(10),), 22, 214)
    assert [fault.row for fault in plan.faults] == [8]


def test_parts_that_do_not_add_up_leave_their_total_as_published() -> None:
    plan = check_reports(
        sheet("Action,Figure id,Part of,Value", "1,t,,13", "1,a,t,5", "1,b,t,5", "1,c,t,4")
    )
    assert plan.rows[0].values == (Decimal(13),)
    assert plan.rows[0].note == "The parts given add up to 14, not to 13."
    assert codes(plan.notes) == [(2, "values", "parts-do-not-add-up")]


def test_a_scale_from_yaml_or_a_sheet_is_the_same() -> None:
    yaml = b"""scale_id: board
version: 2
levels:
  - {code: Red, rank: 1, meaning: Off track.}
  - {code: Not rated, rank: null, meaning: Nobody has looked.}
  - {code: Green, rank: 2, meaning: Done., met: true}
"""
    rows, about = read_scale("scale.yaml", yaml)
    scale = scale_of(check_scale(rows), about)
    assert (scale.key, scale.name) == ("board@2", "Board")
    assert [(one.code, one.rank, one.met) for one in scale.levels] == [
        ("red", 1, False),
        ("not-rated", None, False),
        ("green", 2, True),
    ]
    lines = sheet(
        "Level,Rank,Meaning,Met", "Red,1,Off track.,", "Not rated,,Nobody has looked.,",
        "Green,2,Done.,yes",
    )  # fmt: skip
    assert scale_of(check_scale(lines), {"id": "board", "version": "2"}) == scale


def test_levels_without_ranks_are_ordered_by_what_is_said_of_their_list() -> None:
    yaml = b"""scale_id: status-2018
status_rag:
- {code: complete, meaning: Complete, colour: null}
- {code: on_schedule, meaning: In progress and on schedule, colour: null}
- {code: overdue, meaning: Overdue, colour: null}
percent_complete: [25, 50]
"""
    rows, about = read_scale("status.yaml", yaml)
    levels = check_scale(rows)
    assert codes_of(lambda: scale_of(levels, about)) == ["ranks-missing"]
    for best, order in (("first", [3, 2, 1]), ("last", [1, 2, 3])):
        scale = scale_of(levels, {**about, "best": best})
        assert [one.rank for one in scale.levels] == order
        assert (scale.key, scale.best, scale.levels[1].label) == (
            "status-2018@1", "highest", "On schedule",
        )  # fmt: skip
    ranked = check_scale(sheet("Level,Rank,Meaning", "Red,1,Off", "Green,2,On"))
    assert codes_of(lambda: scale_of(ranked, {"id": "x", "best": "first"})) == ["ranks-given"]


def test_a_scale_that_is_none_is_refused_with_every_fault() -> None:
    plan = check_scale(
        sheet("Level,Rank,Meaning,Colour", "Red,one,Off,", "Amber,2,,", "Green,3,On,pink")
    )
    assert codes(plan.faults) == [
        (2, "rank", "not-a-number"),
        (3, "meaning", "missing"),
        (4, "colour", "level-malformed"),
    ]
    amber = check_scale(sheet("Level,Rank,Meaning,Colour", "Amber,2,Risk,Amber"))
    assert [row.level.colour for row in amber.rows] == ["orange"], "as the pages draw it"
    same = check_scale(sheet("Level,Rank,Meaning", "Red,1,Off", "Green,1,On"))
    with pytest.raises(Refused, match="each rank once"):
        scale_of(same, {"id": "board"})
    with pytest.raises(Refused):
        scale_of(same, {})
    for wrong in (b"levels: [1, 2]", b"a: [", b"- x", b"\xff\xfe\x00"):
        with pytest.raises(Refused):
            read_scale("scale.yml", wrong)


def test_a_file_of_a_scale_holds_levels_that_make_one() -> None:
    for wrong in (
        b"levels: [1, 2]", b"a: [", b"- x", b"\xff\xfe\x00", b"a: [{code: x}]\nb: [{code: y}]",
    ):  # fmt: skip
        assert codes_of(lambda wrong=wrong: read_scale("s.yaml", wrong)) == ["bad-scale"]  # type: ignore[misc]
    amber = check_scale(sheet("Level,Rank,Meaning,Colour", "Amber,2,Risk,Amber"))
    assert [row.level.colour for row in amber.rows] == ["orange"], "as the pages draw it"
    same = check_scale(sheet("Level,Rank,Meaning", "Red,1,Off", "Green,1,On"))
    assert codes_of(lambda: scale_of(same, {"id": "board"})) == ["scale-malformed"]
