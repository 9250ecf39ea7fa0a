"""Supervision in a real browser: a session is recorded, a check is asked for, made and told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import NewCouncil
from tests.supervision.support import QUALITY, begun, managed
from tests.support.browser import axe, checked, heading, no_sideways_scroll, sign_in
from tests.support.council import Council

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    made = new_council()
    managed(made)
    for handle in ("worker", "reader", "lead", "auditor"):
        made.with_password(handle)
    begun(made, days_ago=40)
    made.moderated("inadequate", "inadequate")
    return made


def enter(tab: Page, legend: str, day: str) -> None:
    year, month, of_month = day.split("-")
    group = tab.get_by_role("group", name=legend)
    group.get_by_label("Day").fill(of_month)
    group.get_by_label("Month").fill(month)
    group.get_by_label("Year").fill(year)


def test_a_session_a_check_and_its_feedback(council: Council, address: str, tab: Page) -> None:
    sign_in(tab, address, "reader")
    tab.goto(f"{address}/supervision")
    expect(tab.get_by_text("Overdue", exact=True)).to_be_visible()
    axe(tab)
    tab.get_by_role("link", name="Worker Tree").click()
    tab.get_by_role("link", name="Record a session that took place").click()
    axe(tab)
    tab.get_by_role("button", name="Record it").click()
    expect(tab.get_by_role("link", name="Enter the day of the session.")).to_be_visible()
    enter(tab, "Day of the session", (council.today - timedelta(days=20)).isoformat())
    tab.get_by_label("Cases supervised").fill("C-1")
    tab.get_by_role("button", name="Record it").click()
    expect(tab.get_by_text("The session is recorded.")).to_be_visible()
    axe(tab)

    sign_in(tab, address, "lead")
    tab.goto(f"{address}/supervision")
    axe(tab)
    tab.get_by_role("link", name="Ask for a check of Worker Tree").click()
    tab.get_by_label("Tool").select_option(label=QUALITY.title)
    tab.get_by_label("Checker").select_option(label="Auditor Tree")
    enter(tab, "To be made by", (council.today + timedelta(days=9)).isoformat())
    tab.get_by_role("button", name="Ask for the check").click()
    expect(tab.get_by_text("You have asked for a check.")).to_be_visible()

    sign_in(tab, address, "auditor")
    tab.goto(f"{address}/supervision-checks")
    axe(tab)
    tab.get_by_role("link", name="Worker Tree").click()
    tab.get_by_role("link", name="Record the check").click()
    heading(tab, "Record the check")
    checked(tab)
    tab.get_by_role("link", name="What you looked at").click()
    save = tab.get_by_role("button", name="Save and continue")
    enter(tab, "First day of the supervision looked at", "2026-01-20")
    enter(tab, "Last day of the supervision looked at", "2026-02-31")
    save.click()
    expect(tab.get_by_role("link", name="Enter a real date, like 31 3 2027.")).to_be_visible()
    checked(tab)
    enter(tab, "Last day of the supervision looked at", "2026-03-01")
    save.click()
    for domain in QUALITY.domains:
        heading(tab, domain.title)
        tab.get_by_role("group", name=domain.title).get_by_label("Good", exact=True).check()
        tab.get_by_label(f"{domain.title}: what you saw").fill("Seen in every record read.")
        for question in domain.questions:
            tab.get_by_role("group", name=question.text).get_by_label("Yes").check()
        save.click()
    tab.get_by_role("group", name="Overall").get_by_label("Good", exact=True).check()
    tab.get_by_label("The reasons for the overall grade").fill("All of it is as it should be.")
    checked(tab)
    save.click()
    heading(tab, "Check your answers")
    checked(tab)
    tab.get_by_role("button", name="Submit the check").click()
    expect(tab.get_by_text("The check is submitted.")).to_be_visible()
    axe(tab)
    tab.get_by_role("link", name="Record the feedback to the pair").click()
    enter(tab, "Day of the feedback", council.today.isoformat())
    tab.get_by_label("Feedback to the pair").fill("What is strong.")
    tab.get_by_role("button", name="Record it").click()
    expect(tab.get_by_text("The feedback is recorded.")).to_be_visible()
    found = tab.url.partition("?")[0]

    sign_in(tab, address, "worker")
    tab.goto(found)
    expect(tab.get_by_text("What is strong.")).to_be_visible()
    tab.goto(f"{address}/supervision-report?by=calendar-year")
    assert tab.get_by_text("Supervision in figures").count() == 0

    sign_in(tab, address, "lead")
    why = "/supervision-report/why?figure=supervision_timeliness_rate"
    for place in ("/supervision-report?by=calendar-year&cut=team", why, "/supervision-policy"):
        tab.set_viewport_size({"width": 1200, "height": 900})
        tab.goto(f"{address}{place}")
        axe(tab)
        tab.set_viewport_size({"width": 320, "height": 900})
        no_sideways_scroll(tab)
    for place in ("/supervision", "/supervision-checks", found.removeprefix(address)):
        tab.goto(f"{address}{place}")
        no_sideways_scroll(tab)
