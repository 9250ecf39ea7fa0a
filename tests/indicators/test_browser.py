"""Keeping an indicator in a real browser: axe on every page, 320 px, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect

from api.main import create_app
from tests.conftest import NewCouncil
from tests.indicators.support import Keeper
from tests.support.browser import axe, no_sideways_scroll, served, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(new_council: NewCouncil) -> Iterator[str]:
    council = new_council(datetime(2021, 1, 19, 9, tzinfo=UTC))
    keep = Keeper(council)
    id = keep.define("rereferrals", period="month", since=date(2019, 1, 1), polarity="lower")
    day = date(2019, 1, 1)
    for n in range(24):
        above = 30 if n == 23 else 15 + n % 3
        if n != 9:
            keep.observe(id, f"{day:%B %Y}", numerator=str(above), denominator="100")
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    keep.target(id, "lte", "20", since=date(2019, 6, 1))
    keep.do("observe_comparator", id, comparator="England", period="2019/20", value="22")
    keep.observe(id, "December 2020", "27", source="Scrutiny pack")
    council.with_password("lead")
    with served(create_app(council.services)) as found:
        yield found


def test_a_lead_reads_a_control_chart_and_records_what_happened(address: str, tab: Page) -> None:
    sign_in(tab, address, "lead", "/indicators")
    axe(tab)
    tab.get_by_role("link", name="Rereferrals", exact=True).click()
    expect(tab.get_by_role("heading", name="Rereferrals", level=1)).to_be_visible()
    expect(tab.get_by_role("img", name="Rereferrals: control chart")).to_be_visible()
    concern = "Special cause: concerning, higher values (a point beyond a limit)."
    expect(tab.get_by_text(concern).first).to_be_visible()
    expect(tab.get_by_text("Sources differ")).to_be_visible()
    axe(tab)
    no_sideways_scroll(tab)
    axe(tab)
    tab.set_viewport_size({"width": 1200, "height": 900})
    tab.get_by_role("link", name="Recalculate limits").click()
    tab.get_by_label("Period").fill("Q3")
    tab.get_by_role("button", name="Recalculate limits").click()
    summary = tab.get_by_role("alert")
    expect(summary.get_by_role("link", name="Say why.")).to_be_visible()
    axe(tab)
    tab.get_by_label("Period").fill("January 2020")
    tab.get_by_label("Reason").fill("Contacts go to another team from here on.")
    tab.get_by_role("button", name="Recalculate limits").click()
    expect(tab.get_by_text("Limits recalculated from 1 January 2020").first).to_be_visible()
    axe(tab)
    tab.get_by_text("Show another date").click()
    tab.get_by_label("Recorded up to").fill("19/1/2021")
    tab.get_by_role("button", name="Show", exact=True).click()
    expect(tab.locator(".app-as-at")).to_contain_text("As recorded today, 19 January 2021")
    axe(tab)


def test_without_scripts_an_indicator_is_defined_and_a_fault_stands_beside_its_field(
    address: str, tab_without_scripts: Page
) -> None:
    page = tab_without_scripts
    sign_in(page, address, "lead", "/indicators/new")
    page.get_by_label("Name", exact=True).fill("Return interviews")
    page.get_by_label("Unit").select_option("percent")
    for box, value in (("Day", "2"), ("Month", "4"), ("Year", "2020")):
        page.get_by_label(box, exact=True).fill(value)
    page.get_by_role("button", name="Define an indicator").click()
    expect(page.get_by_text("is in the middle of 2020/21 Q1").first).to_be_visible()
    page.get_by_label("Day", exact=True).fill("1")
    page.get_by_role("button", name="Define an indicator").click()
    expect(page.get_by_text("The indicator is defined.")).to_be_visible()
    expect(page.get_by_text("No value yet for 2020/21 Q1, 2020/21 Q2, 2020/21 Q3.")).to_be_visible()
