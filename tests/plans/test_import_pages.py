"""An improvement plan comes in through the pages: scale, plan, ratings; seen first, and undone."""

from __future__ import annotations

import re

from tests.support.council import Council, words_of
from tests.support.forms import hidden, send
from tests.support.told_codes import ToldCodes

SCALE = b"""id: board-rag
version: 1
levels:
  - {code: red, rank: 1, meaning: Off track.}
  - {code: amber, rank: 2, meaning: Slipping.}
  - {code: green, rank: 3, meaning: On track.}
"""
PLAN = (
    "Ref,Ambition,Ambition title,Action,Lead,Timescale\n"
    "1.1,1,Practice is good,Coach every manager,Head of Service,28/02/2026\n"
    "1.2,1,Practice is good,Refresh the framework,Head of Service,31/06/2026\n"
    "1.3,1,Practice is good,27%,82,March 2026\n"
)
NEW = {
    "kind": "plan",
    "plan": "Getting better",
    "board": "Improvement board",
    "plan_scale": "board-rag@1",
    "since": "1/4/2025",
}


def sent(lead, data, name="plan.csv", **fields):
    content = data if isinstance(data, bytes) else data.encode()
    return send(lead, "/imports/new", fields, files={"file": (name, content)})


def record(lead, there, **fields):
    page = lead.get(there).text
    return lead.post(f"{there}/import", {**hidden(page, f"{there}/columns"), **fields})


def with_scale(council: Council):
    lead = council.browser("lead")
    there = sent(lead, SCALE, "scale.yaml", kind="rag-scale").headers["location"]
    assert "level red, rank 1: Off track." in words_of(lead.get(there).text)
    assert record(lead, there).status_code == 303
    return lead


def batches(lead) -> list[str]:
    return re.findall(r'href="/imports/([0-9a-f]{32})"', lead.get("/imports").text)


def test_a_plan_is_shown_recorded_rated_and_undone(small_council: Council) -> None:
    lead = with_scale(small_council)
    there = sent(lead, PLAN, **NEW).headers["location"]
    page = words_of(lead.get(there).text)
    assert "Row 2: action 1.1: Coach every manager" in page
    assert "Row 3, Timescale: “31/06/2026” is not a date: June 2026 has 30 days." in page
    assert "“82” is a number where words belong; the row may be shifted." in page
    assert record(lead, there, bad="refuse").status_code == 422
    assert record(lead, there, bad="skip").status_code == 303
    assert "Recorded 2" in words_of(lead.get(there).text)

    ratings = "Ref,RAG\n1.1,amber\n1.2,purple\n"
    about = {"kind": "assessments", "plan": "Getting better", "as_at": "28/2/2026"}
    there = sent(lead, ratings, **about).headers["location"]
    page = words_of(lead.get(there).text)
    assert "Row 2: action 1.1 as at 2026-02-28: amber" in page
    assert "What does “purple” mean? In “RAG”. Row 3." in page
    assert "Rows with words that are asked about above wait for your answers" in page
    record(lead, there, bad="skip")

    ratings = "Ref,RAG,Comment\n1.1,,Said\n1.2,purple,Heard\n"
    there = sent(lead, ratings, **{**about, "as_at": "1/3/2026"}).headers["location"]
    form = hidden(lead.get(there).text, f"{there}/columns")
    words = {form[f"question.{at}.written"]: f"question.{at}.answer" for at in range(2)}
    answers = {words[""]: "not yet rated", words["purple"]: ""}
    lead.post(f"{there}/columns", form | answers)
    page = words_of(lead.get(there).text)
    assert "action 1.1 as at 2026-03-01: not yet rated, Said" in page
    assert "action 1.2 as at 2026-03-01: Heard" in page
    assert "RAG: a blank means “not yet rated”" in page
    assert "RAG: “purple” counts as blank" in page

    rated, plan, scale = batches(lead)
    page = words_of(lead.get(f"/imports/{rated}").text)
    assert "Its ratings are withdrawn." in page
    for batch in (rated, plan):
        undone = send(lead, f"/imports/{batch}", {"reason": "The wrong file."})
        assert undone.headers["location"] == "/imports?done=reversed"
    page = words_of(lead.get(f"/imports/{scale}").text)
    assert "The version is taken back, unless a plan is or was rated on it." in page
    kept = send(lead, f"/imports/{scale}", {"reason": "The wrong file."})
    assert kept.status_code == 409
    assert "This version of the scale stays" in kept.text


def test_a_flat_tracker_comes_in_as_plan_and_as_ratings_and_says_what_each_reads(
    small_council: Council, told_codes: ToldCodes
) -> None:
    lead = with_scale(small_council)
    headings = "Ref,Action,Priority,Status,RAG,Update,Date closed"
    tracker = f"{headings}\n1.1,Coach,High,Done,Green,Well,1/6/2025\n"
    assert "There are: none yet" in words_of(sent(lead, tracker, kind="plan").text)
    there = sent(lead, tracker, **NEW).headers["location"]
    page = words_of(lead.get(there).text)
    assert "There is a problem" not in page
    assert "how urgent each row is, which is no part of a plan" in page
    assert page.count("read where the file is imported as ratings of the actions") == 2
    assert page.count("done once a rating says so. Import the file as ratings too.") == 2
    assert record(lead, there).status_code == 303
    assert "There are: “Getting better”" in words_of(sent(lead, tracker, kind="plan").text)
    there = sent(lead, tracker, kind="assessments", as_at="28/2/2026").headers["location"]
    assert "action 1.1 as at 2026-02-28: green, Well" in words_of(lead.get(there).text), "the only"
    assert record(lead, there).status_code == 303
    second = {**NEW, "plan": "", "plan_known": "Getting better"}
    there = sent(lead, tracker.replace("1.1", "1.2"), **second).headers["location"]
    assert "1 new" in words_of(lead.get(there).text)
    record(lead, sent(lead, tracker, **{**NEW, "plan": "Another"}).headers["location"])
    asked = sent(lead, tracker, kind="assessments", as_at="28/2/2026")
    assert "Say which plan is meant. There are: “" in words_of(asked.text)
    assert "plan-missing" in told_codes.taken()


def test_what_the_file_as_a_whole_lacks_is_asked_for_at_its_field(small_council: Council) -> None:
    lead = small_council.browser("lead")
    answer = sent(lead, PLAN, kind="plan", plan="Getting better", plan_scale="none@1")
    assert answer.status_code == 422
    for field in ("board", "plan_scale", "since"):
        assert f'href="#{field}"' in answer.text
    answer = sent(lead, "Ref,RAG\n1.1,amber\n", kind="assessments", plan="No such plan")
    assert "There is no improvement plan “No such plan”." in answer.text
    answer = sent(lead, SCALE.replace(b"id: board-rag\n", b"id: 4\n"), "s.yaml", kind="rag-scale")
    assert 'href="#scale_id"' in answer.text


def test_the_api_brings_a_plan_in_and_says_what_is_kept_as_written(small_council: Council) -> None:
    with_scale(small_council)
    program = small_council.program("lead")
    form = {**NEW, "skip_bad": "true"}
    form.pop("kind")
    first = program.post("/api/v1/imports/plan", data=form, files={"file": ("p.csv", PLAN)})
    assert first.status_code == 201, first.text
    body = first.json()
    assert (body["result"]["imported"], body["result"]["rejected"]) == (2, 1)
    assert [note["value"] for note in body["notes"]] == ["31/06/2026"]
    again = program.post("/api/v1/imports/plan", data=form, files={"file": ("p.csv", PLAN)})
    assert (again.json()["result"]["imported"], again.json()["result"]["batch"]) == (0, None)
    missing = program.post(
        "/api/v1/imports/assessments",
        data={"plan": "Getting better", "as_at": "31/02/2026"},
        files={"file": ("a.csv", "Ref,RAG\n1.1,amber\n")},
    )
    assert missing.status_code == 422
    assert missing.json()["errors"][0]["field"] == "as_at"


def test_a_file_is_of_a_plan_that_is_there_or_says_how_to_open_it(
    small_council: Council, told_codes: ToldCodes
) -> None:
    lead = small_council.browser("lead")
    sent(lead, "Ref,RAG\n1.1,amber\n", kind="assessments", plan="No such plan")
    assert told_codes.taken() == ["plan-unknown"]
    sent(lead, PLAN, kind="plan", plan="Getting better")
    assert set(told_codes.taken()) == {"board-missing", "plan_scale-missing", "since-missing"}
