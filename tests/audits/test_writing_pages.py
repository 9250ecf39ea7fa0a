"""Writing an audit through its pages: sections, drafts, merging, checking, submitting."""

from __future__ import annotations

from datetime import date

import pytest

from api.audits.forms import fields_of, read, tidied
from qa.audits import handlers as audit_handlers
from qa.audits.commands import ReturnAudit
from qa.audits.judgements import Strength
from qa.audits.submission import unanswered
from qa.core.errors import Refused
from tests.audits.support import submitted_through_pages, write_all
from tests.support.council import Council, content, words_of
from tests.support.forms import hidden
from tests.support.told_codes import ToldCodes


@pytest.mark.one_database
def test_an_audit_written_page_by_page_is_submitted_as_typed(council: Council) -> None:
    audit = council.allocated()
    browser = council.browser("auditor")
    action = council.action(domain="planning")
    wanted = content(
        council.tool,
        council.today,
        actions=(action,),
        no_action_reason="",
        strengths=(Strength(text="A life-story book was begun.", domain="identity"),),
    )
    done = submitted_through_pages(
        browser,
        council,
        audit,
        actions=wanted.actions,
        no_action_reason="",
        strengths=wanted.strengths,
    )
    assert done.headers["location"] == f"/audits/{audit}/submitted"
    assert council.view(audit).content == wanted
    told = words_of(browser.get(done.headers["location"]).text)
    assert "Audit submitted" in told
    assert council.view(audit).row.reference in told
    assert "the first audits of every new auditor are moderated" in told


def test_a_double_submit_submits_once_and_both_see_the_confirmation(council: Council) -> None:
    audit = council.allocated()
    browser = council.browser("auditor")
    write_all(browser, council, audit)
    form = hidden(browser.get(f"/audits/{audit}/check").text)
    first, second = (browser.post(f"/audits/{audit}/check", form) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    head = council.services.store.head()
    browser.post(f"/audits/{audit}/check", form)
    assert council.services.store.head() == head


def test_the_task_list_says_how_far_each_section_is(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    browser = council.browser("auditor")
    begun = words_of(browser.get(f"/audits/{audit}/write").text)
    assert "Planning and review Not started" in begun
    assert "Strengths Optional" in begun
    assert "Permanence" not in begun
    path = f"/audits/{audit}/write/domain-planning"
    browser.post(path, {"revision": "0", "judgements.planning.evidence": "The plan drifts."})
    told = words_of(browser.get(f"/audits/{audit}/write").text)
    assert "Planning and review Incomplete" in told
    assert council.view(audit).row.status == "in-progress"


def test_sections_for_children_in_care_appear_when_the_status_says_so(
    small_council: Council,
) -> None:
    audit = small_council.allocated()
    browser = small_council.browser("auditor")
    about = f"/audits/{audit}/write/about"
    browser.post(about, {"revision": "0", "child_status": "child-in-care"})
    assert "Permanence and stability" in browser.get(f"/audits/{audit}/write").text
    permanence = f"/audits/{audit}/write/domain-permanence"
    browser.post(permanence, {"revision": "1", "judgements.permanence.grade": "good"})
    browser.post(about, {"revision": "2", "child_status": "child-in-need"})
    assert "does not apply to a child with this status" in browser.get(
        f"/audits/{audit}/check"
    ).text  # fmt: skip
    assert browser.get(permanence).status_code == 404


def test_every_fault_is_linked_to_its_field_on_its_page(small_council: Council) -> None:
    audit = small_council.allocated()
    browser = small_council.browser("auditor")
    page = browser.get(f"/audits/{audit}/check")
    at = f"/audits/{audit}/write"
    for place in (
        "about?check=yes#audit_date",
        "domain-assessment?check=yes#judgements-assessment-grade",
        "involvement?check=yes#involvement-status",
        "actions?check=yes#no_action_reason",
        "overall?check=yes#overall",
    ):
        assert f'href="{at}/{place}"' in page.text
    refused = browser.post(f"/audits/{audit}/check", hidden(page.text))
    assert refused.status_code == 422
    assert "<title>Error: Check your answers" in refused.text
    shown = browser.get(f"{at}/about?check=yes").text
    assert "Enter the date of the audit." in shown
    assert 'id="audit_date"' in shown


def test_a_rule_that_bites_is_shown_with_the_place_to_set_it_aside(
    small_council: Council,
) -> None:
    council = small_council
    audit = council.allocated()
    browser = council.browser("auditor")
    write_all(browser, council, audit, overall="inadequate")
    path = f"/audits/{audit}/write/overall"
    form = {**hidden(browser.get(path).text), "overall": "good", "rationale": "It is good enough."}
    limited = browser.post(path, form)
    assert limited.headers["location"] == f"{path}?check=yes"
    page = browser.get(limited.headers["location"])
    assert "The overall grade cannot be better than Inadequate" in page.text
    name = "overrides.inadequate-lived-experience"
    assert f'name="{name}"' in page.text
    form = {**form, **hidden(page.text), name: "The child was seen the day after."}
    form |= {
        "overrides.rationale-any": "Said at length in the meeting.",
        "overrides.inadequate-anywhere": "One domain alone, put right by now.",
        "overrides.three-not-yet-good": "All three are put right by now.",
    }
    browser.post(path, form)
    done = browser.post(
        f"/audits/{audit}/check", hidden(browser.get(f"/audits/{audit}/check").text)
    )
    assert done.status_code == 303
    told = words_of(council.browser("lead").get(f"/audits/{audit}").text)
    assert "Set aside, because: The child was seen the day after." in told


def test_a_shortfall_without_an_action_is_asked_for_on_the_page_of_actions(
    small_council: Council,
) -> None:
    council = small_council
    audit = council.allocated()
    browser = council.browser("auditor")
    write_all(browser, council, audit, overall="requires-improvement")
    path = f"/audits/{audit}/write/actions"
    page = browser.get(path).text
    name = "no_action_reasons.planning"
    assert f'name="{name}"' in page
    assert 'name="no_action_reason"' not in page
    browser.post(path, {**hidden(page), name: "None."})
    page = browser.get(f"{path}?check=yes").text
    title = words_of(council.tool.domain("planning").title)  # type: ignore[union-attr]
    assert f"Say why {title} needs none" in words_of(page)
    typed = {
        f"no_action_reasons.{domain.id}": f"The plan answers {domain.title} by now."
        for domain in unanswered(content(council.tool, council.today, "requires-improvement"),
                                 council.tool)
    }  # fmt: skip
    browser.post(path, {**hidden(page), **typed})
    check = f"/audits/{audit}/check"
    assert browser.post(check, hidden(browser.get(check).text)).status_code == 303
    told = words_of(council.browser("lead").get(f"/audits/{audit}").text)
    assert f"No action for {title}: The plan answers {title} by now." in told


def test_two_devices_never_overwrite_one_another(council: Council) -> None:
    audit = council.allocated()
    desk, phone = council.browser("auditor"), council.browser("auditor")
    path = f"/audits/{audit}/write/domain-planning"
    evidence, grade = "judgements.planning.evidence", "judgements.planning.grade"
    both_opened = hidden(desk.get(path).text)
    phone.post(path, {**both_opened, evidence: "Typed on the phone.", grade: "good"})
    clash = desk.post(path, {**both_opened, evidence: "Typed at the desk.", grade: "good"})
    assert clash.status_code == 409
    told = words_of(clash.text)
    assert "Typed on the phone." in told
    assert "Typed at the desk." in told
    assert "Planning and review: grade" not in told, "only what differs is asked"
    form = hidden(clash.text)
    unchosen = desk.post(f"{path}/merge", form)
    assert "Choose what to keep: Planning and review: evidence." in words_of(unchosen.text)
    assert "Typed at the desk." in unchosen.text
    kept = desk.post(f"{path}/merge", {**form, f"keep.{evidence}": "both"})
    assert kept.status_code == 303
    again = desk.get(path).text
    assert "Typed on the phone.\n\nTyped at the desk." in again.replace("\r\n", "\n")
    assert 'value="good" checked' in again.replace("\n", " ")


def test_the_same_typed_twice_needs_no_merging(small_council: Council) -> None:
    audit = small_council.allocated()
    browser = small_council.browser("auditor")
    path = f"/audits/{audit}/write/overall"
    form = {"revision": "0", "rationale": "The plan works."}
    assert browser.post(path, form).status_code == 303
    assert browser.post(path, form).status_code == 303


def test_autosave_answers_with_the_new_revision_and_refuses_a_stale_one(
    small_council: Council,
) -> None:
    audit = small_council.allocated()
    browser = small_council.browser("auditor")
    path, form = f"/audits/{audit}/write/overall/draft", {"rationale": "One."}
    first = browser.post(path, {**form, "revision": "0"})
    assert (first.status_code, first.headers["Draft-Revision"]) == (204, "1")
    second = browser.post(path, {**form, "revision": "1", "rationale": "Two."})
    assert second.headers["Draft-Revision"] == "2"
    stale = browser.post(path, {**form, "revision": "0", "rationale": "Three."})
    assert stale.status_code == 409
    assert "Two." in browser.get(f"/audits/{audit}/write/overall").text
    nowhere = f"/audits/{audit}/write/nowhere/draft"
    assert browser.post(nowhere, {"revision": "2"}).status_code == 404


def test_a_draft_changed_elsewhere_is_not_submitted_unseen(
    small_council: Council, told_codes: ToldCodes
) -> None:
    council = small_council
    audit = council.allocated()
    browser = council.browser("auditor")
    write_all(browser, council, audit)
    form = hidden(browser.get(f"/audits/{audit}/check").text)
    path = f"/audits/{audit}/write/overall"
    browser.post(path, {**hidden(browser.get(path).text), "overall": "inadequate"})
    refused = browser.post(f"/audits/{audit}/check", form)
    assert refused.status_code == 409
    assert "changed on another device" in refused.text
    assert "draft-moved-on" in told_codes.taken()
    assert council.view(audit).content is None


def test_actions_are_added_and_removed_without_scripts(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    browser = council.browser("auditor")
    path = f"/audits/{audit}/write/actions"
    form = {**hidden(browser.get(path).text), "actions.0.text": "See the child.", "do": "another"}
    added = browser.post(path, form)
    page = browser.get(added.headers["location"])
    assert "Action 2" in page.text
    form = {**hidden(page.text), "actions.0.text": "See the child.", "actions.1.text": "Ring."}
    browser.post(path, form)
    page = browser.get(path)
    assert "Action 3" not in page.text
    form = {**hidden(page.text), "actions.0.text": "See the child.", "actions.1.text": "Ring."}
    browser.post(path, {**form, "do": "remove.0"})
    left = browser.get(path).text
    assert "Ring." in left
    assert "See the child." not in left


def test_a_resubmission_asks_why_each_answer_changed(small_council: Council) -> None:
    council = small_council
    audit = council.submitted()
    audit_handlers.send_back(
        council.services.desk,
        ReturnAudit(audit=audit, comments="Say more of the plan."),
        by=council.actor("lead"),
    )
    browser = council.browser("auditor")
    assert "Say more of the plan." in browser.get(f"/audits/{audit}/write").text
    path = f"/audits/{audit}/write/domain-planning"
    page = browser.get(path)
    assert "Evidence for Planning and review seen on the file." in page.text
    form = {
        **hidden(page.text),
        "judgements.planning.grade": "good",
        "judgements.planning.evidence": "The plan of March names who does what by when.",
        "judgements.planning.answers.timescales": "yes",
    }
    browser.post(path, form)
    page = browser.get(f"/audits/{audit}/check")
    assert "Why did you change it?" in page.text
    form = hidden(page.text)
    refused = browser.post(f"/audits/{audit}/check", form)
    assert refused.status_code == 422
    assert 'href="#reasons-0-why"' in refused.text
    assert browser.post(
        f"/audits/{audit}/check", {**form, "reasons.0.why": "moderator-comment"}
    ).headers["location"].endswith("/submitted")  # fmt: skip


@pytest.mark.parametrize("handle", ["lead", "auditor2", "moderator", "nobody"])
def test_only_the_author_writes(small_council: Council, handle: str) -> None:
    audit = small_council.allocated()
    browser = small_council.browser(handle)
    wanted = 403 if handle == "lead" else 404
    for path in ("write", "write/about", "check"):
        assert browser.get(f"/audits/{audit}/{path}").status_code == wanted
    for path in ("write/about", "check", "write/about/draft", "write/about/merge"):
        form = {"revision": "0"}
        assert browser.post(f"/audits/{audit}/{path}", form).status_code == wanted


def test_what_is_typed_into_an_audit_submitted_meanwhile_is_kept_and_told(
    small_council: Council,
) -> None:
    audit = small_council.submitted()
    browser = small_council.browser("auditor")
    path = f"/audits/{audit}/write/overall"
    kept = browser.post(path, {"revision": "0", "rationale": "A late thought."}).headers["location"]
    assert browser.get(path).headers["location"] == kept
    told = words_of(browser.get(kept).text)
    assert "A late thought." in told
    assert "This audit was submitted already." in told


def test_fields_and_content_are_each_other_s_inverse(small_council: Council) -> None:
    council = small_council
    whole = content(
        council.tool,
        council.today,
        actions=(council.action(), council.action(domain="planning")),
        strengths=(Strength(text="Warm, honest words."),),
        no_action_reason="",
    )
    filled = read(fields_of(whole), council.tool, today=council.today)
    assert filled.faults == ()
    assert filled.content == whole


def test_a_form_may_give_a_day_in_one_text_and_names_a_day_that_is_none() -> None:
    fields = {"audit_date": "2026-03-01", "practice_from.day": "31", "practice_from.month": "2"}
    from qa.audit_tools.files import shipped_tools

    filled = read(fields, shipped_tools()[0], today=date(2026, 3, 2))
    assert filled.content.audit_date == date(2026, 3, 1)
    assert {f.field: f.code for f in filled.faults} == {
        "practice_from": "date-impossible",
        "practice_to": "date-missing",
        "child_status": "choice-missing",
    }


def test_a_status_that_no_page_offers_is_refused() -> None:
    from qa.audit_tools.files import shipped_tools

    with pytest.raises(Refused):
        read({"involvement.status": "asleep"}, shipped_tools()[0], today=date(2026, 3, 2))


def test_tidying_numbers_lists_anew_and_drops_what_is_empty() -> None:
    assert tidied(
        {"actions.1.text": "b\r\nc", "actions.0.action": "x", "rationale": " ", "overall": "good"}
    ) == {"actions.0.text": "b\nc", "overall": "good"}
