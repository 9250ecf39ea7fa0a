"""An auditor's and a lead's journeys in a real browser: with scripts, without, narrow, and axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from qa.audits import handlers as audit_handlers
from qa.audits.commands import ReturnAudit
from tests.conftest import NewCouncil
from tests.support.browser import axe, no_sideways_scroll, signed_in
from tests.support.council import PASSWORD, Council

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    made = new_council()
    made.with_password("auditor")
    return made


def write_and_submit(page: Page, council: Council, reference: str) -> None:
    """From “Your work” to the confirmation, page by page, with the buttons a person presses."""
    page.get_by_role("link", name=f"Audit to make {reference}").click()
    page.get_by_role("link", name="About the audit").click()
    _day(page, "Date of the audit", "2", "3", "2026")
    page.get_by_label("Child in need").check()
    save = page.get_by_role("button", name="Save and continue")
    save.click()
    for domain in council.tool.domains:
        if domain.applies_to:
            continue
        expect(page.get_by_role("heading", name=domain.title, level=1)).to_be_visible()
        for question in domain.questions:
            group = page.get_by_role("group", name=question.text)
            group.get_by_label("Yes").check()
        page.get_by_label("Evidence", exact=True).fill("Seen on the file and heard in talk.")
        page.get_by_role("group", name="Grade").get_by_label("Good", exact=True).check()
        save.click()
    page.get_by_label("Strength", exact=True).fill("Warm and honest direct work.")
    save.click()
    page.get_by_label("Took part").check()
    save.click()
    page.get_by_label("No, they declined").check()
    page.get_by_label("If not, why not?").fill("The parent did not wish to.")
    save.click()
    page.get_by_label("What must be done?").fill("Bring the chronology up to date.")
    page.get_by_label("Put right what procedure asks for").check()
    page.get_by_label("Who owns it?").select_option("Worker Tree")
    _day(page, "By when?", "30", "3", "2026")
    save.click()
    page.get_by_label("Good", exact=True).check()
    page.get_by_label("Reasons for the overall grade").fill("The plan works and the child says so.")
    save.click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_text("16 of 16 sections are ready")).to_be_visible()
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_text("Before you can send this")).to_have_count(0)
    page.get_by_role("button", name="Submit the audit").click()
    expect(page.get_by_role("heading", name="Audit submitted")).to_be_visible()
    expect(page.get_by_text(reference)).to_be_visible()


def _day(page: Page, legend: str, *parts: str) -> None:
    group = page.get_by_role("group", name=legend)
    for name, value in zip(("Day", "Month", "Year"), parts, strict=True):
        group.get_by_label(name).fill(value)


def test_an_auditor_signs_in_writes_and_submits(council: Council, address: str, tab: Page) -> None:
    audit = council.allocated()
    tab.goto(address)
    tab.get_by_label("Sign-in name").fill("auditor")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    write_and_submit(tab, council, council.view(audit).row.reference)
    axe(tab)
    row = council.view(audit).row
    assert (row.overall, row.status) == ("good", "moderation-due")


def test_the_same_without_scripts(
    council: Council, address: str, tab_without_scripts: Page
) -> None:
    audit = council.allocated("auditor2")
    page = tab_without_scripts
    signed_in(page, council, address, "auditor2")
    page.goto(address)
    write_and_submit(page, council, council.view(audit).row.reference)
    assert council.view(audit).row.overall == "good"


def test_what_is_typed_is_saved_again_and_again_and_a_second_device_is_told(
    council: Council, address: str, tab: Page
) -> None:
    audit = council.allocated()
    signed_in(tab, council, address, "auditor")
    tab.clock.install()
    path = f"{address}/audits/{audit}/write/domain-planning"
    tab.goto(path)
    expect(tab.locator(".app-saved")).to_be_attached()
    evidence = tab.get_by_label("Evidence", exact=True)
    for revision, text in enumerate(
        ("The plan drifts.", "The plan drifts, and nobody says so."), 1
    ):
        evidence.fill(text)
        tab.clock.fast_forward(4000)
        expect(tab.locator('input[name="revision"]')).to_have_value(str(revision))
    phone = council.browser("auditor")
    elsewhere = {"revision": "2", "judgements.planning.evidence": "Typed on the phone."}
    assert phone.post(f"/audits/{audit}/write/domain-planning", elsewhere).status_code == 303
    evidence.fill("Typed at the desk.")
    tab.clock.fast_forward(4000)
    expect(tab.get_by_text("This draft was changed elsewhere.")).to_be_visible()
    tab.get_by_role("button", name="Save and continue").click()
    expect(tab.get_by_role("heading", name="Two versions of “Planning and review”")).to_be_visible()
    axe(tab)
    no_sideways_scroll(tab)
    tab.get_by_label("Both, one after the other").check()
    tab.get_by_role("button", name="Save what I chose").click()
    expect(tab.get_by_role("heading", name="Write audit")).to_be_visible()
    tab.goto(path)
    expect(evidence).to_have_value("Typed on the phone.\n\nTyped at the desk.")


@pytest.fixture(scope="module")
def shown(council: Council, address: str) -> dict[str, str]:
    """Audits at every stage, by what they show."""
    settled, _ = council.moderated("inadequate", "inadequate")
    sealed, _ = council.assigned(moderator="moderator2")
    returned = council.submitted(actions=(council.action(),), no_action_reason="")
    audit_handlers.send_back(
        council.services.desk,
        ReturnAudit(audit=returned, comments="Say more of the plan."),
        by=council.actor("lead"),
    )
    return {
        "settled": settled,
        "sealed": sealed,
        "returned": returned,
        "open": council.allocated(),
        "auditor": council.ids["auditor"],
        "child": council.view(settled).row.child,
    }


PAGES = {
    "lead": (
        "/audits?child=nobody",
        "/audits/new",
        "/audits/{settled}?as_at=2026-03-01",
        "/audits/{settled}?true_on=2026-03-02&as_at=never",
        "/learnt-later?true_on=2026-03-02",
        "/compare?from_position=3",
        "/compare?from_as_at=tomorrow",
        "/audits/{settled}/history",
        "/history?record=tool:whole-case-file",
        "/audits/{settled}/correct?field=rationale",
        "/audits/{sealed}/return",
        "/audits/{open}/reassign",
        "/audits/{open}/extend",
        "/children/{child}",
        "/search?q=evidence",
        "/accessibility",
        "/audits/nowhere",
    ),
    "moderator2": ("/audits/{sealed}",),
    "auditor": (
        "/audits/{returned}/write",
        "/audits/{open}/write/about?check=yes",
        "/audits/{open}/write/domain-assessment?check=yes",
        "/audits/{returned}/write/strengths?add=yes",
        "/audits/{open}/write/feedback?check=yes",
        "/audits/{returned}/write/actions?add=yes",
        "/audits/{open}/check",
    ),
}
"""One of each kind: what the navigation leads to is looked at on the demonstration."""


@pytest.mark.parametrize("handle", PAGES)
def test_every_page_is_accessible_and_fits_a_telephone(
    council: Council, address: str, shown: dict[str, str], tab: Page, handle: str
) -> None:
    signed_in(tab, council, address, handle)
    for path in PAGES[handle]:
        tab.goto(address + path.format(**shown))
        expect(tab.locator("h1")).to_have_count(1)
        axe(tab)
        no_sideways_scroll(tab)


def test_a_refused_form_leads_to_its_field(council: Council, address: str, tab: Page) -> None:
    signed_in(tab, council, address, "lead")
    tab.goto(f"{address}/audits/new")
    tab.get_by_role("button", name="Allocate the audit").click()
    expect(tab).to_have_title("Error: Allocate an audit – Caseloop – Your council")
    axe(tab)
    no_sideways_scroll(tab)
    tab.get_by_role("link", name="Enter the day on which the audit is due.").click()
    expect(tab.get_by_role("group", name="Due").get_by_label("Day")).to_be_focused()
