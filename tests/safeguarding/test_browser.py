"""A concern from a draft to its acknowledgement, and a practitioner's view, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qa.core.clock import SetClock
from tests.conftest import START
from tests.practitioners.support import PRAISE, released
from tests.support.browser import axe, no_sideways_scroll, sign_in
from tests.support.council import Council, Model

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def council(sqlite_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    folder: Path = tmp_path_factory.mktemp("concerns")
    made = sqlite_model.copied(f"sqlite:///{folder / 'council.db'}", SetClock(START), folder)
    for handle in ("auditor", "moderator", "worker"):
        made.with_password(handle)
    yield made
    made.services.store.close()


def test_from_a_draft_to_an_acknowledgement(council: Council, address: str, tab: Page) -> None:
    audit = council.allocated()
    sign_in(tab, address, "auditor")
    tab.goto(f"{address}/audits/{audit}/write")
    tab.get_by_role("link", name="Raise a safeguarding concern").click()
    tab.get_by_role("button", name="Raise the concern").click()
    expect(
        tab.get_by_role("link", name="Say what you fear for the child, and why.")
    ).to_be_visible()
    axe(tab)
    tab.get_by_label("What you fear for the child").fill("Alone at night.")
    tab.get_by_role("button", name="Raise the concern").click()
    expect(tab.get_by_text("No manager told")).to_be_visible()
    axe(tab)
    tab.get_by_role("link", name="Record that you told a manager").click()
    name = council.actor("moderator").person
    tab.get_by_label("Manager you told").select_option(name)
    tab.get_by_label("How you told them").select_option("In person")
    tab.get_by_role("button", name="Record it").click()
    expect(tab.get_by_text("To be acknowledged", exact=True)).to_be_visible()

    sign_in(tab, address, "moderator")
    tab.get_by_role("link", name="Concern to acknowledge CA-").click()
    tab.get_by_role("link", name="Acknowledge this concern").click()
    tab.get_by_label("What is being done").fill("A visit today.")
    tab.get_by_role("button", name="Acknowledge it").click()
    expect(tab.get_by_text("The concern is acknowledged.")).to_be_visible()
    axe(tab)
    no_sideways_scroll(tab)


def test_a_practitioner_reads_and_reflects(council: Council, address: str, tab: Page) -> None:
    released(council)
    sign_in(tab, address, "worker")
    tab.get_by_role("link", name="Your cases", exact=True).click()
    expect(tab.get_by_text(PRAISE)).to_be_visible()
    axe(tab)
    tab.get_by_role("link", name="Reflect on it").click()
    axe(tab)
    tab.get_by_label("What they take from it").fill("I visit more often now.")
    tab.get_by_role("button", name="Save the reflection").click()
    expect(tab.get_by_text("I visit more often now.")).to_be_visible()
    axe(tab)
    no_sideways_scroll(tab)
