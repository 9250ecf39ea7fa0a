"""A practitioner's view: released audits of one's own cases, reflections, disputed facts."""

from __future__ import annotations

from api.practitioners.pages import ON_A_PAGE, page_of
from projections.core.verify import verify
from qa.audits import handlers as audit_handlers
from qa.audits.commands import WithdrawAudit
from tests.practitioners.support import PRAISE, released
from tests.support.council import Council, words_of
from tests.support.forms import read, send_as, sent


def test_nothing_of_an_audit_opens_to_the_holder_before_it_is_final(
    small_council: Council,
) -> None:
    council = small_council
    worker = council.browser("worker")
    assert "No audit of your cases is final yet" in read(council, "worker", "/own-audits")
    for audit in (council.allocated(), council.submitted("good")):
        assert worker.get(f"/audits/{audit}").status_code == 404
        assert worker.get(f"/audits/{audit}/response/reflect").status_code == 404
    assert "No audit of your cases is final yet" in read(council, "worker", "/own-audits")
    audit = released(council)
    assert worker.get(f"/audits/{audit}").status_code == 200
    audit_handlers.withdraw(
        council.services.desk,
        WithdrawAudit(audit=audit, reason="Wrong sample."),
        by=council.actor("lead"),
    )
    assert worker.get(f"/audits/{audit}").status_code == 404


def test_a_practitioner_reads_reflects_and_disputes_a_fact(small_council: Council) -> None:
    council = small_council
    audit = released(council)
    listed = read(council, "worker", "/own-audits")
    assert "Strengths seen in your work" in listed
    assert PRAISE in listed
    here = f"/audits/{audit}"
    shown = read(council, "worker", here)
    assert "Reflect on this audit" in shown
    assert "History" not in shown
    worker = council.browser("worker")
    for closed in ("history", "moderation", "correct"):
        assert worker.get(f"{here}/{closed}").status_code == 403, closed
    empty = send_as(council, "worker", f"{here}/response/reflect")
    assert empty.status_code == 422
    assert "Say what you take from this audit." in words_of(empty.text)
    sent(council, "worker", f"{here}/response/reflect", {"text": "I visit more often now."})
    half = send_as(council, "worker", f"{here}/response/dispute", {"stated": "Two visits."})
    assert "Say how it is, and where the file shows it." in words_of(half.text)
    disputed = {"stated": "Two visits in May.", "should_be": "Four: see the notes of May."}
    sent(council, "worker", f"{here}/response/dispute", disputed)
    assert "It has no answer yet." in read(council, "worker", here)
    assert "(1 waits for an answer)" in read(council, "worker", "/own-audits")

    shown = council.browser("auditor").get(here).text
    assert "I visit more often now." in shown
    answering = shown.partition("/response/")[2].partition('/answer"')[0]
    place = f"{here}/response/{answering}/answer"
    assert worker.get(place).status_code == 403
    unsaid = send_as(council, "auditor", place)
    assert "Say whether it was put right." in words_of(unsaid.text)
    assert "Say what was put right, or why it stands." in words_of(unsaid.text)
    sent(council, "auditor", place, {"outcome": "put-right", "answer": "Four, corrected."})
    assert "Four, corrected." in read(council, "worker", here)
    assert send_as(council, "auditor", place).status_code == 409
    history = read(council, "lead", f"{here}/history")
    assert "Reflected on the audit of their own case" in history
    assert "Answered a disputed statement: put right" in history
    for handle in ("auditor2", "admin", "nobody"):
        browser = council.browser(handle)
        assert browser.get(f"{here}/response/reflect").status_code in (403, 404)
    assert worker.get(f"{here}/response/dance").status_code == 404
    assert council.browser("auditor").get(f"{here}/response/{'0' * 32}/answer").status_code == 404
    assert verify(council.services.store, council.services.registry) == []


def test_programs_reflect_dispute_and_answer(small_council: Council) -> None:
    council = small_council
    audit = released(council)
    worker = council.program("worker", "read", "write")
    lead = council.program("lead", "read", "write")
    place = f"/api/v1/case-audits/{audit}/response"
    mine = worker.get("/api/v1/own-audits").json()["audits"]
    assert [(one["audit"], one["strengths"]) for one in mine] == [(audit, [PRAISE])]
    assert lead.get("/api/v1/own-audits").status_code == 403
    tag = {"If-Match": worker.get(place).headers["ETag"]}
    done = worker.post(f"{place}/reflections", json={"text": "More visits."}, headers=tag)
    assert done.status_code == 201
    wrong = {"stated": "Two visits.", "should_be": "Four."}
    assert worker.post(f"{place}/disputes", json=wrong, headers=tag).status_code == 409
    tag = {"If-Match": done.headers["ETag"]}
    made = worker.post(f"{place}/disputes", json=wrong, headers=tag)
    dispute = made.json()["result"]["dispute"]
    answer = {"outcome": "stands", "answer": "The notes of May show two."}
    tag = {"If-Match": made.headers["ETag"]}
    there = f"{place}/disputes/{dispute}/answer"
    assert worker.post(there, json=answer, headers=tag).status_code == 403
    assert lead.post(there, json=answer, headers=tag).is_success
    entries = worker.get(place).json()["entries"]
    assert [(one["kind"], one["outcome"]) for one in entries] == [
        ("reflection", None), ("dispute", "stands"),
    ]  # fmt: skip


def test_audits_of_own_cases_stand_on_pages_that_lead_to_each_other() -> None:
    audits = [str(at) for at in range(ON_A_PAGE + 2)]
    first = page_of(audits, "", "")
    assert (first.rows, first.previous) == (audits[:ON_A_PAGE], None)
    assert first.next is not None
    last = page_of(audits, first.next, "")
    assert (last.rows, last.next) == (audits[ON_A_PAGE:], None)
    assert last.previous is not None
    assert page_of(audits, "", last.previous) == first
    assert page_of(audits, "not one of them", "") == first
