"""The home page: each number is exactly its list, for every role, now and as it was."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from api.notifications.announcing import announce
from api.people.sign_in import enrolled
from api.tasks import home
from api.web.waiting import Task
from tests.actions.support import by_hand
from tests.follow_ups.support import inadequate
from tests.notifications.support import told
from tests.support.council import CAST, Browser, Council, words_of
from tests.support.told_codes import ToldCodes

NUMBER = re.compile(
    r'<li class="app-numbers__one[^"]*"><a class="govuk-link" href="([^"]+)">'
    r'<span class="app-numbers__count">([\d,]+)</span> ([^<]+)</a>'
)
TOTAL = re.compile(r"<strong>([\d,]+)</strong>")
OVERDUE = re.compile(r'data-label="Overdue">(\d+)<')


def numbers(browser: Browser, query: str = "") -> dict[str, tuple[int, str]]:
    """Label → (number, address of its list), as the home page shows them."""
    page = browser.get(f"/{query}")
    assert page.status_code == 200
    return {
        label.strip(): (int(count.replace(",", "")), href.replace("&amp;", "&"))
        for href, count, label in NUMBER.findall(page.text)
    }


def counted(browser: Browser, href: str) -> int:
    """How many the list behind a number holds."""
    page = browser.get(href)
    assert page.status_code == 200, href
    if href.startswith("/team-work"):
        return sum(map(int, OVERDUE.findall(page.text)))
    if href.startswith("/own-audits"):
        return len(set(re.findall(r"/audits/[0-9a-f]{32}", page.text)))
    if href == "/people/codes":
        return page.text.count('name="person"')
    total = TOTAL.search(page.text)
    return int(total[1].replace(",", "")) if total else 0


def test_what_is_ones_own_comes_before_what_anybody_may_do() -> None:
    day = date(2026, 3, 2)
    found = [
        *(
            Task("impact", "Impact to check", f"action:{n}", "", "shared", due_on=day)
            for n in "abc"
        ),
        Task("dispute", "Dispute", "audit:d", "", "leads", due_on=day),
        Task("moderation", "Audit to moderate", "audit:e", "", due_on=day + timedelta(days=9)),
    ]
    assert [one.thing for one in home.first(found)] == [
        "audit:e",
        "action:a",
        "action:b",
        "action:c",
    ]
    assert len(home.first(found * 9)) == home.FIRST
    shown = [(group.kind, group.count) for group in home.groups(found, day, frozenset())]
    assert shown == [("moderation", 1), ("dispute", 1), ("impact", 3)]


@pytest.fixture
def busy(small_council: Council) -> Council:
    """Something of everything that a home page counts, most of it late."""
    council = small_council
    council.moderated()
    council.submitted()
    council.allocated(due_on=council.today + timedelta(days=3))
    council.allocated(due_on=council.today + timedelta(days=200))
    inadequate(council)
    by_hand(council)
    by_hand(council, owner=council.ids["auditor"])
    council.clock.advance(timedelta(days=45))
    return council


@pytest.mark.parametrize("handle", sorted(CAST))
def test_a_number_is_its_list(busy: Council, handle: str) -> None:
    browser = busy.browser(handle)
    shown = numbers(browser)
    assert len(shown) <= 6
    for label, (count, href) in shown.items():
        assert counted(browser, href) == count, label


def test_a_lead_sees_what_runs_late_and_each_group_is_its_list(busy: Council) -> None:
    lead = busy.browser("lead")
    shown = {label: count for label, (count, _) in numbers(lead).items()}
    assert shown["Moderations to assign"] == 2
    assert shown["Inadequate audits without a plan"] == 1
    assert shown["Overdue actions"] == 3
    page = lead.get("/").text
    groups = re.findall(r'data-label="[^"]+"><a [^>]*href="(/your-work\?[^"]+)">(\d+)<', page)
    assert len(groups) % 3 == 0 < len(groups), "tasks, overdue and due this week"
    for href, count in groups:
        assert counted(lead, href.replace("&amp;", "&")) == int(count), href


def test_a_past_day_has_the_numbers_of_that_day(busy: Council) -> None:
    before = busy.today - timedelta(days=45)
    lead = busy.browser("lead")
    then = numbers(lead, f"?as_at={before}")
    assert then["Overdue actions"][0] == 0
    for label, (count, href) in then.items():
        assert f"as_at={before}" in href
        assert counted(lead, href) == count, label
    assert numbers(lead)["Overdue actions"][0] == 3


def test_an_administrator_sees_the_people_who_are_not_set_up(busy: Council) -> None:
    enrolled(busy.services.store, {busy.ids["nobody"]: "nobody"})
    admin = busy.browser("admin")
    shown = numbers(admin)
    without_role = sum(role is None for role, _ in CAST.values())
    without_team = sum(team is None for _, team in CAST.values())
    for label, count in (
        ("People without a role", without_role),
        ("People without a team", without_team),
        ("People without a password", 1),
    ):
        assert shown[label][0] == counted(admin, shown[label][1]) == count > 0, label
    assert "Your overdue tasks" not in shown, "administrators have no part in cases"
    assert "People without a role" not in numbers(busy.browser("lead"))


def test_a_manager_learns_of_late_work_in_the_team(busy: Council, told_codes: ToldCodes) -> None:
    shown = numbers(busy.browser("moderator"))
    assert "Overdue in your team" not in shown  # nobody reports to them
    page = busy.browser("lead").get("/team-work?late=yes").text
    assert "Only people with overdue work are shown." in page
    assert busy.browser("lead").get("/team-work?late=perhaps").status_code == 422
    assert told_codes.taken() == ["late-unknown"]


def test_what_is_new_is_marked_until_its_notice_is_read(small_council: Council) -> None:
    council = small_council
    by_hand(council)
    announce(council.services)
    assert told(council, "worker")
    worker = council.browser("worker")
    assert "1 new" in words_of(worker.get("/").text)
    assert "What is new" in worker.get("/").text
    worker.post("/notices/read", {"upto": "999999"})
    assert "1 new" not in words_of(worker.get("/").text)


def test_an_empty_council_is_told_its_first_steps(small_council: Council) -> None:
    council = small_council
    for handle, mine, theirs in (
        ("lead", "/imports/new", "This is for an administrator."),
        ("admin", "/people", "This is for a QA lead."),
    ):
        page = council.browser(handle).get("/").text
        steps = page[page.index("Get started") : page.index("</ul>", page.index("Get started"))]
        assert f'href="{mine}"' in steps
        assert theirs in steps
        assert steps.count("Done") == 3  # teams, people and tools are there
    assert "Get started" not in council.browser("auditor").get("/").text
    council.submitted()
    assert "Get started" not in council.browser("lead").get("/").text


def test_the_last_quarters_are_drawn_for_who_reads_reports(busy: Council) -> None:
    assert "The last quarters" in busy.browser("lead").get("/").text
    assert "The last quarters" not in busy.browser("worker").get("/").text
