"""An inspector in a real browser: room, figure, history, dates, ledger, pack; and publishing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from qa.audits import handlers as audit_handlers
from qa.audits.commands import WithdrawAudit
from tests.conftest import NewCouncil
from tests.inspections.support import pinned_to_yesterday
from tests.support.browser import axe, no_sideways_scroll, sign_in
from tests.support.council import Council

pytestmark = pytest.mark.browser

ASKED = "from=2026-01-01&to=2026-12-31&by=financial-year"


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    made = new_council(council_name="Northshire")
    made.moderated("good", "good")
    made.moderated("good", "inadequate")
    made.clock.advance(timedelta(days=1))
    pinned_to_yesterday(made)
    for handle in ("lead", "nobody"):
        made.with_password(handle)
    return made


def test_an_inspector_follows_a_figure_to_its_events_and_asks(
    address: str, council: Council, tab: Page
) -> None:
    sign_in(tab, address, "nobody", "/")
    tab.get_by_role("link", name="Your room", exact=True).click()
    expect(tab.get_by_role("heading", name="Focused visit")).to_be_visible()
    axe(tab)
    tab.get_by_label("Notes").fill("Two moderations differ.")
    tab.get_by_role("button", name="Save the notes").click()
    expect(tab.get_by_text("Your notes are saved.")).to_be_visible()
    tab.goto(f"{address}/reports/agreement?{ASKED}")
    figure = re.compile("audits behind Same grade")
    tab.get_by_role("link", name=figure).first.click()
    expect(tab.get_by_text("Why this number?").first).to_be_visible()
    tab.get_by_role("link", name="Count it again from the records alone").click()
    expect(tab.get_by_text("That is the same.")).to_be_visible()
    axe(tab)
    tab.get_by_role("link", name=re.compile("^History of ")).first.click()
    expect(tab.get_by_role("heading", name="History", exact=True)).to_be_visible()
    expect(tab.get_by_text("Submitted the audit").first).to_be_visible()
    axe(tab)
    for path in (
        "/compare",
        "/learnt-later",
        "/ledger",
        "/packs",
        "/published",
        "/account/accesses",
    ):
        tab.goto(f"{address}{path}")
        expect(tab.get_by_role("heading", level=1)).to_be_visible()
        axe(tab)
        no_sideways_scroll(tab)
        tab.set_viewport_size({"width": 1200, "height": 900})
    tab.goto(f"{address}/room")
    tab.get_by_role("button", name="Ask", exact=True).click()
    expect(tab.get_by_role("heading", name="There is a problem")).to_be_visible()
    axe(tab)
    tab.get_by_label("Ask a question").fill("Who talked the difference over?")
    tab.get_by_role("button", name="Ask", exact=True).click()
    expect(tab.get_by_text("Your question is with the council.")).to_be_visible()
    no_sideways_scroll(tab)


def test_a_lead_opens_the_room_answers_and_restates_a_report(
    address: str, council: Council, tab: Page
) -> None:
    page = tab
    sign_in(page, address, "lead", "/inspections")
    axe(page)
    page.get_by_role("link", name="Focused visit").click()
    axe(page)
    no_sideways_scroll(page)
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto(f"{address}/inspections/new")
    page.get_by_role("button", name="Open the room").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    axe(page)
    page.goto(f"{address}/reports/agreement?{ASKED}")
    page.get_by_role("link", name="Publish this report").click()
    axe(page)
    page.get_by_label("Published as").fill("To the board")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("The report is published.")).to_be_visible()
    place = page.url.partition("?")[0]
    audit_handlers.withdraw(
        council.services.desk,
        WithdrawAudit(audit=council.first_audit(), reason="It was made on the wrong file."),
        by=council.actor("lead"),
    )
    page.goto(place)
    expect(page.get_by_role("heading", name="Tell readers")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Put the restatement on record").click()
    expect(page.get_by_text("The restatement is on record.")).to_be_visible()
    page.goto(f"{address}/published")
    axe(page)
    no_sideways_scroll(page)
