"""Pages, files and the API of supervision: who finds what there, and the journey of a check."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from api.lists.files import TYPES
from qa.core.words import Role, Scope
from tests.supervision.support import (
    QUALITY,
    asked,
    begun,
    held,
    judged,
    managed,
    moderated,
    submitted,
)
from tests.support.council import Council, words_of
from tests.support.forms import day, read, send_as, sent

SECRET = "Spoke of being unwell."
SEEN = "Reflection is in every record."


def typed(council: Council, overall: str = "good") -> dict[str, Any]:
    """A judgement as the form of the quality tool sends it."""
    content = judged(QUALITY, council.today, overall)
    fields: dict[str, Any] = {"overall": overall, "rationale": content.rationale}
    for name in ("checked_on", "period_from", "period_to"):
        fields |= day(name, getattr(content, name).isoformat())
    for one in content.judgements:
        at = f"judgements.{one.domain}"
        fields |= {f"{at}.grade": one.grade, f"{at}.evidence": SEEN}
        fields |= {f"{at}.answers.{each.question}": each.point for each in one.answers}
    return fields


def test_a_check_is_asked_for_made_moderated_and_told_on_its_pages(small_council: Council) -> None:
    council = small_council
    managed(council)
    begin = {
        "supervisor": council.ids["reader"], "practitioner": council.ids["worker"],
        "team": "east", "standard": "regular",
        **day("since", (council.today - timedelta(days=40)).isoformat()),
    }  # fmt: skip
    here = sent(council, "lead", "/supervision/new", begin).partition("?")[0]
    waiting = read(council, "reader", "/")
    assert "Supervision session due" in waiting
    past = (council.today - timedelta(days=20)).isoformat()
    sent(council, "reader", f"{here}/held",
         {**day("held_on", past), "cases": "C-1\nC-2", "note": SECRET})  # fmt: skip
    again = send_as(council, "reader", f"{here}/held", day("held_on", past))
    assert again.status_code == 422
    assert "recorded for that day already" in words_of(again.text)
    sent(council, "reader", f"{here}/not-held",
         {**day("planned_on", council.today.isoformat()), "why": "workload"})  # fmt: skip
    shown = read(council, "worker", here)
    for said in (SECRET, "Cases C-1, C-2", "Did not take place: Workload", "1 of 1 owed"):
        assert said in shown
    assert "Record a session" not in shown

    due = day("due_on", (council.today + timedelta(days=9)).isoformat())
    check = {"tool": QUALITY.id, "checker": council.ids["auditor"], **due}
    there = sent(council, "lead", f"{here}/check", check).partition("?")[0]
    assert SECRET in read(council, "auditor", here)
    assert "Supervision check to make" in read(council, "auditor", "/")
    sent(council, "auditor", f"{there}/start")
    empty = send_as(council, "auditor", f"{there}/judge", {**typed(council), "overall": ""})
    assert empty.status_code == 422
    assert SEEN in empty.text
    assert "Choose an overall grade." in words_of(empty.text)
    sent(council, "auditor", f"{there}/judge", typed(council))
    sent(council, "lead", f"{there}/moderator", {"moderator": council.ids["moderator"], **due})
    grades = {
        f"judgements.{domain.id}.{name}": value
        for domain in QUALITY.domains
        for name, value in (("grade", "good"), ("comment", ""))
    }
    assert "Supervision check to moderate" in read(council, "moderator", "/")
    sent(council, "moderator", f"{there}/moderate", {**grades, "overall": "good"})
    sent(council, "auditor", f"{there}/action",
         {"text": "Agree a new supervision contract.", "kind": "practice",
          "owner": council.ids["reader"], **due})  # fmt: skip
    assert "Feedback on a supervision check to give" in read(council, "auditor", "/")
    told = {**day("given_on", council.today.isoformat()), "note": "Told both of them."}
    sent(council, "auditor", f"{there}/feedback", told)
    sent(council, "lead", f"{there}/close")
    whole = read(council, "worker", there)
    for said in (SEEN, "Good (agrees)", "Told both of them.", "Closed", "Reflection"):
        assert said in whole
    assert "Agree a new supervision contract." in read(council, "lead", there)
    history = read(council, "lead", f"/history?record={there.removeprefix('/').replace('s/', ':')}")
    assert "Submitted the supervision check" in history
    assert "Does the record give evidence of reflection?" in history


def test_supervision_is_not_there_for_anybody_else(small_council: Council) -> None:
    council = small_council
    managed(council)
    pair = begun(council, days_ago=40)
    held(council, pair, note=SECRET)
    check = asked(council, pair)
    submitted(council, check)
    moderated(council, check)
    places = [
        f"/supervision/{pair}",
        f"/supervision/{pair}/held",
        f"/supervision-checks/{check}",
        f"/supervision-checks/{check}/judge",
        f"/history?record=supervision:{pair}",
        f"/history?record=supervision-check:{check}",
        f"/history?record=supervision:{pair}&as_at={council.today}",
        f"/api/v1/supervision/{pair}",
        f"/api/v1/supervision-checks/{check}",
    ]
    before = council.today
    council.clock.advance(timedelta(days=2))
    for handle in ("auditor2", "moderator2", "admin", "nobody"):
        browser, program = council.browser(handle), council.program(handle)
        for path in places:
            client = program if path.startswith("/api/") else browser
            answer = client.get(path)
            assert answer.status_code in (403, 404), (handle, path)
            assert SECRET not in answer.text
        for path in ("/supervision", "/supervision-checks", "/api/v1/supervision",
                     f"/supervision?as_at={before}"):  # fmt: skip
            client = program if path.startswith("/api/") else browser
            assert pair not in client.get(path).text, (handle, path)
        assert SECRET not in browser.get(f"/learnt-later?true_on={before}").text
        assert SECRET not in browser.get("/search?q=unwell").text
    for handle in ("worker", "reader", "lead2", "lead", "auditor", "moderator"):
        assert SECRET in read(council, handle, f"/supervision/{pair}"), handle
        assert read(council, handle, f"/supervision-checks/{check}"), handle
        assert pair in council.browser(handle).get("/supervision").text, handle
    rows = council.browser("lead").get("/supervision/export.csv").text
    assert pair in rows
    assert SECRET not in rows


def test_a_prompt_leads_to_a_check_and_names_no_audit_to_who_may_not_open_it(
    small_council: Council,
) -> None:
    council = small_council
    managed(council)
    pair = begun(council)
    audit, _ = council.moderated("inadequate", "inadequate")
    reference = council.view(audit).row.reference
    assert reference in read(council, "lead", "/supervision")
    assert "raised concerns" not in read(council, "worker", "/supervision")
    due = day("due_on", (council.today + timedelta(days=9)).isoformat())
    check = {"tool": QUALITY.id, "checker": council.ids["auditor"], **due}
    there = sent(council, "lead", f"/supervision/{pair}/check", check).partition("?")[0]
    assert "raised concerns" not in read(council, "lead", "/supervision")
    assert reference in read(council, "lead", there)
    assert reference not in read(council, "worker", there)
    submitted(council, there.rpartition("/")[2], "requires-improvement")
    council.clock.advance(timedelta(days=1))
    council.moderated("inadequate", "inadequate")
    asked_for = f"from={council.today - timedelta(days=9)}&to={council.today}"
    found = council.program("lead").get(f"/api/v1/supervision/matrix?{asked_for}").json()
    assert found["checks"] == ["Requires improvement", "Never checked"]
    assert (found["audits"], found["counts"]) == (["Inadequate"], [[2, 0]])
    heading = "Audit grades beside the quality of supervision"
    assert heading in read(council, "lead", f"/supervision-report?{asked_for}")
    assert heading not in read(council, "reader", f"/supervision-report?{asked_for}")
    person = council.ids["worker"]
    assert sent(council, "lead", f"/supervision-prompts/{person}", {"reason": "He left the team."})
    gone = council.browser("lead").get(f"/supervision-prompts/{person}")
    assert gone.status_code == 404


def test_the_policy_is_set_and_holds_from_then_on(small_council: Council) -> None:
    council = small_council
    managed(council)
    pair = begun(council)
    numbers = {"regular_days": "35", "newly_qualified_days": "14",
               "case_supervision_months": "3", "prompt_within_days": "90"}  # fmt: skip
    refused = send_as(council, "lead", "/supervision-policy/edit", {**numbers, "regular_days": "3"})
    assert refused.status_code == 422
    sent(council, "lead", "/supervision-policy/edit", numbers)
    assert "Version 1." in read(council, "auditor", "/supervision-policy")
    due = (council.today + timedelta(days=35)).isoformat()
    program = council.program("lead")
    assert program.get(f"/api/v1/supervision/{pair}").json()["pair"]["due_on"] == due
    tag = program.get("/api/v1/supervision-policy").headers["etag"]
    body = {name: int(value) for name, value in numbers.items()} | {"regular_days": 42}
    put = program.put("/api/v1/supervision-policy", json=body, headers={"If-Match": tag})
    assert put.status_code == 200, put.text
    assert council.browser("worker").get("/supervision-policy/edit").status_code == 403


def test_the_api_records_sessions_and_checks(small_council: Council) -> None:
    council = small_council
    managed(council)
    pair = begun(council, days_ago=30)
    program = council.program("reader")

    def post(path: str, body: Any, program: Any = program, read: str = "") -> Any:
        tag = program.get(read or path.rpartition("/")[0]).headers["etag"]
        answer = program.post(path, json=body, headers={"If-Match": tag})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    here = f"/api/v1/supervision/{pair}"
    done = post(f"{here}/sessions", {"held_on": str(council.today - timedelta(days=9))})
    session = done["result"]["session"]
    post(f"{here}/sessions-not-held", {"planned_on": str(council.today), "why": "sickness"})
    post(f"{here}/sessions/{session}/withdrawal", {"reason": "It is another’s work."}, read=here)
    assert [one["why"] for one in program.get(here).json()["sessions"]] == ["sickness"]
    lead = council.program("lead")
    made = lead.post("/api/v1/supervision-checks", json={
        "pair": pair, "checker": council.ids["auditor"], "tool": QUALITY.id,
        "due_on": str(council.today),
    })  # fmt: skip
    assert made.status_code == 201, made.text
    check = made.json()["result"]["check"]
    there = f"/api/v1/supervision-checks/{check}"
    auditor = council.program("auditor")
    content = judged(QUALITY, council.today).model_dump(mode="json")
    post(f"{there}/judgement", {"content": content}, auditor, there)
    post(f"{there}/feedback", {"given_on": str(date(2026, 3, 2)), "note": "Told."}, auditor, there)
    assert auditor.get(there).json()["check"]["state"] == "feedback-given"
    listed = auditor.get("/api/v1/supervision-checks?state=feedback-given").json()["checks"]
    assert [one["check"] for one in listed] == [check]
    second = asked(council, pair)
    first_page = lead.get("/api/v1/supervision-checks?limit=1").json()
    assert [one["check"] for one in first_page["checks"]] == [second]
    after = lead.get(f"/api/v1/supervision-checks?limit=1&before={first_page['next']}").json()
    assert ([one["check"] for one in after["checks"]], after["next"]) == ([check], None)


def test_figures_open_to_what_they_count_and_hide_what_rests_on_few(
    small_council: Council,
) -> None:
    council = small_council
    managed(council)
    before = council.services.store.head()
    pair = begun(council, days_ago=60)
    held(council, pair, council.today - timedelta(days=35))
    check = asked(council, pair)
    submitted(council, check)
    moderated(council, check, "requires-improvement")
    asked_for = f"from={council.today - timedelta(days=60)}&to={council.today}&by=calendar-year"
    shown = read(council, "lead", f"/supervision-report?{asked_for}")
    for said in ("1 of 2", "1 of 1", "0 of 1"):
        assert said in shown
    behind = f"/supervision-report/why?{asked_for}&figure="
    timely = read(council, "lead", f"{behind}supervision_timeliness_rate")
    assert "Sessions on time: –" in timely
    assert "Counted again from the records behind it alone: the same." in timely
    assert "not held by then" in timely
    assert (
        f"/supervision/{pair}"
        in council.browser("lead").get(f"{behind}supervision_timeliness_rate").text
    )
    hidden = council.browser("moderator2").get(f"{behind}supervision_timeliness_rate")
    assert "rests on few" in words_of(hidden.text)
    assert pair not in hidden.text
    for cut in ("team", "service", "standard"):
        few = read(council, "moderator2", f"/supervision-report?{asked_for}&cut={cut}")
        assert "1 of 2" not in few
        assert "not shown" in few
    council.grant("auditor2", Role.QA_LEAD, Scope(kind="team", code="east"))
    scoped = council.program("auditor2")
    own = scoped.get(f"/api/v1/supervision/report?{asked_for}&team=east").json()
    assert own["totals"][0]["figures"]["supervision_timeliness_rate"]["denominator"] == 2
    for narrowed in ("", "&team=west", "&service=safeguarding"):
        other = scoped.get(f"/api/v1/supervision/report?{asked_for}{narrowed}").json()
        figures = [row["figures"]["supervision_timeliness_rate"] for row in other["rows"]]
        assert not any(figure["denominator"] for figure in figures)
    found = council.program("lead").get(f"/api/v1/supervision/report?{asked_for}&cut=team").json()
    (total,) = found["totals"]
    assert total["group"]["team"] == "east"
    figure = total["figures"]["supervision_timeliness_rate"]
    assert (figure["numerator"], figure["denominator"], figure["value"]) == (1, 2, None)
    outside = council.program("moderator2").get(f"/api/v1/supervision/report?{asked_for}").json()
    assert outside["totals"] == []
    page = council.browser("lead").get(f"/supervision-report?{asked_for}&cut=team").text
    files = dict(re.findall(r'href="(/supervision-report/export\.(\w+)[^"]+)', page))
    assert sorted(files.values()) == ["csv", "docx", "pdf", "xlsx"]
    for address, kind in files.items():
        taken = council.browser("lead").get(unescape(address))
        assert taken.headers["content-type"] == TYPES[kind]
        if kind == "csv":
            assert "check_agreement_rate" in taken.text
        if kind == "docx":
            opened = ZipFile(BytesIO(taken.content))
            assert b"Broken down by" in opened.read("word/document.xml")
            by = council.actor("lead").display_name.encode()
            assert any(by in opened.read(name) for name in opened.namelist())
    past = read(council, "lead", f"/supervision-report?{asked_for}&position={before}")
    assert "nothing to count" in past
    assert "1 of 2" not in past
    wrong = council.browser("lead").get("/supervision-report?from=2026-02-31&to=2026-03-01")
    assert wrong.status_code == 422


LIST = "case,team,supervised_on\nC-1,east,\nC-2,east,2026-01-15\nC-3,west,2025-11-20\nC-4,west,\n"


def test_open_cases_are_counted_against_what_sessions_and_the_list_say(
    small_council: Council,
) -> None:
    council = small_council
    managed(council)
    pair = begun(council, days_ago=60)
    refused = send_as(council, "reader", f"/supervision/{pair}/held",
                   {**day("held_on", "2026-02-20"), "cases": "Rowan"})  # fmt: skip
    assert refused.status_code == 422
    here = "/supervision-report/cases"
    on = day("counted_on", "2026-02-28")
    for text, said in (
        ("child,team\nC-1,east\n", "The first line names the columns"),
        (LIST + "C-1,east,\n", "listed twice"),
        (LIST + "C-5,north,\n", "Row 5: there is no team north"),
        (LIST + "C-5,east,31/02/2026\n", "is not a date"),
        (LIST + "C-5,east,2026-03-01\n", "after the day of the list"),
        (LIST + "Rowan Elm,east,\n", "Never enter a name"),
    ):
        wrong = send_as(council, "lead", here, {**on, "source": "Case system", "cases": text})
        assert wrong.status_code == 422
        assert said in words_of(wrong.text), said
    sent(council, "lead", here, {**on, "source": "Case system", "cases": LIST})
    held(council, pair, date(2026, 2, 20), cases=("C-1",))
    held(council, pair, date(2026, 3, 1), cases=("C-4",))
    asked_for = "from=2026-01-01&to=2026-03-02&by=calendar-year"
    program = council.program("lead")
    found = program.get(f"/api/v1/supervision/report?{asked_for}&cut=team").json()["totals"]
    recency = {row["group"]["team"]: row["figures"]["case_supervision_recency"] for row in found}
    counts = {team: (one["numerator"], one["denominator"]) for team, one in recency.items()}
    assert counts == {"east": (2, 2), "west": (0, 2)}
    why = read(council, "lead",
               f"/supervision-report/why?{asked_for}&figure=case_supervision_recency")  # fmt: skip
    assert "Counted again from the records behind it alone: the same." in why
    assert "Case C-3" in why
    body = {"counted_on": "2026-03-02", "source": "Again", "cases": [
        {"case": "C-4", "team": "west"}]}  # fmt: skip
    assert program.post("/api/v1/supervision/open-cases", json=body).status_code == 201
    (later,) = program.get(f"/api/v1/supervision/report?{asked_for}").json()["totals"]
    assert later["figures"]["case_supervision_recency"]["numerator"] == 1
    assert later["figures"]["case_supervision_recency"]["denominator"] == 1
    assert council.browser("reader").get(here).status_code == 403


def test_the_manager_of_one_team_finds_where_to_say_whom_they_supervise(
    small_council: Council,
) -> None:
    council = small_council
    new = "/supervision/new"
    assert council.browser("nobody").get(new).status_code == 403
    council.grant("nobody", Role.TEAM_MANAGER, Scope(kind="team", code="east"))
    assert "Say who supervises whom" in read(council, "nobody", "/supervision")
    assert council.browser("nobody").get(new).status_code == 200
