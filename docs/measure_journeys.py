"""Measures the main journeys of each role in a headless Chromium: clicks from home, and seconds.

PYTHONPATH=src:. python docs/measure_journeys.py [--address http://127.0.0.1:8000 [--old]]

Without an address it makes and serves the demonstration itself; with one it walks what is served
there, with `--old` by the links that the service had at 6482fa58. The first table of `journeys.md`
is made from two runs. A journey begins at home and ends when its last page is loaded; of three
tries the quickest counts. Those of the second table go on until the work is recorded: each is
walked once, choices of lists and boxes are clicks, typing is none and takes no time.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

from api.demo import cast
from api.demo.build import build_demo
from api.main import create_app
from api.services import build
from api.settings import Settings
from tests.support.browser import FLAGS, chromium, served

TRIES = 3
FIRST = "css:main tbody th a"
NOT_THERE: tuple[str, ...] = ()


@dataclass(frozen=True)
class Journey:
    """What somebody wants, and the links that lead there now and led there before."""

    role: str
    handle: str
    what: str
    now: tuple[str, ...]
    before: tuple[str, ...]


LEAD, ADMIN = ("QA lead", "lead"), ("Administrator", "admin")
AUDITOR, MANAGER = ("Auditor", "auditor"), ("Team manager", "manager")
PRACTITIONER = ("Practitioner", cast.practitioners()[0].handle)
JOURNEYS = (
    Journey(
        *LEAD,
        "See the moderations that nobody has yet",
        ("css:a:has-text('Moderations to assign')",),
        ("Moderations",),
    ),
    Journey(
        *LEAD,
        "Allocate an audit",
        ("Audits", "Allocate an audit"),
        ("Audits", "Allocate an audit"),
    ),
    Journey(*LEAD, "Open the latest audit", ("Audits", FIRST), ("Audits", FIRST)),
    Journey(
        *LEAD,
        "Read how far moderators agree",
        ("Reports", "Moderation agreement"),
        ("Reports", "Moderation agreement"),
    ),
    Journey(
        *LEAD,
        "Publish it",
        ("Reports", "Moderation agreement", "Publish this report"),
        ("Reports", "Moderation agreement", "Publish this report"),
    ),
    Journey(
        *LEAD, "Report on the ratings of a plan",
        ("Reports", "Ratings of an improvement plan"), NOT_THERE,
    ),
    Journey(
        *LEAD,
        "What the board must know",
        ("Plans", FIRST, "Board view"),
        ("Plans", FIRST, "Board view"),
    ),
    Journey(*LEAD, "Who is overdue in the teams",
            ("Work in your teams",), ("css:main a:has-text('Work in your teams')",)),
    Journey(
        *AUDITOR,
        "Open the audit to make",
        ("css:main a:has-text('Audit to make')",),
        ("css:main a:has-text('Audit to make')",),
    ),
    Journey(*AUDITOR, "Sign out", ("css:button:has-text('Sign out')",),
            ("My account", "css:button:has-text('Sign out')")),
    Journey(
        *MANAGER,
        "Late work of the team",
        ("css:a:has-text('Overdue in your team')",),
        ("Work in your teams",),
    ),
    Journey(*MANAGER, "Concerns of the team", ("Audits", "Concerns"), ("Concerns",)),
    Journey(*PRACTITIONER, "An audit of a case of mine",
            ("css:a:has-text('Audits of your cases')", "css:main a[href*='/audits/']"),
            ("Your cases", "css:main a[href*='/audits/']")),
    Journey(
        *ADMIN,
        "Add a person",
        ("People and roles", "Add a person"),
        ("People", "Add a person"),
    ),
    Journey(*ADMIN, "Who looked at what", ("Set-up", "Access log"), ("Access log",)),
)  # fmt: skip


@dataclass(frozen=True)
class Ending:
    """What somebody does until it is recorded. A step is what is clicked; with ``:=`` what is
    typed into a field, with ``->`` what is chosen in one."""

    role: str
    handle: str
    what: str
    steps: tuple[str, ...]


ANNOUNCED = 15_000
"""Milliseconds in which what was just recorded is told to whom it concerns."""
DRAFT = "Quality assurance, quarter 2"
SECTIONS = tuple(
    step
    for report in ("Closing the loop", "Moderation agreement")
    for step in (
        f"main >> {report}",
        f"The question that the section answers:=What of {report}?",
        "What to print->whole",
        "Add the section",
    )
)
COMMENTARIES = tuple(
    step
    for place in (1, 2)
    for step in (
        f"Write the commentary of section {place}",
        "Commentary:=Plans say what is to be done, and too seldom by when.",
        "Save",
    )
)
ENDINGS = (
    Ending(
        *PRACTITIONER, "Accept every action that was given to you",
        ("css:main a[href*='kind=accept-action']", "Accept several actions", "css:#every",
         "Accept these actions"),
    ),
    Ending(
        *LEAD, "Hand over all the work of somebody who is away",
        ("Work in your teams", "Hand over the work of Bay Ash",
         "Hand over everything to->Clover Pear", "Reason:=Away until January.",
         "button >> Hand over"),
    ),
    Ending("Inspector", cast.INSPECTOR[0], "Ask the council a question",
           ("Ask a question:=Which children waited longest?", "Ask")),
    Ending(
        *LEAD, "Answer it",
        ("Notices", "main >> An inspector asked the council a question.",
         "Answer to question 2:=They are in the list of follow-ups.", "Answer question 2"),
    ),
    Ending(
        *LEAD, "Quarterly report: from the start to review",
        ("Reports", "Quarterly reports", "Start a quarterly report", f"Title:={DRAFT}",
         "Start the report", *SECTIONS, *COMMENTARIES,
         "Choose the three headline sentences", "css:#headlines", "css:#headlines-2",
         "css:#headlines-3", "Save", "Send for review", "Who reviews it?->Juniper Oak",
         "button >> Send for review"),
    ),
    Ending(
        "Head of service", "moderator", "Quarterly report: review it",
        ("Notices", "main >> A quarterly report was sent to you for review.", "Agree the report",
         "button >> Agree"),
    ),
    Ending(
        *LEAD, "Quarterly report: publish it and open it",
        ("Notices", "main >> Your quarterly report was agreed.", "Publish the report",
         "button >> Publish", "The report as it was published"),
    ),
    Ending(
        *LEAD, "Withdraw a published report",
        ("Reports", "Published reports", f"main >> {DRAFT}",
         "Why is it withdrawn?:=The wrong quarter.", "Withdraw"),
    ),
    Ending(
        *ADMIN, "Move a person to another team",
        ("People and roles", "main >> Clover Pear", "Change team, manager or job title",
         "Team->Leaving Care (Children in Care)", "Record the change"),
    ),
    Ending(
        *ADMIN, "End a role of a person",
        ("People and roles", "main >> Clover Pear", "main >> End the role Auditor",
         "button >> End the role"),
    ),
    Ending(
        *LEAD, "Tell readers which figures of a published report changed",
        ("Reports", "Published reports", "main >> Quality assurance report",
         "Put the restatement on record"),
    ),
    Ending(
        *AUDITOR, "Name a deputy for two weeks",
        ("My account", "Who stands in for me", "Name a deputy", "Who stands in->Clover Pear",
         *(f"css:#{end}{part}:={number}" for end, day in (("since", "1"), ("until", "14"))
           for part, number in (("", day), ("-month", "12"), ("-year", "2026"))),
         "button >> Name the deputy"),
    ),
    Ending(
        "Inspector", cast.INSPECTOR[0], "Make a pack of ten days of audits",
        ("Make an evidence pack of all that your room opens", "css:#everything",
         "From:=1/9/2026", "To:=10/9/2026", "Make the pack"),
    ),
    Ending(
        "Reader", "reader", "Change the password",
        ("My account", f"Present password:={cast.PASSWORD}", "New password:=a cloud over harbour",
         "New password again:=a cloud over harbour", "Change password"),
    ),
)  # fmt: skip


def walked(page: Page, address: str, one: Ending) -> tuple[int, float]:
    """Clicks and seconds from home until it is recorded."""
    signed_in(page, address, one.handle)
    if "Notices" in one.steps:
        page.wait_for_timeout(ANNOUNCED)
    page.goto(f"{address}/")
    clicks, taken = 0, 0.0
    for step in one.steps:
        field, typing, text = step.partition(":=")
        if typing:
            labelled = page.get_by_label(field, exact=True)
            by_place = field.startswith("css:")
            (page.locator(field.removeprefix("css:")) if by_place else labelled).fill(text)
            continue
        clicks += 1
        begun = perf_counter()
        field, choosing, option = step.partition("->")
        if choosing:
            page.get_by_label(field, exact=True).select_option(option)
            continue
        where, _, name = step.rpartition(" >> ")
        if step.startswith("css:"):
            page.locator(step.removeprefix("css:")).first.click()
        elif where == "button":
            page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        else:
            part = page.locator(where or "body")
            link = part.get_by_role("link", name=name, exact=not where)
            link = link.or_(part.get_by_role("link", name=re.compile(rf"^{name} \(\d+\)$")))
            (link if link.count() else part.get_by_role("button", name=name)).first.click()
        page.wait_for_load_state("load")
        taken += perf_counter() - begun
    if page.get_by_role("alert").filter(has_text="There is a problem").count():
        raise RuntimeError(f"{one.what}: refused on {page.url}")
    return clicks, taken


def follow(page: Page, link: str) -> None:
    found = (
        page.locator(link.removeprefix("css:"))
        if link.startswith("css:")
        else page.get_by_role("link", name=link, exact=True)
    )
    found.first.click()
    page.wait_for_load_state("load")


def signed_in(page: Page, address: str, handle: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in")
    page.fill("input[name=name]", handle)
    page.fill("input[name=password]", cast.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda there: "/sign-in" not in there)


def seconds(page: Page, address: str, handle: str, links: tuple[str, ...]) -> float:
    """The quickest of the tries."""
    taken = []
    for _ in range(TRIES):
        signed_in(page, address, handle)
        page.goto(f"{address}/")
        begun = perf_counter()
        for link in links:
            follow(page, link)
        taken.append(perf_counter() - begun)
    return min(taken)


@contextmanager
def demonstration() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp())
    settings = Settings(store=f"sqlite:///{folder / 'demo.db'}", demonstration=True)
    build_demo(settings)
    services = build(settings)
    with served(create_app(services)) as address:
        yield address
    services.store.close()


def measured(address: str, old: bool) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(20_000)
        for one in JOURNEYS:
            links = one.before if old else one.now
            figures = "not there | "
            if links:
                figures = f"{len(links)} | {seconds(page, address, one.handle, links):.1f}"
            print(f"| {one.role} | {one.what} | {figures} |", flush=True)
        for end in () if old else ENDINGS:
            clicks, taken = walked(page, address, end)
            print(f"| {end.role} | {end.what} | {clicks} | {taken:.1f} |", flush=True)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address")
    parser.add_argument("--old", action="store_true")
    given = parser.parse_args()
    if given.address:
        measured(given.address, given.old)
        return
    with demonstration() as address:
        measured(address, given.old)


if __name__ == "__main__":
    main()
