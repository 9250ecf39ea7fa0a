"""A QA lead's self-evaluation in a real browser, axe on every page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import NewCouncil
from tests.publishing.support import of_three
from tests.self_evaluation.support import WORDS
from tests.support.browser import checked, heading, signed_in
from tests.support.council import Council

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    return of_three(new_council())


def test_a_lead_makes_a_claim_ties_it_and_looks_again(
    council: Council, address: str, tab: Page
) -> None:
    signed_in(tab, council, address, "lead")
    tab.goto(f"{address}/self-evaluations")
    tab.get_by_role("link", name="Start a self-evaluation").click()
    tab.get_by_label("Title").fill("Self-evaluation 2026")
    tab.get_by_label("Council").fill("Testshire")
    tab.get_by_role("button", name="Start").click()
    heading(tab, "Self-evaluation 2026")
    place = tab.url.partition("?")[0]
    tab.get_by_role("link", name="Make a claim under Care leavers").click()
    expect(tab.get_by_label("Judgement area")).to_have_value("care-leavers")
    tab.get_by_label("What do we know?").fill(WORDS["known"])
    tab.get_by_label("How do we know it?").fill(WORDS["how_known"])
    tab.get_by_label("What will we do?").fill(WORDS["will_do"])
    checked(tab)
    tab.get_by_role("button", name="Make the claim").click()
    tab.get_by_role("link", name="Link to a figure").click()
    checked(tab)
    tab.get_by_role("link", name="Moderation agreement", exact=True).click()
    tab.get_by_label("Figure").select_option(index=1)
    checked(tab)
    tab.get_by_role("button", name="Link it").click()
    expect(tab.get_by_text("The claim is linked to the figure.")).to_be_visible()
    council.moderated("good", "good")
    tab.goto(place)
    expect(tab.get_by_text("1 claim has evidence that changed")).to_be_visible()
    checked(tab)
    tab.get_by_role("link", name="Say that it is still true").click()
    tab.get_by_label("Why is the claim still true?").fill("One more audit changes nothing of it.")
    tab.get_by_role("button", name="It is still true").click()
    expect(tab.get_by_text("The claim is no longer marked.")).to_be_visible()
    tab.get_by_role("row").get_by_role("link", name="Moderation agreement").click()
    expect(tab.get_by_text("Counted again from the records behind it alone")).to_be_visible()
    checked(tab)
