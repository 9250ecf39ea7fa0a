"""A QA lead's quarterly report in a real browser, axe on every page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import NewCouncil
from tests.publishing.support import of_three
from tests.quarterly.support import agreed
from tests.support.browser import checked, heading, signed_in
from tests.support.council import Council

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    return of_three(new_council())


def test_a_lead_composes_a_quarterly_report_and_publishes_it(
    council: Council, address: str, tab: Page
) -> None:
    signed_in(tab, council, address, "lead")
    tab.goto(f"{address}/quarterly-reports")
    checked(tab)
    tab.get_by_role("link", name="Start a quarterly report").click()
    heading(tab, "Start a quarterly report")
    tab.get_by_label("Title").fill("Quarter 4")
    tab.get_by_label("Council").fill("Testshire")
    checked(tab)
    tab.get_by_role("button", name="Start").click()
    heading(tab, "Quarter 4")
    for report in ("Moderation agreement", "Grade profile"):
        tab.get_by_role("link", name=report, exact=True).click()
        tab.get_by_label("The question that the section answers").fill(f"What of {report}?")
        tab.get_by_label("What to print").select_option("whole")
        checked(tab)
        tab.get_by_role("button", name="Add the section").click()
        heading(tab, "Quarter 4")
    for place in (1, 2):
        tab.get_by_role("link", name=f"Write the commentary of section {place}").click()
        tab.get_by_label("Commentary").fill("It held.")
        tab.get_by_role("button", name="Save").click()
    tab.get_by_role("link", name="Choose the three headline sentences").click()
    for offered in range(3):
        tab.get_by_role("checkbox").nth(offered).check()
    checked(tab)
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("The headlines are chosen.")).to_be_visible()
    checked(tab)
    place = tab.url.removeprefix(address).partition("?")[0]
    agreed(council, place)
    tab.goto(address + place)
    tab.get_by_role("link", name="Publish the report").click()
    tab.get_by_role("button", name="Publish").click()
    tab.get_by_role("link", name="The report as it was published").click()
    expect(tab.get_by_text(re.compile("it is the same, byte for byte"))).to_be_visible()
    checked(tab)
