"""A moderator's and a lead's journeys in a real browser, axe on every page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import NewCouncil
from tests.support.browser import checked, heading, signed_in
from tests.support.council import Council

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    return new_council()


def test_a_moderator_judges_blind_and_then_sees_both_judgements(
    council: Council, address: str, tab: Page
) -> None:
    audit, _ = council.assigned("good")
    signed_in(tab, council, address, "moderator")
    tab.goto(f"{address}/audits/{audit}/moderation")
    expect(tab.get_by_text("You moderate this audit blind.")).to_be_visible()
    expect(tab.get_by_text("Auditor Tree")).to_have_count(0)
    checked(tab)
    tab.get_by_role("link", name="See the auditor's judgement first").click()
    heading(tab, "See the auditor's judgement first")
    checked(tab)
    tab.get_by_role("link", name="Back").click()
    tab.get_by_role("button", name="Give your own judgement").click()
    heading(tab, "Give your own judgement")
    checked(tab)
    tab.get_by_role("button", name="Check your answers").click()
    checked(tab)
    tab.get_by_role("button", name="Record my judgement").click()
    expect(tab.get_by_role("alert")).to_contain_text("There is a problem")
    checked(tab)
    first = council.tool.domains[0]
    tab.get_by_role("link", name=f"Choose a grade for {first.title}").click()
    save = tab.get_by_role("button", name="Save and continue")
    expect(tab.get_by_role("alert")).to_contain_text(f"Choose a grade for {first.title}")
    for domain in council.tool.domains:
        if domain.applies_to:  # not to this child, so that nobody is asked
            continue
        heading(tab, domain.title)
        group = tab.get_by_role("group", name=f"Your grade for {domain.title}")
        group.get_by_label("Requires improvement", exact=True).check()
        save.click()
    overall = tab.get_by_role("group", name="The overall grade you would give")
    overall.get_by_label("Requires improvement", exact=True).check()
    tab.get_by_label("Your reasons").fill("The plan has no dates and drifts.")
    checked(tab)
    save.click()
    heading(tab, "The audit itself")
    save.click()
    heading(tab, "Check your answers")
    tab.get_by_role("button", name="Record my judgement").click()
    heading(tab, "Auditor and moderator side by side")
    expect(tab.get_by_text("They differ overall:")).to_be_visible()
    expect(tab.get_by_text("Auditor Tree").first).to_be_visible()
    checked(tab)
    tab.get_by_role("link", name="Show only differences").click()
    expect(tab.get_by_text("Only differences are shown")).to_be_visible()
    tab.get_by_role("link", name="Dispute the moderator's grade").click()
    heading(tab, "What you dispute")
    checked(tab)
    tab.get_by_label("The overall grade").check()
    tab.get_by_label("Why do you challenge the grade?").fill("Talking did not settle it.")
    save.click()
    tab.get_by_label("Evidence that supports you").fill("Page 3 of the plan.")
    save.click()
    checked(tab)
    tab.get_by_role("button", name="Send the dispute").click()
    expect(tab.get_by_text("Your dispute is sent.")).to_be_visible()
    checked(tab)


@pytest.mark.parametrize("step", ["consensus", "assign"])
def test_every_form_of_moderation_is_accessible_with_and_without_errors(
    council: Council, address: str, tab: Page, step: str
) -> None:
    waiting = step == "assign"
    audit, _ = council.assigned() if waiting else council.moderated("good", "inadequate")
    signed_in(tab, council, address, "lead" if waiting else "auditor")
    tab.goto(f"{address}/audits/{audit}/moderation/{step}")
    checked(tab)
    tab.locator("main form button").last.click()
    expect(tab.get_by_role("alert")).to_contain_text("There is a problem")
    checked(tab)


def test_a_form_that_came_too_late_says_what_changed(
    council: Council, address: str, tab: Page
) -> None:
    audit, moderation = council.assigned(blind=False)
    signed_in(tab, council, address, "lead")
    tab.goto(f"{address}/audits/{audit}/moderation/cancel")
    council.record(audit, moderation, "good")
    tab.get_by_label("Why is it cancelled?").fill("Nobody has time.")
    tab.get_by_role("button", name="Cancel the moderation").click()
    heading(tab, "This has changed since you opened it")
    expect(tab.get_by_text("Recorded the moderator's judgement")).to_be_visible()
    checked(tab)


def test_pages_of_a_qa_lead_are_accessible_and_fit_a_phone(
    council: Council, address: str, tab: Page
) -> None:
    council.assigned()
    signed_in(tab, council, address, "lead")
    for path in (
        "/moderations?state=overdue", "/disputes", "/moderation-policy/edit",
        "/tools/dip-sample", "/tools/whole-case-file/versions/1", "/tools/dip-sample/compare",
        "/tools/dip-sample/import", "/tools/dip-sample/retire", "/scales/new?of=four-grades",
        "/imports/new",
    ):  # fmt: skip
        tab.goto(address + path)
        checked(tab)
