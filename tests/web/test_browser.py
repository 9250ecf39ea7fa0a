"""The pages in a real browser: axe, no scripts, a narrow screen, and a clean console."""

import pytest
from playwright.sync_api import expect

from api.settings import Settings
from qa.core.clock import SetClock
from tests.support.browser import axe, no_sideways_scroll, served
from tests.support.shell import NOON, PASSWORD, create_shell, records_at, with_person

pytestmark = pytest.mark.browser
drafts_of: list[list[dict]] = [[]]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    clock = SetClock(NOON)
    records = records_at(tmp_path_factory.mktemp("pages"))
    with_person(records, clock)
    app = create_shell(Settings(council_name="Northshire", demonstration=True), records, clock)
    drafts_of[0] = app.state.drafts
    with served(app) as found:
        yield found
    records.close()


def sign_in(page, address, onward="/account"):
    page.goto(f"{address}/sign-in?next={onward}")
    page.get_by_label("Sign-in name").fill("ada.l")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My account", level=1)).to_be_visible()


def test_sign_in_is_accessible_and_fits_a_phone(address, tab):
    tab.goto(f"{address}/sign-in")
    expect(tab.get_by_text("Demonstration data, not real children")).to_be_visible()
    axe(tab)
    no_sideways_scroll(tab)


def test_a_refused_sign_in_names_its_fault_and_leads_to_the_field(address, tab):
    tab.goto(f"{address}/sign-in")
    tab.get_by_role("button", name="Sign in").click()
    expect(tab).to_have_title("Error: Sign in – Caseloop – Northshire")
    axe(tab)
    tab.get_by_role("link", name="Enter your password.").click()
    expect(tab.get_by_label("Password", exact=True)).to_be_focused()


def test_the_account_page_is_accessible_and_fits_a_phone(address, tab):
    sign_in(tab, address)
    expect(tab.locator("body")).to_have_class("govuk-template__body js-enabled "
                                              "govuk-frontend-supported")  # fmt: skip
    axe(tab)
    no_sideways_scroll(tab)


def test_everything_works_without_scripts(address, tab_without_scripts):
    page = tab_without_scripts
    sign_in(page, address)
    page.get_by_label("What is it for?").fill("Spreadsheet")
    page.get_by_label("Read what I may read").check()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_text("It is not shown again.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Sign in – Caseloop – Northshire")


@pytest.mark.parametrize("path", ["/fail/403", "/fail/409", "/fail/500", "/set-password"])
def test_error_pages_and_set_password_are_accessible(address, tab, path):
    tab.goto(address + path)
    axe(tab)
    no_sideways_scroll(tab)


def test_a_draft_is_saved_as_it_is_typed_and_says_so(address, tab):
    sign_in(tab, address)
    tab.clock.install()
    tab.goto(f"{address}/draft")
    expect(tab.locator(".app-saved")).to_be_attached()
    tab.get_by_label("Why").fill("The child was seen alone.")
    tab.clock.fast_forward(4000)
    expect(tab.get_by_text("Saved ")).to_be_visible()
    assert drafts_of[0][-1] == {"voice": {"why": "The child was seen alone."}}


def test_the_reader_is_warned_before_the_session_ends_and_can_stay(address, tab):
    sign_in(tab, address)
    tab.clock.install()
    tab.goto(f"{address}/draft")
    expect(tab.locator(".app-saved")).to_be_attached()
    warning = tab.get_by_text("You will be signed out in about 2 minutes.")
    tab.clock.fast_forward("27:00")
    expect(warning).to_be_hidden()
    tab.clock.fast_forward("01:30")
    expect(warning).to_be_visible()
    axe(tab)
    tab.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
