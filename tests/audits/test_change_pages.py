"""Allocating and changing audits through their forms: refusals in place, stale versions, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from qa.audits import handlers as audit_handlers
from qa.audits.commands import CorrectAudit, FinaliseAudit
from qa.audits.comparison import texts
from qa.core.clock import SetClock
from qa.moderation import handlers
from qa.moderation.commands import CancelModeration
from qa.people import handlers as people
from qa.people.commands import OPERATOR, MovePerson
from tests.support.council import Council, words_of
from tests.support.forms import hidden
from tests.support.told_codes import ToldCodes


@pytest.fixture
def council(small_council: Council) -> Council:
    """SQLite alone: a page has no SQL of its own, and its queries are tested on both."""
    return small_council


def allocation(council: Council, **values: Any) -> dict[str, str]:
    due = council.today + timedelta(days=20)
    return {
        "child": "C-77001",
        "tool": council.tool.id,
        "team": "east",
        "auditor": council.ids["auditor"],
        "practice_from": str(council.today - timedelta(days=100)),
        "practice_to": str(council.today),
        "due_on.day": str(due.day),
        "due_on.month": str(due.month),
        "due_on.year": str(due.year),
        "mode": "desktop",
        **values,
    }


def test_a_lead_allocates_an_audit_once_however_often_they_press(council: Council) -> None:
    browser = council.browser("lead")
    form = {**hidden(browser.get("/audits/new").text), **allocation(council)}
    first, second = browser.post("/audits/new", form), browser.post("/audits/new", form)
    assert first.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    told = words_of(browser.get(first.headers["location"]).text)
    assert "The audit is allocated." in told
    assert "Child C-77001" in told


def test_every_fault_of_an_allocation_is_at_its_field_and_what_was_typed_stays(
    small_council: Council, told_codes: ToldCodes
) -> None:
    browser = small_council.browser("lead")
    form = {"child": "Sam Oak", "due_on.day": "31", "due_on.month": "2", "due_on.year": "2026"}
    refused = browser.post("/audits/new", form)
    assert (refused.status_code, told_codes.taken()) == (
        422,
        ["tool-missing", "team-missing", "auditor-missing", "date-missing", "date-impossible",
         "mode-missing"],
    )  # fmt: skip
    told = words_of(refused.text)
    for sentence in ("Choose a tool.", "Choose an auditor.", "Enter a real date, like 31 3 2027."):
        assert told.count(sentence) == 2
    assert 'href="#due_on"' in refused.text
    assert 'value="Sam Oak"' in refused.text
    named = browser.post("/audits/new", allocation(small_council, child="Sam Oak"))
    assert "Never enter a name." in words_of(named.text)
    lost = browser.post("/audits/new", allocation(small_council, re_audit_of="CA-0000"))
    assert "There is no audit with this reference." in words_of(lost.text)


def test_a_soft_breach_asks_for_its_reason_and_a_hard_one_does_not(small_council: Council) -> None:
    council = small_council
    browser = council.browser("lead")
    people.move_person(
        council.services.desk,
        MovePerson(person=council.ids["auditor2"], team="east", manager=None, job_title=""),
        by=OPERATOR,
    )
    soft = allocation(council, auditor=council.ids["auditor2"])
    refused = browser.post("/audits/new", soft)
    assert "belongs to the team whose file this is" in words_of(refused.text)
    assert 'name="exception"' in refused.text
    assert browser.post("/audits/new", {**soft, "exception": "We are few."}).status_code == 303
    hard = allocation(council, child="C-77002", case_holder=council.ids["auditor"])
    refused = browser.post("/audits/new", hard)
    assert "holds this case and cannot audit it" in words_of(refused.text)
    assert 'name="exception"' not in refused.text


def test_nobody_is_offered_as_case_holder_who_only_looks_in(small_council: Council) -> None:
    page = small_council.browser("lead").get("/audits/new").text
    offered = page.partition('name="case_holder"')[2].partition("</select>")[0]
    for handle in ("auditor", "lead2", "nobody"):
        assert small_council.ids[handle] in offered
    for handle in ("reader", "admin"):
        assert small_council.ids[handle] not in offered


@pytest.mark.parametrize("handle", ["auditor", "moderator", "reader", "admin", "nobody"])
def test_only_qa_leads_allocate(small_council: Council, handle: str) -> None:
    browser = small_council.browser(handle)
    assert browser.get("/audits/new").status_code == 403
    assert browser.post("/audits/new", allocation(small_council)).status_code == 403


CHANGES = [
    ("withdraw", "lead", {"reason": "Wrong sample."}, "withdrawn"),
    ("void", "lead", {"reason": "Wrong child."}, "voided"),
    (
        "return",
        "lead",
        {"comments": "Say more of the plan.", "sections.judgements.planning": "yes"},
        "returned",
    ),
    ("withdraw", "auditor", {"reason": "Wrong sample."}, "withdrawn"),
]


@pytest.mark.parametrize(("change", "handle", "form", "status"), CHANGES)
def test_a_submitted_audit_is_changed_with_a_reason_and_once(
    council: Council, change: str, handle: str, form: dict[str, str], status: str
) -> None:
    audit = council.submitted()
    browser = council.browser(handle)
    path = f"/audits/{audit}/{change}"
    page = browser.get(path)
    assert page.status_code == 200
    empty = browser.post(path, hidden(page.text))
    assert empty.status_code == 422
    assert 'class="govuk-error-summary"' in empty.text
    whole = {**hidden(page.text), **form}
    assert browser.post(path, whole).headers["location"] == f"/audits/{audit}?done={change}"
    head = council.services.store.head()
    assert council.view(audit).row.status == status
    if handle == "lead":
        assert browser.post(path, whole).status_code == 303
        assert council.services.store.head() == head


def test_one_field_is_corrected_and_the_old_wording_is_shown(
    small_council: Council, told_codes: ToldCodes
) -> None:
    council = small_council
    audit = council.submitted()
    browser = council.browser("auditor")
    path = f"/audits/{audit}/correct"
    chosen = browser.get(f"{path}?field=judgements.planning.evidence")
    assert "Evidence for Planning and review seen on the file." in chosen.text
    assert "Overall grade" in words_of(chosen.text)
    form = {**hidden(chosen.text), "new": "Evidence read on the file, and heard in supervision."}
    refused = browser.post(path, {**form, "reason": "The wording erred."})
    assert "Say what kind of mistake it is." in words_of(refused.text)
    assert told_codes.taken() == ["kind-missing"]
    assert "heard in supervision" in refused.text
    assert (
        browser.post(path, {**form, "reason": "The wording erred.", "kind": "typo"}).status_code
        == 303
    )
    told = words_of(browser.get(f"/audits/{audit}").text)
    assert "heard in supervision" in told
    assert "Corrected since it was submitted: Planning and review" in told


def test_a_wrongly_entered_grade_and_an_answer_are_chosen_anew(small_council: Council) -> None:
    council = small_council
    audit = council.submitted()
    browser = council.browser("auditor")
    path = f"/audits/{audit}/correct"
    for field, new in (("overall", "requires-improvement"), (ANSWER, "no")):
        chosen = browser.get(f"{path}?field={field}")
        assert f'<option value="{new}"' in chosen.text
        form = {**hidden(chosen.text), "field": field, "new": new, "kind": "fact"}
        sent = browser.post(path, {**form, "reason": "A slip of the hand."})
        assert sent.status_code == 303
    view = council.view(audit)
    assert view.row.overall == "requires-improvement"
    assert view.corrected == {"overall", ANSWER}


ANSWER = "judgements.planning.answers.timescales"


def test_an_audit_is_finalised_and_taken_back(small_council: Council) -> None:
    council = small_council
    audit, _ = council.moderated("good", "good")
    browser = council.browser("lead")
    page = browser.get(f"/audits/{audit}/reopen")
    form = {**hidden(page.text), "reason": "New facts came to light."}
    assert browser.post(f"/audits/{audit}/reopen", form).status_code == 303
    row = council.view(audit).row
    assert row.status == "submitted"
    kept = ("final_grade", "final_source", "final_rule", "final_cites")
    assert [getattr(row, one) for one in kept] == [None] * 4
    form = hidden(browser.get(f"/audits/{audit}/finalise").text)
    assert browser.post(f"/audits/{audit}/finalise", form).status_code == 303
    row = council.view(audit).row
    assert (row.status, row.final_grade) == ("finalised", "good")
    again = browser.post(f"/audits/{audit}/finalise", {"seen": str(row.stream_version)})
    assert again.status_code == 409
    assert "not selected for moderation is finalised by hand" in words_of(again.text)


def test_an_unfinished_audit_is_handed_over_and_extended(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    browser = council.browser("lead")
    form = hidden(browser.get(f"/audits/{audit}/extend").text)
    bad = browser.post(
        f"/audits/{audit}/extend", {**form, "due_on.day": "1", "reason": "On leave until May."}
    )
    assert "Enter a real date, like 31 3 2027." in words_of(bad.text)
    late = str(council.today + timedelta(days=60))
    assert browser.post(
        f"/audits/{audit}/extend", {**form, "due_on": late, "reason": "On leave until May."}
    ).status_code == 303  # fmt: skip
    form = hidden(browser.get(f"/audits/{audit}/reassign").text)
    wanted = {**form, "auditor": council.ids["auditor2"], "reason": "On leave until May."}
    assert browser.post(f"/audits/{audit}/reassign", wanted).status_code == 303
    row = council.view(audit).row
    assert (row.due_on, row.auditor) == (late, council.ids["auditor2"])
    told = words_of(browser.get(f"/audits/{audit}").text)
    assert "(first 30 March 2026)" in told


def test_typing_beyond_a_slip_waits_for_somebody_else(council: Council) -> None:
    audit, _ = council.moderated()
    field = "judgements.planning.evidence"
    path = f"/audits/{audit}"
    new = "The plan names six steps and their owners."
    why = {"field": field, "new": new, "kind": "typing", "reason": "Pasted into the wrong box."}
    author = council.browser("auditor")
    page = author.get(f"{path}/correct?field={field}").text
    assert author.post(f"{path}/correct", {**hidden(page), **why}).status_code == 303
    told = words_of(council.browser("lead").get(path).text)
    assert f"and would read “{new}”. Nothing has changed yet." in told
    assert "Confirm a change as typing" in told
    assert council.view(audit).row.final_grade == "good"
    mine = author.get(f"{path}/confirm-typing").text
    own = author.post(f"{path}/confirm-typing", {**hidden(mine), "typing": field})
    assert own.status_code == 403
    lead = council.browser("lead")
    form = {**hidden(lead.get(f"{path}/confirm-typing").text), "typing": field}
    assert lead.post(f"{path}/confirm-typing", form).status_code == 303
    after = council.view(audit)
    assert after.content is not None
    assert texts(after.content)[field] == new
    assert (after.row.final_grade, after.typing) == ("good", [])
    assert after.current_moderation is not None


OTHER = "Other reasons that say at some length what the file shows of the child and her plan."


def test_a_change_that_is_no_typing_is_refused_by_the_api(council: Council) -> None:
    audit, _ = council.moderated()
    at = f"/api/v1/case-audits/{audit}"
    body = {"field": "rationale", "new": OTHER, "kind": "typing", "reason": "Box mixed."}

    def change(handle: str, place: str, sent: dict[str, str]) -> Any:
        program = council.program(handle)
        tag = {"If-Match": program.get(at).headers["ETag"]}
        return program.post(f"{at}/{place}", json=sent, headers=tag)

    assert change("auditor", "corrections", body).status_code == 201
    [waits] = council.program("lead").get(at).json()["waiting_as_typing"]
    assert (waits["field"], waits["new"]) == ("rationale", OTHER)
    barred = change("reader", "typing-refusals", {"field": "rationale", "reason": "No."})
    assert barred.status_code == 403
    thin = change("lead", "typing-refusals", {"field": "rationale", "reason": "No."})
    assert (thin.status_code, thin.json()["errors"][0]["code"]) == (422, "reason-thin")
    gone = {"field": "rationale", "reason": "It says something else."}
    assert change("lead", "typing-refusals", gone).status_code == 201
    assert council.program("lead").get(at).json()["waiting_as_typing"] == []
    again = change("moderator", "typing-confirmations", {"field": "rationale"})
    assert again.status_code == 404


def test_the_face_says_that_a_final_grade_was_taken_back(council: Council) -> None:
    audit = council.submitted()
    desk, lead = council.services.desk, council.actor("lead")
    if council.view(audit).row.moderation is not None:
        handlers.cancel(
            desk,
            CancelModeration(
                audit=audit,
                moderation=council.view(audit).row.moderation,
                reason="Nobody is free for it.",
            ),
            by=lead,
        )
    audit_handlers.finalise(desk, FinaliseAudit(audit=audit), by=lead)
    audit_handlers.correct(
        desk,
        CorrectAudit(
            audit=audit,
            field="rationale",
            new="Quite other reasons than those that stood there.",
            kind="typo",
            reason="The wrong file was pasted.",
        ),
        by=council.actor("auditor"),
    )
    assert council.view(audit).row.taken_back == "good"
    told = words_of(council.browser("lead").get(f"/audits/{audit}").text)
    assert "The final grade was Good. It was withdrawn, and a new one is needed." in told
    assert council.view(audit).row.moderation is None
    audit_handlers.finalise(desk, FinaliseAudit(audit=audit), by=lead)
    assert council.view(audit).row.taken_back is None


def test_a_form_made_from_an_older_version_says_what_changed_and_keeps_what_was_typed(
    council: Council,
) -> None:
    audit = council.submitted()
    browser = council.browser("lead")
    path = f"/audits/{audit}/withdraw"
    form = {**hidden(browser.get(path).text), "reason": "Wrong sample, as found in June."}
    assert isinstance(council.clock, SetClock)
    council.clock.advance(timedelta(minutes=5))
    audit_handlers.correct(
        council.services.desk,
        CorrectAudit(
            audit=audit,
            field="involvement.note",
            new="By telephone.",
            kind="typo",
            reason="It was left out.",
        ),
        by=council.actor("auditor"),
    )
    moved = browser.post(path, form)
    assert moved.status_code == 409
    told = words_of(moved.text)
    assert "What changed meanwhile Corrected a matter of fact, by Auditor Tree" in told
    assert "Wrong sample, as found in June." in told
    assert council.view(audit).row.status != "withdrawn"
    onward = {**form, **hidden(moved.text)}
    assert browser.post(path, onward).status_code == 303


@pytest.mark.parametrize(
    "change",
    ["correct", "return", "withdraw", "void", "finalise", "reopen", "reassign", "extend"],
)
def test_who_may_not_change_an_audit_is_refused(small_council: Council, change: str) -> None:
    audit = small_council.submitted()
    for handle, wanted in (("reader", 403), ("nobody", 404), ("admin", 404)):
        browser = small_council.browser(handle)
        assert browser.get(f"/audits/{audit}/{change}").status_code == wanted
        posted = browser.post(
            f"/audits/{audit}/{change}", {"seen": "2", "reason": "Because it was so."}
        )
        assert posted.status_code == wanted
    assert small_council.view(audit).row.status == "moderation-due"


def test_a_form_without_its_version_is_refused(small_council: Council) -> None:
    audit = small_council.submitted()
    browser = small_council.browser("lead")
    refused = browser.post(f"/audits/{audit}/withdraw", {"reason": "Wrong sample."})
    assert refused.status_code == 422
    assert "Wrong sample." in refused.text


def test_the_buttons_of_an_audit_are_what_the_reader_may_do(small_council: Council) -> None:
    audit = small_council.submitted()
    lead = words_of(small_council.browser("lead").get(f"/audits/{audit}").text)
    reader = words_of(small_council.browser("reader").get(f"/audits/{audit}").text)
    assert (
        "Return to the author Raise a safeguarding concern Withdraw Cancel (entered in error)"
        in lead
    )
    assert "Withdraw" not in reader
    author = words_of(small_council.browser("auditor").get(f"/audits/{audit}").text)
    assert "Correct a field Raise a safeguarding concern Withdraw" in author
    assert "Cancel (entered in error)" not in author


def test_the_accessibility_statement_is_open_to_everybody(small_council: Council) -> None:
    page = small_council.browser("nobody").client
    page.cookies.clear()
    assert "partially compliant" in page.get("/accessibility").text
