"""Improvement plans in a real browser: a lead opens one and prepares a board meeting."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import NewCouncil
from tests.plans.support import LEVELS
from tests.support.browser import axe, no_sideways_scroll, sign_in
from tests.support.council import Council

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    made = new_council()
    for handle in ("lead", "moderator"):
        made.with_password(handle)
    return made


def date_in(page: Page, legend: str, day: str, month: str, year: str) -> None:
    boxes = page.get_by_role("group", name=legend)
    for part, value in (("Day", day), ("Month", month), ("Year", year)):
        boxes.get_by_label(part).fill(value)


def test_from_a_scale_to_a_board_meeting(address: str, tab: Page) -> None:
    sign_in(tab, address, "lead", "/plans")
    expect(tab.get_by_text("There is no improvement plan yet")).to_be_visible()
    axe(tab)
    tab.get_by_role("link", name="RAG scales").click()
    tab.get_by_role("link", name="Publish a version of a scale").click()
    axe(tab)
    tab.get_by_label("Name of the scale").fill("Four colours")
    for at in range(1, 5):
        row = tab.get_by_role("group", name=f"Level {at}")
        row.get_by_label("Name").fill(LEVELS[f"label-{at}"])
        row.get_by_label("Colour").select_option(LEVELS[f"colour-{at}"])
        row.get_by_label("What it means").fill(LEVELS[f"meaning-{at}"])
        row.get_by_label("What it says of the action").select_option(LEVELS[f"claims-{at}"])
        for one in LEVELS[f"counts-{at}"]:
            row.locator(f"input[value={one}]").check()
    tab.get_by_role("button", name="Publish it").click()
    expect(tab.get_by_text("The version is published.")).to_be_visible()
    axe(tab)

    tab.goto(f"{address}/plans/new")
    tab.get_by_role("button", name="Open the plan").click()
    expect(tab.get_by_role("alert")).to_contain_text("There is a problem")
    axe(tab)
    tab.get_by_label("Title of the plan").fill("Getting better")
    tab.get_by_label("Board that it answers to").fill("Improvement board")
    date_in(tab, "First day of the plan", "1", "9", "2025")
    tab.get_by_role("button", name="Open the plan").click()
    expect(tab.get_by_role("heading", name="Getting better")).to_be_visible()
    tab.get_by_role("link", name="Add a part of the plan").click()
    tab.get_by_label("Number", exact=True).fill("1")
    tab.get_by_label("What it is").select_option("Theme")
    tab.get_by_label("What it says").fill("Leaders know practice")
    axe(tab)
    tab.get_by_role("button", name="Add the part").click()
    tab.get_by_role("link", name="Add an action").click()
    tab.get_by_label("Number", exact=True).fill("1.1")
    tab.get_by_label("What is to be done").fill("Coach every manager")
    tab.get_by_label("When it is due").fill("31/12/2025")
    date_in(tab, "Since when (today, if left empty)", "1", "9", "2025")
    tab.get_by_role("button", name="Add the action").click()
    expect(tab.get_by_text("61 days late")).to_be_visible()
    axe(tab)
    no_sideways_scroll(tab)
    tab.set_viewport_size({"width": 1200, "height": 900})

    tab.get_by_role("link", name="1.1 Coach every manager").click()
    for level, day in (("Amber: Under way, and late", "10"), ("Red: Little or no progress", "20")):
        tab.get_by_role("link", name="Review this action").click()
        axe(tab)
        tab.get_by_label("Rating").select_option(label=level)
        date_in(tab, "As at (today, if left empty)", day, "2", "2026")
        save = tab.get_by_role("button", name="Save and continue")
        save.click()
        tab.get_by_label("Commentary").fill(f"As at the {day}th.")
        save.click()
        axe(tab)
        save.click()
        tab.get_by_role("button", name="Record the review").click()
        expect(tab.get_by_text("The review is recorded.")).to_be_visible()
    strip = tab.get_by_role("list", name="Ratings from the first to the latest")
    expect(strip.get_by_role("listitem")).to_have_text(
        ["Amber10 February 2026", "Red20 February 2026"]
    )
    axe(tab)
    no_sideways_scroll(tab)
    tab.set_viewport_size({"width": 1200, "height": 900})
    tab.get_by_role("link", name="History of this action").click()
    expect(tab.get_by_text("As at the 20th.")).to_be_visible()
    axe(tab)

    tab.goto(f"{address}/plans")
    tab.get_by_role("link", name="Getting better").click()
    for title, day, month in (("February board", "12", "2"), ("March board", "2", "3")):
        tab.get_by_role("link", name="Call a board meeting").click()
        date_in(tab, "Day of the meeting", day, month, "2026")
        tab.get_by_label("Title").fill(title)
        tab.get_by_role("button", name="Call the meeting").click()
    tab.get_by_role("link", name="board view of March board, 2 March 2026").click()
    expect(tab.get_by_role("heading", name="Newly at the worst level (1)")).to_be_visible()
    axe(tab)
    no_sideways_scroll(tab)
    tab.set_viewport_size({"width": 1200, "height": 900})
    with tab.expect_download() as taken:
        tab.get_by_role("link", name="Word").click()
    assert taken.value.suggested_filename == "2026-03-02-board.docx"
    tab.go_back()
    tab.get_by_role("link", name="Ratings at every meeting").click()
    expect(tab.get_by_role("cell", name="Red Worse")).to_be_visible()
    axe(tab)
    tab.go_back()
    tab.get_by_role("link", name="All actions: filter, sort and download").click()
    tab.get_by_text("Filter this list").click()
    tab.get_by_label("Dates").select_option("overdue")
    tab.get_by_role("button", name="Apply filters").click()
    expect(tab.get_by_text("Dates: Overdue by the date in force")).to_be_visible()
    axe(tab)
