"""Imports of plans meet what is on record: the same adds nothing, other values are named, and a
batch can be undone and brought in again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, Kind, run
from api.plans.importers.meant import find_plan
from projections.plans import queries, ratings
from qa.core.errors import NotNow, Refused
from qa.imports.changes import as_text
from qa.plans.action_commands import AssessPlanAction, RewordPlanAction
from qa.plans.commands import BeginRagScale
from qa.plans.events import PlanSource
from qa.plans.handlers import actions as actions_commands
from qa.plans.handlers import rag_scales, reviews
from tests.plans.support import ACTIONS, CORRECT, FOUR, PLAN, bring, by_reference, record, undo
from tests.plans.support import planned as planned
from tests.support.council import Council

pytestmark = pytest.mark.one_database

SOURCED = (
    "Ambition,Ambition title,Ref,Action,Due,Success measures,Source\n"
    "1,Practice,1.2,Refresh,March 2026,,Inspection\n"
    "2,Help,2.1,Step down,ongoing,,\n"
)
RATINGS = "Ref,RAG,As at\n1.1,amber,31/01/2026\n1.2,red,31/01/2026\n1.1,green,28/02/2026\n"


@pytest.mark.both_databases
def test_a_plan_is_opened_with_its_parts_actions_and_measures(planned: Council) -> None:
    held = record(planned)
    assert (held.plan.title, held.plan.tiers) == ("Getting better", ("Ambition",))
    assert [(part.reference, part.title) for part in held.top()] == [
        ("1", "Practice"),
        ("2", "Help"),
    ]
    actions = by_reference(held)
    assert {ref: action.due.label for ref, action in actions.items()} == {
        "1.1": "31 March 2026",
        "1.2": "March 2026",
        "2.1": "ongoing",
    }
    assert [one.text for one in held.measures[actions["1.1"].id]] == ["All are coached"]


def test_the_same_file_adds_nothing_also_after_words_changed_here(planned: Council) -> None:
    head = planned.services.store.head()
    assert bring(planned, "plan", ACTIONS)["batch"] is None
    assert planned.services.store.head() == head
    action = by_reference(record(planned))["1.1"].id
    actions_commands.reword(
        planned.services.desk,
        RewordPlanAction(action=action, title="Coach well", reason="Clearer to readers."),
        by=planned.actor("lead"),
    )
    assert bring(planned, "plan", ACTIONS)["already_there"] == 3


def test_a_row_on_record_with_other_values_refuses_the_file(planned: Council) -> None:
    head = planned.services.store.head()
    with pytest.raises(Refused) as refused:
        bring(planned, "plan", ACTIONS.replace("Refresh", "Else").replace("Help", "Other"))
    assert [(f.row, f.code) for f in refused.value.faults] == [
        (3, "already-imported-otherwise"),
        (4, "already-imported-otherwise"),
    ]
    assert planned.services.store.head() == head
    more = ACTIONS + "2,Help,2.2,New,,\n"
    assert bring(planned, "plan", more)["imported"] == 1


def test_ratings_meet_the_rules_of_ratings(planned: Council) -> None:
    assert bring(planned, "assessments", RATINGS)["imported"] == 3
    assert bring(planned, "assessments", RATINGS)["batch"] is None
    wrong = (
        "Ref,RAG,As at\n1.1,red,31/01/2026\n9.9,red,31/01/2026\n1.2,red,31/03/2025\n"
        "2.1,blue,31/01/2026\n"
    )
    shown = run(
        planned.services,
        "assessments",
        read_sheet("f.csv", wrong.encode()),
        ImportChoices(about=PLAN, dry_run=True),
        by=planned.actor("lead"),
    )
    assert [(f.row, f.code) for f in shown.plan.faults] == [
        (2, "already-imported-otherwise"),
        (3, "action-unknown"),
        (4, "date-before-action"),
        (5, "evidence-owed"),
    ]
    left = bring(planned, "assessments", wrong, answers=ImportAnswers(refused="leave-out"))
    assert (left["imported"], left["rejected"]) == (0, 4)


MEASURES = "Action,Measure,Comparator,Target,Unit\n1.1,Coached,gte,90,percent\n"


@pytest.mark.parametrize(
    ("kind", "text", "was", "now", "field"),
    [
        ("plan", ACTIONS, "Refresh", "Refresh all", "title"),
        ("plan", ACTIONS, "March 2026", "June 2026", "stages"),
        ("plan", ACTIONS, "Help", "Early help", "part_title"),
        ("assessments", RATINGS, "red", "amber", "level"),
        ("measures", MEASURES, "90", "95", "target"),
    ],
)
def test_what_a_later_file_states_otherwise_is_a_correction(
    planned: Council, kind: Kind, text: str, was: str, now: str, field: str
) -> None:
    bring(planned, kind, text)
    later = text.replace(was, now)
    sheet, lead = read_sheet("file.csv", later.encode()), planned.actor("lead")
    shown = run(planned.services, kind, sheet, ImportChoices(about=PLAN, dry_run=True), by=lead)
    (changed,) = (row for row in shown.rows if row.state == "changed")
    assert field in {cell.field for cell in changed.cells}
    made = bring(planned, kind, later, answers=CORRECT)
    assert (made["imported"], made["corrected"]) == (0, 1)
    again = bring(planned, kind, later)
    assert (again["batch"], again["rejected"]) == (None, 0)
    undo(planned, made["batch"])
    assert bring(planned, kind, text)["batch"] is None


def test_what_was_said_and_a_scale_that_nobody_uses_are_taken_back(planned: Council) -> None:
    for _ in range(2):
        measured = bring(planned, "measures", MEASURES)
        assert measured["imported"] == 1
        undo(planned, measured["batch"])
        held = record(planned)
        measures = held.measures[by_reference(held)["1.1"].id]
        texts = [one.text for one in measures if one.withdrawn_on is None]
        assert texts == ["All are coached"]
    bring(planned, "measures", MEASURES)
    text = "Action,Measure ref,Value\n1.1,Coached,93%\n"
    said = bring(planned, "measure-reports", text)
    undo(planned, said["batch"])
    assert bring(planned, "measure-reports", text)["imported"] == 1
    levels = "Level,Rank,Meaning,Colour\nBad,1,Off track,red\nFine,2,On track,green\n"
    about = AboutPlan(of_scale={"id": "spare", "version": "1", "name": "Spare"})
    for _ in range(2):
        published = bring(planned, "rag-scale", levels, about)
        assert published["imported"] == 2
        undo(planned, published["batch"])
    with planned.services.store.reading() as connection:
        assert "spare@1" not in queries.scales(connection)


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ("1,Practice,1.2", "2,Help,1.2", "action-fixed"),
        ("Refresh,March 2026,,Inspection", "Refresh,March 2026,,Review", "action-fixed"),
        ("3,Third,2,Help", "3,Third,1,Coaching", "part-elsewhere"),
    ],
)
def test_what_no_file_changes_is_offered_as_no_correction(
    planned: Council, was: str, now: str, code: str
) -> None:
    about = AboutPlan(plan="Other", board="Board", scale=FOUR.key, since=date(2025, 4, 1))
    text = {
        "3,Third,2,Help": "Ambition,Ambition title,Theme,Theme title,Ref,Action,Due\n"
        "1,Practice,1.1,Coaching,1.1.1,Coach,March 2026\n3,Third,2,Help,2.1,Step down,ongoing\n"
    }.get(was, SOURCED)
    bring(planned, "plan", text, about)
    later, lead = text.replace(was, now), planned.actor("lead")
    for answers in (ImportAnswers(), CORRECT):
        sheet = read_sheet("file.csv", later.encode())
        choices = ImportChoices(about=about, answers=answers, dry_run=True)
        shown = run(planned.services, "plan", sheet, choices, by=lead)
        assert [fault.code for fault in shown.plan.faults] == [code]
        assert (shown.counted("refused"), shown.plan.questions) == (1, ())
    leaving = CORRECT.model_copy(update={"refused": "leave-out"})
    left = bring(planned, "plan", later, about, answers=leaving)
    assert (left["corrected"], left["rejected"]) == (0, 1)


TRACKER = "Ref,Action,Priority,Start date,Due\n1,Coach,High,01/06/2025,ongoing\n2,Go,Low,,ongoing\n"


def test_a_plan_without_parts_comes_in_with_the_days_on_which_its_actions_began(
    planned: Council,
) -> None:
    flat = replace(PLAN, plan="Tracker")
    made = bring(planned, "plan", TRACKER, flat)
    assert made["imported"] == 2
    with planned.services.store.reading() as connection:
        held = find_plan(connection, "Tracker")
    assert held is not None
    assert [(part.tier, part.title) for part in held.top()] == [("Part", "All actions")]
    began = {ref: one.since for ref, one in by_reference(held).items()}
    assert began == {"1": date(2025, 6, 1), "2": date(2025, 4, 1)}
    grown = TRACKER.replace("01/06/2025", "") + "3,New,Low,02/07/2025,ongoing\n"
    again = bring(planned, "plan", grown, flat)
    assert (again["imported"], again["already_there"]) == (1, 2)
    for batch in (again["batch"], made["batch"]):
        undo(planned, batch)
    with planned.services.store.reading() as connection:
        assert find_plan(connection, "Tracker") is None


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("31/03/2025", "date-before-plan"),
        ("01/06/2099", "date-future"),
        ("02/06/2025", "action-fixed"),
    ],
)
def test_when_an_action_began_is_checked_and_stays(planned: Council, day: str, code: str) -> None:
    bring(planned, "plan", TRACKER, replace(PLAN, plan="Tracker"))
    about = replace(PLAN, plan="Tracker" if code == "action-fixed" else "Another")
    with pytest.raises(Refused) as refused:
        bring(planned, "plan", TRACKER.replace("01/06/2025", day), about, answers=CORRECT)
    assert [(fault.row, fault.code) for fault in refused.value.faults] == [(2, code)]


def test_of_several_parts_none_is_chosen_for_an_action(planned: Council) -> None:
    with pytest.raises(Refused) as refused:
        bring(planned, "plan", "Ref,Action\n1.1,Coach\n9,New\n")
    assert [(fault.row, fault.code) for fault in refused.value.faults] == [(3, "part-missing")]


MEASURED = (
    "Priority,Action,Success measure,Timescale,RAG\n"
    "1,{action} one,Posts are filled,Jan-26,amber\n"
    ",,Caseloads are 18,Mar-26,red\n"
    "2,{action} two,Visits in time,Jun-26,green\n"
)
SAID = {"Priority": "theme", "Action": "part_title", "Success measure": "title"}


def test_measures_with_a_date_and_a_rating_each_stand_under_one_action(planned: Council) -> None:
    action = "Recruit and keep the social workers whom families need to know year by year:"
    text = MEASURED.format(action=action)
    about = replace(PLAN, plan="By measure", as_at=date(2026, 1, 31))
    made = ImportAnswers(columns=SAID, reference_from=("Success measure",))
    sheet = read_sheet("file.csv", text.encode())
    choices = ImportChoices(about=about, answers=made, dry_run=True)
    asked = run(planned.services, "plan", sheet, choices, by=planned.actor("lead"))
    assert [(one.heading, one.written, one.rows) for one in asked.plan.questions] == [
        ("Priority", "", (3,)),
        ("Action", "", (3,)),
    ]
    assert asked.counted("refused") == 1
    above = {heading: {"": "as-above"} for heading in ("Priority", "Action")}
    said = made.model_copy(update={"values": above})
    assert bring(planned, "plan", text, about, answers=said)["imported"] == 3
    rated = said.model_copy(update={"columns": {"Action": "ignore"}, "values": {}})
    assert bring(planned, "assessments", text, about, answers=rated)["imported"] == 3
    with planned.services.store.reading() as connection:
        held = find_plan(connection, "By measure")
    assert held is not None
    by_part: dict[str, list[tuple[str, str]]] = {}
    for one in held.actions.values():
        by_part.setdefault(held.parts[one.part].title, []).append((one.title, one.due.label))
    assert by_part == {
        f"{action} one": [("Posts are filled", "January 2026"), ("Caseloads are 18", "March 2026")],
        f"{action} two": [("Visits in time", "June 2026")],
    }
    assert held.plan.tiers == ("Priority", "Action")


def test_a_part_has_one_title_in_a_file(planned: Council) -> None:
    twice = ACTIONS + "3,Third,3.1,New,ongoing,\n3,Other,3.2,Newer,ongoing,\n"
    with pytest.raises(Refused) as refused:
        bring(planned, "plan", twice, answers=CORRECT)
    assert [(f.row, f.code) for f in refused.value.faults] == [(6, "duplicate-reference")]


def test_changed_dates_are_told_as_dates(planned: Council) -> None:
    sheet = read_sheet("file.csv", ACTIONS.replace("March 2026", "June 2026").encode())
    lead = planned.actor("lead")
    shown = run(planned.services, "plan", sheet, ImportChoices(about=PLAN, dry_run=True), by=lead)
    (changed,) = (row for row in shown.rows if row.state == "changed")
    assert changed.cells == (("stages", "March 2026", "June 2026"),)
    sources = (PlanSource(kind="other", text="Inspection"), PlanSource(kind="ofsted"))
    assert as_text(sources) == "other Inspection; ofsted"


def test_a_second_target_for_a_measure_of_an_action_is_refused(planned: Council) -> None:
    text = "Action,Measure,Comparator,Target,Unit\n1.1,Coached,gte,90,percent\n"
    assert bring(planned, "measures", text)["imported"] == 1
    assert bring(planned, "measures", text)["batch"] is None
    twice = text.replace("Coached", "Seen") + "1.1,seen,gte,80,percent\n"
    with pytest.raises(Refused) as refused:
        bring(planned, "measures", twice)
    assert [(f.row, f.code) for f in refused.value.faults] == [(3, "measure-two-targets")]


def test_what_is_said_of_a_measure_names_it_and_is_said_once(planned: Council) -> None:
    text = "Action,Measure ref,Value\n1.1,All are coached,93%\n1.2,,N/A\n"
    assert bring(planned, "measure-reports", text)["imported"] == 2
    assert bring(planned, "measure-reports", text)["batch"] is None
    with pytest.raises(Refused) as refused:
        bring(planned, "measure-reports", "Action,Measure ref,Value\n1.1,No such,93%\n")
    assert refused.value.faults[0].code == "measure-unknown"


def test_undoing_takes_out_what_the_batch_brought_and_no_more(planned: Council) -> None:
    rated = bring(planned, "assessments", RATINGS)["batch"]
    later = bring(planned, "plan", ACTIONS + "2,Help,2.2,New,,\n3,Third,3.1,Newer,,\n")["batch"]
    action = by_reference(record(planned))["1.2"].id
    reviews.assess(
        planned.services.desk,
        AssessPlanAction(action=action, as_at=date(2026, 3, 1), level="amber"),
        by=planned.actor("lead"),
    )
    undo(planned, rated)
    held = record(planned)
    assert ratings.rating(held, by_reference(held)["1.1"].id, date(2026, 3, 2)) is None
    kept = ratings.rating(held, action, date(2026, 3, 2))
    assert kept is not None
    assert kept.level.code == "amber"
    undo(planned, later)
    held = record(planned)
    assert set(by_reference(held)) == {"1.1", "1.2", "2.1"}
    assert [part.reference for part in held.top() if not part.ended] == ["1", "2"]
    with pytest.raises(NotNow):
        undo(planned, later)


def test_a_plan_that_was_undone_whole_is_closed_and_can_come_in_again(council: Council) -> None:
    rag_scales.begin(council.services.desk, BeginRagScale(content=FOUR), by=council.actor("lead"))
    batch = bring(council, "plan", ACTIONS)["batch"]
    first = record(council).plan.id
    undo(council, batch)
    with council.services.store.reading() as connection:
        assert find_plan(connection, PLAN.plan) is None
    assert bring(council, "plan", ACTIONS)["imported"] == 3
    assert record(council).plan.id != first
    assert len(by_reference(record(council))) == 3


def test_an_action_that_was_undone_comes_in_again_under_another_id(planned: Council) -> None:
    more = ACTIONS + "2,Help,2.2,New,,\n"
    batch = bring(planned, "plan", more)["batch"]
    gone = by_reference(record(planned))["2.2"].id
    undo(planned, batch)
    assert bring(planned, "plan", more)["imported"] == 1
    assert by_reference(record(planned))["2.2"].id != gone
