"""A lead edits a tool and publishes it, in a real browser."""

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


def test_a_lead_edits_a_tool_and_publishes_the_next_version(
    council: Council, address: str, tab: Page
) -> None:
    signed_in(tab, council, address, "lead")
    tab.goto(f"{address}/tools/dip-sample")
    tab.get_by_role("link", name="Edit the working copy").click()
    heading(tab, "Edit Dip sample")
    checked(tab)
    tab.get_by_label("Title").fill("")
    tab.get_by_role("button", name="Save the working copy").click()
    expect(tab.get_by_role("alert")).to_contain_text("There is a problem")
    checked(tab)
    tab.get_by_label("Title").fill("Quick dip")
    tab.get_by_role("button", name="Save the working copy").click()
    expect(tab.get_by_text("Saved.")).to_be_visible()
    tab.get_by_label("New domain").fill("Supervision")
    tab.get_by_role("button", name="Add the domain").click()
    tab.get_by_role("main").get_by_role("link", name="Supervision", exact=True).click()
    heading(tab, "Edit Supervision")
    tab.get_by_label("New question", exact=True).fill("Is supervision on the file?")
    tab.get_by_role("button", name="Add the question").click()
    expect(tab.get_by_role("group", name="Question 1")).to_be_visible()
    checked(tab)
    tab.goto(f"{address}/tools/dip-sample/publish")
    expect(tab.get_by_text("Domain added: Supervision.")).to_be_visible()
    checked(tab)
    tab.get_by_role("button", name="Publish version 2").click()
    expect(tab.get_by_text("New audits use version 2.")).to_be_visible()
    checked(tab)
