"""A loop in a real browser: the owner claims, a manager accepts, a lead confirms the impact."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from qa.core.words import Role
from tests.actions.support import raised
from tests.conftest import NewCouncil
from tests.support.browser import axe, checked, heading, no_sideways_scroll, sign_in
from tests.support.council import Council

pytestmark = pytest.mark.browser

TEXT = "Bring the chronology up to date."


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    made = new_council()
    made.grant("reader", Role.TEAM_MANAGER)
    for handle in ("worker", "reader", "lead"):
        made.with_password(handle)
    raised(made)
    return made


def test_from_a_claim_to_an_effect(council: Council, address: str, tab: Page) -> None:
    sign_in(tab, address, "worker")
    tab.get_by_role("link", name="Action to accept CA-").click()
    expect(tab.get_by_role("heading", name=TEXT)).to_be_visible()
    axe(tab)
    tab.get_by_role("link", name="Accept this action").click()
    tab.get_by_role("button", name="Accept it").click()
    expect(tab.get_by_text("The action is accepted.")).to_be_visible()
    tab.get_by_role("link", name="Claim this action done").click()
    checked(tab)
    save = tab.get_by_role("button", name="Save and continue")
    save.click()
    save.click()
    heading(tab, "Check your answers")
    tab.get_by_role("button", name="Claim it done").click()
    expect(tab.get_by_role("alert")).to_contain_text("There is a problem")
    checked(tab)
    tab.get_by_role("link", name="Show what was done.").click()
    tab.get_by_label("Evidence: kind", exact=True).select_option(index=1)
    tab.get_by_label("Evidence: what it is").fill("The chronology of May.")
    save.click()
    # Whoever leaves before anything was pressed finds it again, whatever the next page is.
    tab.clock.install()
    tab.get_by_label("Evidence 2 (optional): what it is").fill("A note of")
    tab.clock.fast_forward(4000)
    expect(tab.get_by_text("Saved ")).to_be_visible()
    tab.get_by_label("Evidence 2 (optional): what it is").fill("A note of the visit.")
    with tab.expect_response(lambda answer: answer.url.endswith("/more/draft")):
        tab.evaluate(
            """() => {
              Object.defineProperty(document, 'visibilityState', { value: 'hidden' })
              document.dispatchEvent(new Event('visibilitychange'))
            }"""
        )
    tab.goto(address)
    begun = tab.get_by_role("list").filter(has=tab.get_by_role("link", name="Claim this action"))
    checked(tab)
    begun.get_by_role("link", name="Claim this action done", exact=True).click()
    expect(tab.get_by_text("A note of the visit.")).to_be_visible()
    tab.get_by_role("link", name="Change More evidence").click()
    tab.get_by_label("Evidence 2 (optional): what it is").fill("")
    save.click()
    tab.get_by_role("button", name="Claim it done").click()
    expect(tab.get_by_text("Somebody outside your line checks the evidence.")).to_be_visible()

    sign_in(tab, address, "reader")
    tab.get_by_role("link", name="Evidence to check CA-").click()
    tab.get_by_role("link", name="Accept the evidence").click()
    tab.get_by_role("button", name="Accept the evidence").click()
    expect(tab.get_by_text("Impact can be checked from 27 April 2026.")).to_be_visible()

    council.clock.advance(timedelta(days=56))
    sign_in(tab, address, "lead")
    axe(tab)
    tab.get_by_role("link", name="Impact to check CA-").click()
    tab.get_by_role("link", name="Confirm the impact").click()
    tab.get_by_label("How did you look?").select_option(label="Dip sample")
    tab.get_by_label("Which re-audit, check, sample or indicator").fill("June sample")
    tab.get_by_label("What you saw").fill("Four of five are up to date.")
    tab.get_by_role("button", name="Close the loop").click()
    expect(tab.get_by_text("Loop closed: impact confirmed")).to_have_count(2)
    axe(tab)
    tab.set_viewport_size({"width": 320, "height": 900})
    no_sideways_scroll(tab)
    axe(tab)
    tab.goto(f"{address}/actions")
    expect(tab.get_by_role("link", name=TEXT)).to_be_visible()
    no_sideways_scroll(tab)
    axe(tab)
    tab.goto(f"{address}/actions/new")
    no_sideways_scroll(tab)
    axe(tab)
