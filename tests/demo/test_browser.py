"""The pages of the navigation in a real browser, on a phone and on a desktop."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from api.main import create_app
from api.navigation import items
from api.services import Services
from tests.demo.support import HANDLES, session_of
from tests.support.browser import axe, no_sideways_scroll, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OWN = {"practitioner": "/own-audits", "inspector": "/room"}
"""What a lead is not shown: one's own cases and an inspector's room."""
EDGES = (".govuk-generic-header__logo", ".moj-sub-navigation__list", "h1")


def test_every_page_of_the_navigation_is_accessible_and_its_title_stands_high(
    told: Services, tab: Page
) -> None:
    """Axe and nothing sideways at 320 and 1280 px, the title within 250 and 300 px, on one edge."""
    shown = {"lead": {item.href for item in items()} - {*OWN.values()}}
    shown |= {role: {path} for role, path in OWN.items()}
    with served(create_app(told)) as address:
        for role, paths in shown.items():
            name, secret = session_of(told, HANDLES[role])
            tab.context.add_cookies([{"name": name, "value": secret, "url": address}])
            for path in sorted(paths):
                tab.set_viewport_size({"width": 320, "height": 640})
                tab.goto(f"{address}{path}")
                for wide, high in ((320, 250), (1280, 300)):
                    no_sideways_scroll(tab, wide)
                    header = tab.locator("header")
                    expect(header.get_by_role("button", name="Sign out")).to_be_visible()
                    expect(header.get_by_text("Demonstration data")).to_be_visible()
                    expect(tab.locator(".app-as-at")).to_be_hidden()
                    boxes = [tab.locator(one).first.bounding_box(timeout=1000) for one in EDGES
                             if one == "h1" or path != "/plans"]  # fmt: skip
                    title = boxes[-1]
                    assert title is not None
                    assert title["y"] + title["height"] < high, (path, wide, title)
                    assert len({round(one["x"]) for one in boxes if one}) == 1, (path, wide, boxes)
                    axe(tab)
            if role == "lead":
                tab.set_viewport_size({"width": 320, "height": 640})
                tab.goto(f"{address}/audits")
                other = tab.get_by_role("link", name="Supervision checks")
                expect(other).to_be_hidden()
                tab.get_by_role("button", name="More in Audits").click()
                expect(other).to_be_visible()
                no_sideways_scroll(tab)
                axe(tab)
