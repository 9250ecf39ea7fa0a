"""A file is brought in with its columns chosen, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import NewCouncil
from tests.support.browser import checked, heading, signed_in
from tests.support.council import Council

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    return new_council()


FILE = (
    "Ref,Child ref,When,Auditor,Rating,Assessment\n"
    "B-1,C-1,2025-05-01,J. Smith,Good,Good\n"
    "B-2,C-2,2025-05-02,J. Smith,Splendid,Good\n"
)


def test_a_file_is_brought_in_with_its_columns_chosen(
    council: Council, address: str, tab: Page
) -> None:
    signed_in(tab, council, address, "lead")
    tab.goto(f"{address}/imports/new")
    tab.get_by_role("button", name="Send the file").click()
    expect(tab.get_by_role("alert")).to_contain_text("Choose a file.")
    checked(tab)
    tab.get_by_label("CSV or Excel file").set_input_files(
        {"name": "audits.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    tab.get_by_role("button", name="Send the file").click()
    expect(tab.get_by_text("audits.csv is kept.")).to_be_visible()
    expect(tab.get_by_label("Case audits: one row an audit")).to_be_checked()
    tab.get_by_text("Templates to fill in").click()
    checked(tab)
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
    heading(tab, "The file is imported")
    checked(tab)
    tab.get_by_role("link", name="See the batch").click()
    heading(tab, "Import of audits.csv")
    checked(tab)
    tab.get_by_role("button", name="Undo the import").click()
    expect(tab.get_by_role("alert")).to_contain_text("There is a problem")
    checked(tab)
