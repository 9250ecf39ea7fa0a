"""Reports, people and the access log in a real browser: axe, 320 px, and two journeys."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import NewCouncil
from tests.support.browser import axe, no_sideways_scroll, sign_in
from tests.support.council import Council

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    made = new_council(council_name="Northshire")
    made.moderated("good", "good")
    made.moderated("good", "requires-improvement", blind=False)
    made.moderated("inadequate", "inadequate")
    made.clock.advance(timedelta(days=60))
    made.moderated("outstanding", "good")
    for handle in ("lead", "admin"):
        made.with_password(handle)
    return made


def test_a_lead_asks_for_agreement_by_team_and_follows_a_figure_to_its_audits(
    address: str, tab: Page
) -> None:
    sign_in(tab, address, "lead", "/reports")
    axe(tab)
    tab.get_by_role("link", name="Moderation agreement").click()
    expect(tab.get_by_role("heading", name="Moderation agreement", level=1)).to_be_visible()
    tab.get_by_text("Change what this report shows").click()
    tab.get_by_label("Team", exact=True).and_(tab.get_by_role("checkbox")).check()
    tab.get_by_label("Blind or open").select_option("no")
    axe(tab)
    tab.get_by_role("button", name="Show the report").click()
    expect(tab.get_by_text("Only open: the moderator had seen it").last).to_be_visible()
    tab.get_by_text("More figures and charts").click()
    tab.get_by_text("Statistics", exact=True).click()
    expect(tab.get_by_role("img", name="Auditor’s grade by moderator’s grade")).to_be_visible()
    axe(tab)
    figure = re.compile(r"^1\s*: audits behind Moderated down, 2025.26 Q4, East$")
    tab.get_by_role("link", name=figure).click()
    expect(tab.get_by_role("heading", name="Moderated down", level=1)).to_be_visible()
    expect(tab.get_by_text("In the numerator (1)")).to_be_visible()
    axe(tab)
    tab.get_by_role("link", name="Count it again from the records alone").click()
    expect(tab.get_by_text("That is the same.")).to_be_visible()
    axe(tab)
    tab.get_by_role("link", name="Back").click()
    expect(tab.get_by_role("heading", name="Moderation agreement", level=1)).to_be_visible()


def test_without_scripts_a_wrong_date_is_named_and_leads_to_its_field(
    address: str, tab_without_scripts: Page
) -> None:
    page = tab_without_scripts
    sign_in(page, address, "lead", "/reports/grades")
    page.get_by_text("Change what this report shows").click()
    page.get_by_label("First day").fill("31/2/2026")
    page.get_by_role("button", name="Show the report").click()
    expect(page).to_have_title("Error: Grade profile – Caseloop – Northshire")
    expect(page.get_by_label("First day")).to_have_value("31/2/2026")
    page.get_by_label("First day").fill("1/1/2026")
    page.get_by_role("button", name="Show the report").click()
    page.get_by_text("More figures and charts").click()
    expect(page.get_by_text("Good or better, team by domain").first).to_be_visible()


def test_an_administrator_adds_somebody_with_a_role_and_a_code(address: str, tab: Page) -> None:
    sign_in(tab, address, "admin", "/people")
    tab.get_by_role("link", name="Add a person").click()
    tab.get_by_role("button", name="Add the person").click()
    expect(tab).to_have_title("Error: Add a person – Caseloop – Northshire")
    axe(tab)
    tab.get_by_label("Sign-in name").fill("b.new")
    tab.get_by_label("Name", exact=True).fill("Bay New")
    tab.get_by_role("button", name="Add the person").click()
    expect(tab.get_by_text("The person is added.")).to_be_visible()
    axe(tab)
    tab.get_by_role("link", name="Grant a role").click()
    tab.get_by_label("Role").select_option("moderator")
    axe(tab)
    tab.get_by_role("button", name="Grant the role").click()
    expect(tab.get_by_text("The role is granted.")).to_be_visible()
    expect(tab.get_by_text("The assigned moderator gives their own judgement.")).to_be_visible()
    tab.get_by_role("link", name="Make a one-time code").click()
    tab.get_by_role("button", name="Make the code").click()
    expect(tab.get_by_text("Copy the code now. It is not shown again.")).to_be_visible()
    axe(tab)
    no_sideways_scroll(tab)


@pytest.mark.parametrize(
    ("handle", "paths"),
    [
        (
            "lead",
            (
                "/reports/agreement?from=nonsense",
                "/reports/grades?from=2026-01-01&to=2026-06-30&dimension=domain",
                "/reports/grades?from=2011-01-01&to=2011-03-31",
                "/reports/grades/rows?from=2026-01-01&to=2026-06-30&figure=good_or_better_rate",
                "/access-log/unusual",
                "/purpose?of=child:C-1&next=/",
                "/account/rights",
            ),
        ),
        (
            "admin",
            (
                "/people/{reader}",
                *(f"/people/{{reader}}/{change}" for change in ("move", "end-role", "code")),
                "/teams/new",
                "/teams/east",
                "/about",
                "/health",
            ),
        ),
    ],
)
def test_every_page_is_accessible_and_fits_a_phone(
    address: str, council: Council, tab: Page, handle: str, paths: tuple[str, ...]
) -> None:
    sign_in(tab, address, handle, "/about")
    for path in paths:
        tab.set_viewport_size({"width": 1200, "height": 900})
        tab.goto(address + path.format(**council.ids))
        expect(tab.get_by_role("heading", level=1)).to_be_visible()
        axe(tab)
        no_sideways_scroll(tab)
