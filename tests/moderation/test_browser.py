"""A moderator's, a lead's and an importer's journeys in a real browser, axe on every page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.main import create_app
from qa.core.clock import SetClock
from qa.security.accounts import sessions
from tests.support.browser import axe, no_sideways_scroll, served
from tests.support.council import Council

pytestmark = pytest.mark.browser
Hall = tuple[Council, str]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A council that is served, and its address."""
    folder: Path = tmp_path_factory.mktemp("moderation-hall")
    clock = SetClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    council = Council.open(f"sqlite:///{folder / 'council.db'}", clock, folder)
    with served(create_app(council.services)) as address:
        yield council, address
    council.services.store.close()


def signed_in(page: Page, hall: Hall, handle: str) -> str:
    council, address = hall
    with council.services.store.writing() as connection:
        secret, _ = sessions.start(connection, council.clock, person=council.ids[handle])
    name = council.services.settings.cookie_name
    page.context.add_cookies([{"name": name, "value": secret, "url": address}])
    return address


def checked(page: Page) -> None:
    """Nothing axe can see is wrong, and nothing is cut off on a phone."""
    axe(page)
    no_sideways_scroll(page)
    page.set_viewport_size({"width": 1200, "height": 900})


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_a_moderator_judges_blind_and_then_sees_both_judgements(hall: Hall, tab: Page) -> None:
    council, _ = hall
    audit, _ = council.assigned("good")
    address = signed_in(tab, hall, "moderator")
    tab.goto(f"{address}/audits/{audit}/moderation")
    expect(tab.get_by_text("You moderate this audit blind.")).to_be_visible()
    expect(tab.get_by_text("Auditor Tree")).to_have_count(0)
    checked(tab)
    tab.get_by_role("link", name="See the auditor's judgement first").click()
    heading(tab, "See the auditor's judgement first")
    checked(tab)
    tab.get_by_role("link", name="Back").click()
    tab.get_by_role("button", name="Give your own judgement").click()
    heading(tab, "Give your own judgement")
    checked(tab)
    tab.get_by_role("button", name="Record my judgement").click()
    expect(tab.get_by_role("alert")).to_contain_text("There is a problem")
    checked(tab)
    first = council.tool.domains[0]
    tab.get_by_role("link", name=f"Choose a grade for {first.title}").click()
    for domain in council.tool.domains:
        group = tab.get_by_role("group", name=f"Your grade for {domain.title}")
        if domain.applies_to:
            group.get_by_label("I could not judge this").check()
            label = f"What you saw, or why you could not judge it ({domain.title})"
            tab.get_by_label(label).fill("It does not apply to this child.")
        else:
            group.get_by_label("Requires improvement", exact=True).check()
    overall = tab.get_by_role("group", name="The overall grade you would give")
    overall.get_by_label("Requires improvement", exact=True).check()
    tab.get_by_label("Your reasons").fill("The plan has no dates and drifts.")
    tab.get_by_role("button", name="Record my judgement").click()
    heading(tab, "Auditor and moderator side by side")
    expect(tab.get_by_text("They differ overall:")).to_be_visible()
    expect(tab.get_by_text("Auditor Tree").first).to_be_visible()
    checked(tab)
    tab.get_by_role("link", name="Show only differences").click()
    expect(tab.get_by_text("Only differences are shown")).to_be_visible()
    tab.get_by_role("link", name="Dispute the moderator's grade").click()
    heading(tab, "Dispute the moderator's grade")
    checked(tab)
    tab.get_by_label("The overall grade").check()
    tab.get_by_label("Why do you challenge the grade?").fill("Talking did not settle it.")
    tab.get_by_role("button", name="Open the dispute").click()
    expect(tab.get_by_text("The dispute is open.")).to_be_visible()
    checked(tab)


@pytest.mark.parametrize("step", ["conversation", "consensus", "cancel", "assign"])
def test_every_form_of_moderation_is_accessible_with_and_without_errors(
    hall: Hall, tab: Page, step: str
) -> None:
    council, _ = hall
    waiting = step in ("cancel", "assign")
    audit, _ = council.assigned() if waiting else council.moderated("good", "inadequate")
    address = signed_in(tab, hall, "lead" if waiting else "auditor")
    tab.goto(f"{address}/audits/{audit}/moderation/{step}")
    checked(tab)
    tab.locator("main form button").last.click()
    expect(tab.get_by_role("alert")).to_contain_text("There is a problem")
    checked(tab)


def test_a_form_that_came_too_late_says_what_changed(hall: Hall, tab: Page) -> None:
    council, _ = hall
    audit, moderation = council.assigned(blind=False)
    address = signed_in(tab, hall, "lead")
    tab.goto(f"{address}/audits/{audit}/moderation/cancel")
    council.record(audit, moderation, "good")
    tab.get_by_label("Why is it cancelled?").fill("Nobody has time.")
    tab.get_by_role("button", name="Cancel the moderation").click()
    heading(tab, "This has changed since you opened it")
    expect(tab.get_by_text("Recorded the moderator's judgement")).to_be_visible()
    checked(tab)


@pytest.mark.parametrize(
    "path",
    ["/moderations?state=assigned", "/moderations?state=overdue", "/disputes",
     "/moderation-policy", "/moderation-policy/edit", "/tools", "/tools/dip-sample",
     "/tools/whole-case-file/versions/1", "/tools/dip-sample/compare", "/tools/new",
     "/tools/dip-sample/import", "/tools/dip-sample/retire", "/scales",
     "/scales/new?of=four-grades", "/imports", "/imports/new"],
)  # fmt: skip
def test_pages_of_a_qa_lead_are_accessible_and_fit_a_phone(
    hall: Hall, tab: Page, path: str
) -> None:
    hall[0].assigned()
    address = signed_in(tab, hall, "lead")
    tab.goto(address + path)
    checked(tab)


def test_a_lead_edits_a_tool_and_publishes_the_next_version(hall: Hall, tab: Page) -> None:
    address = signed_in(tab, hall, "lead")
    tab.goto(f"{address}/tools/dip-sample")
    tab.get_by_role("link", name="Edit the working copy").click()
    heading(tab, "Edit Dip sample")
    checked(tab)
    tab.get_by_label("Title").fill("")
    tab.get_by_role("button", name="Save the working copy").click()
    expect(tab.get_by_role("alert")).to_contain_text("There is a problem")
    checked(tab)
    tab.get_by_label("Title").fill("Quick dip")
    tab.get_by_role("button", name="Save the working copy").click()
    expect(tab.get_by_text("Saved.")).to_be_visible()
    tab.get_by_label("New domain").fill("Supervision")
    tab.get_by_role("button", name="Add the domain").click()
    tab.get_by_role("main").get_by_role("link", name="Supervision", exact=True).click()
    heading(tab, "Edit Supervision")
    tab.get_by_label("New question", exact=True).fill("Is supervision on the file?")
    tab.get_by_role("button", name="Add the question").click()
    expect(tab.get_by_role("group", name="Question 1")).to_be_visible()
    checked(tab)
    tab.goto(f"{address}/tools/dip-sample/publish")
    expect(tab.get_by_text("Domain added: Supervision.")).to_be_visible()
    checked(tab)
    tab.get_by_role("button", name="Publish version 2").click()
    expect(tab.get_by_text("New audits use version 2.")).to_be_visible()
    checked(tab)


FILE = (
    "Ref,Child ref,When,Auditor,Rating,Assessment\n"
    "B-1,C-1,2025-05-01,J. Smith,Good,Good\n"
    "B-2,C-2,2025-05-02,J. Smith,Splendid,Good\n"
)


def test_a_file_is_brought_in_with_its_columns_chosen(hall: Hall, tab: Page) -> None:
    address = signed_in(tab, hall, "lead")
    tab.goto(f"{address}/imports/new")
    tab.get_by_role("button", name="Send the file").click()
    expect(tab.get_by_role("alert")).to_contain_text("Choose a file.")
    checked(tab)
    tab.get_by_label("Case audits: one row an audit").check()
    tab.get_by_label("CSV or Excel file").set_input_files(
        {"name": "audits.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    tab.get_by_role("button", name="Send the file").click()
    heading(tab, "Check what will be recorded")
    expect(tab.get_by_role("alert")).to_contain_text("date of the audit")
    checked(tab)
    tab.get_by_label("When", exact=True).select_option("audit_date")
    tab.get_by_role("button", name="Show what this would record").click()
    expect(tab.get_by_text("1 fault in 1 of 2 rows.")).to_be_visible()
    checked(tab)
    tab.get_by_label("Record the good rows").check()
    tab.get_by_role("button", name="Record these").click()
    heading(tab, "The file is brought in")
    checked(tab)
    tab.get_by_role("link", name="See the batch").click()
    heading(tab, "Import of audits.csv")
    checked(tab)
    tab.get_by_role("button", name="Undo the import").click()
    expect(tab.get_by_role("alert")).to_contain_text("There is a problem")
    checked(tab)
