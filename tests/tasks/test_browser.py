"""A day of work in a real browser: the queue, a deputy, notices, the team, the calendar."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from api.notifications.announcing import announce
from api.notifications.reminding import remind
from qa.core.words import Role, Scope
from tests.actions.support import by_hand
from tests.support.browser import axe, no_sideways_scroll, served, sign_in
from tests.support.council import PASSWORD, Council

pytestmark = pytest.mark.browser


def narrow(tab: Page, address: str, path: str) -> None:
    """On a telephone nothing is cut off, and the page breaks no rule that axe can see."""
    tab.goto(f"{address}{path}")
    no_sideways_scroll(tab)
    axe(tab)
    tab.set_viewport_size({"width": 1200, "height": 900})


def test_a_day_of_work(small_council: Council, tab: Page) -> None:
    council = small_council
    council.grant("reader", Role.TEAM_MANAGER, Scope(kind="team", code="east"))
    announce(council.services)
    by_hand(council, text="Write the visiting standard down.")
    council.clock.advance(timedelta(days=10))
    for handle in ("worker", "reader", "lead"):
        council.with_password(handle)
    announce(council.services)
    remind(council.services)
    worker = council.ids["worker"]
    with served(council.app) as address:
        sign_in(tab, address, "worker", "/")
        tab.get_by_role("link", name="Notices (2)").click()
        expect(tab.get_by_text("2 unread.")).to_be_visible()
        axe(tab)
        narrow(tab, address, "/notices")
        tab.get_by_role("button", name=re.compile("Mark as read.*An action was given")).click()
        expect(tab.get_by_text("1 unread.")).to_be_visible()
        tab.get_by_role("button", name="Mark these and all earlier ones as read").click()
        expect(tab.get_by_role("link", name="Notices", exact=True)).to_be_visible()

        tab.get_by_role("link", name="My account").click()
        tab.get_by_role("link", name="Who stands in for me").click()
        tab.get_by_role("button", name="Name a deputy").click()
        tab.get_by_role("button", name="Name the deputy").click()
        expect(tab.get_by_role("link", name="Enter a day.").first).to_be_visible()
        axe(tab)
        tab.get_by_label("Who stands in").select_option(label="Lead Tree")
        for which, day in (("First day", council.today), ("Last day", council.today)):
            group = tab.get_by_role("group", name=which)
            for part in ("day", "month", "year"):
                group.get_by_label(part.capitalize()).fill(str(getattr(day, part)))
        tab.get_by_role("button", name="Name the deputy").click()
        expect(tab.get_by_text("The deputy is named.")).to_be_visible()
        narrow(tab, address, f"/people/{worker}/deputies")
        for path in (
            "/account/calendar", "/account/address", "/your-work/accept", "/your-work",
            "/actions?arrange=columns", "/views", "/views/new?list=%2Factions",
        ):  # fmt: skip
            narrow(tab, address, path)
        tab.goto(f"{address}/account/calendar")
        tab.get_by_label("Your password").fill(PASSWORD)
        tab.get_by_role("button", name="Make an address").click()
        expect(tab.get_by_text("Copy the address now.")).to_be_visible()
        axe(tab)

        tab.context.clear_cookies()
        sign_in(tab, address, "lead", "/")
        tab.get_by_role("link", name="Action to accept for").click()
        tab.get_by_role("link", name="Accept this action").click()
        tab.get_by_role("button", name="Accept it").click()
        expect(tab.get_by_text("The action is accepted.")).to_be_visible()
        narrow(tab, address, "/")
        narrow(tab, address, "/reminder-policy")

        tab.context.clear_cookies()
        sign_in(tab, address, "reader", "/")
        tab.get_by_role("link", name="Work in your teams").click()
        expect(tab.get_by_role("rowheader", name="Worker Tree")).to_be_visible()
        axe(tab)
        narrow(tab, address, "/team-work")
