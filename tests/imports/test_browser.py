"""Files are brought in as they are, and followed while they are recorded, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.imports import pace, parts
from api.imports import run as of_run
from api.imports.uploads import previews, sent_files, under_way
from api.services import Services
from tests.conftest import NewCouncil
from tests.support.browser import checked, heading, signed_in
from tests.support.council import Council

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    return new_council()


FILE = (
    "Child ID,When,Auditor,Rating,Assessment,Planning and review,Plan quality\n"
    "C-1,2025-05-01,Jo Smith,2,Good,2,RI\n"
    'C-2,2025-05-02,"Smith, Jo",Good,Good,n/a,Good\n'
    "C-3,2025-05-03,Jo Smith,Splendid,2,Good,Good\n"
)


def _send(tab: Page, name: str, text: str) -> None:
    tab.get_by_label("CSV or Excel file").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    tab.get_by_role("button", name="Send the file").click()


def test_a_tracker_is_brought_in_as_it_is_and_again_next_month(
    council: Council, address: str, tab: Page
) -> None:
    signed_in(tab, council, address, "lead")
    tab.goto(f"{address}/imports/new")
    tab.get_by_role("button", name="Send the file").click()
    expect(tab.get_by_role("alert")).to_contain_text("Choose a file.")
    checked(tab)
    _send(tab, "May.csv", FILE)
    expect(tab.get_by_text("May.csv is kept.")).to_be_visible()
    expect(tab.get_by_label("Case audits: one row an audit")).to_be_checked()
    tab.get_by_text("Templates to fill in").click()
    checked(tab)
    tab.get_by_role("button", name="Send the file").click()
    heading(tab, "Check what will be recorded")
    expect(tab.get_by_role("alert")).to_contain_text("Date of the audit")
    checked(tab)
    tab.get_by_role("combobox", name="When").select_option("audit_date")
    for heading_of_file in ("Child ID", "When"):
        tab.get_by_role("checkbox", name=heading_of_file, exact=True).check()
    show = tab.get_by_role("button", name="Show what this would record")
    show.click()
    expect(tab.get_by_text("4 questions are open.")).to_be_visible()
    checked(tab)
    for question, answer in (
        ("Is “Smith, Jo” the same as", "Yes, “Jo Smith”"),
        ("What does “2” mean?", "Requires improvement"),
        ("What does “Splendid” mean?", "These rows are not imported"),
        ("“Plan quality” holds grades", "Leave this column out"),
    ):
        asked = tab.get_by_role("group", name=question)
        expect(asked).to_have_count(1)
        asked.get_by_label(answer, exact=True).check()
    show.click()
    expect(tab.get_by_text("3 rows: 2 new, 1 left out as you answered.")).to_be_visible()
    tab.get_by_role("button", name="Record these").click()
    heading(tab, "The file is imported")
    checked(tab)
    tab.get_by_role("link", name="See the batch").click()
    heading(tab, "Import of May.csv")
    checked(tab)
    tab.get_by_role("button", name="Undo the import").click()
    expect(tab.get_by_role("alert")).to_contain_text("There is a problem")
    tab.goto(f"{address}/imports/new?kind=audits")
    _send(tab, "June.csv", FILE.replace("Good,n/a", "RI,n/a") + "C-4,2025-06-02,Jo Smith,RI,,,\n")
    expect(tab.get_by_text("It is read as you kept “May” for such files.")).to_be_visible()
    summary = "4 rows: 1 there already, 1 on record with other values, 1 new, 1 left out"
    expect(tab.get_by_text(summary)).to_be_visible()
    tab.get_by_label("Record them as corrections").check()
    tab.get_by_label("Why are they corrections?").fill("The tracker was wrong in May.")
    tab.get_by_role("button", name="Record these").click()
    heading(tab, "The file is imported")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Semaphore]:
    """Seven rows are many; each part of two waits until it is let through."""
    found = threading.Semaphore(0)
    begun: list[threading.Thread] = []

    def apart(services: Services, work: Callable[..., None], *given: Any) -> None:
        begun.append(threading.Thread(target=work, args=(services, *given), daemon=True))
        begun[-1].start()

    monkeypatch.setattr(of_run, "LONG", 3)
    monkeypatch.setattr(sent_files, "LARGE", 100)
    monkeypatch.setattr(pace, "MOST", 2)
    monkeypatch.setattr(parts, "BREATH", 0)
    monkeypatch.setattr(under_way, "BEAT_SECONDS", 0)
    monkeypatch.setattr(under_way, "start_with_services", apart)
    monkeypatch.setattr(under_way, "let_others_save", lambda: found.acquire(timeout=30))
    monkeypatch.setattr(
        previews, "run_with_services", lambda services, work, *g: work(services, *g)
    )
    yield found
    found.release(20)
    for one in begun:
        one.join(30)


def test_a_long_import_is_followed_and_stopped_with_and_without_scripts(
    council: Council,
    address: str,
    tab: Page,
    tab_without_scripts: Page,
    gate: threading.Semaphore,
) -> None:
    lines = [f"L-{n},60{n},2025-07-0{n},Pat Sample,Good" for n in range(1, 8)]
    signed_in(tab, council, address, "lead")
    tab.goto(f"{address}/imports/new?kind=audits")
    _send(tab, "long.csv", "\n".join(["Ref,Child ref,Audit date,Auditor,Rating", *lines]))
    file = tab.url
    tab.get_by_role("button", name="Record these").click()
    heading(tab, "The file is being recorded")
    expect(tab.get_by_text("Every row is checked once more")).to_be_visible()
    plain = tab_without_scripts
    signed_in(plain, council, address, "lead")
    plain.goto(file)
    gate.release(2)
    for page in (tab, plain):
        expect(page.get_by_text("2 of 7 rows are recorded, about")).to_be_visible()
    checked(tab)
    plain.get_by_role("button", name="Stop the import").click()
    for page in (plain, tab):
        expect(page.get_by_text("It stops after the rows")).to_be_visible()
    gate.release(1)
    for page in (plain, tab):
        expect(page.get_by_text("It was stopped. 4 rows are recorded")).to_be_visible()
    checked(tab)
    gate.release(20)
    tab.get_by_role("button", name="Record these").click()
    heading(tab, "The file is imported")
