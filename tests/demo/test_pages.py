"""Every role walks its map of the demonstration: what it finds, and in how many clicks."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import pytest

from api.routes import PAGES
from tests.demo.support import WalkedRole

pytestmark = pytest.mark.slow
LINK = re.compile(r'href="(/[^"#]*)')
EMPTY = re.compile(r'class="app-empty"[^>]*>\s*<h2[^>]*>([^<]+)')
OWN_PAGES = {
    "/access-log/unusual": "of the access log",
    "/compare/rows": "of a comparison",
    "/disclosure-rule": "of the list of policies",
    "/own-audits": "of practitioners, managers and auditors",
    "/people/from-files": "of the list of people",
    "/people/codes": "of the list of people",
    "/published/new": "of a report",
    "/quarterly-reports/add": "of a report that is published",
    "/reports/closing-the-loop/children": "of the report on closing the loop",
    "/reports/closing-the-loop/rows": "of a figure",
    "/restrictions/glass": "of the restricted records",
    "/safeguarding-policy": "of the list of policies",
    "/supervision-policy": "of the list of policies",
    "/supervision-report/cases": "of the report on supervision",
    "/supervision-report/why": "of a figure",
    "/word-template": "of the list of policies",
}
"""What is opened from a page of the navigation, as a record is from its list."""
ELSEWHERE = {
    "/errors",
    "/learnt-later",
    "/purpose",
    "/session",
    "/self-evaluations/evidence",
    "/set-password",
    "/sign-in",
}
"""What a refusal, a past moment, a figure or a record leads to, or nobody signed in needs."""
MAY_BE_EMPTY = {
    "/", "/imports", "/notices", "/own-audits", "/restrictions", "/safeguarding", "/views",
    "/your-work",
}  # fmt: skip
"""One's own, of one's own team, of kinds that one may send, or of those who are named: empty until
there is something."""


def standing(text: str) -> set[str]:
    """The addresses of a page's links that name no record and ask for no file."""
    paths = {urlsplit(html.unescape(link)).path for link in LINK.findall(text)}
    return {
        path
        for path in paths
        if not re.search(r"[0-9a-f]{32}|[A-Z]+-|/static/|[.]|/tools/|/rows$|/why", path)
    }


def test_no_page_is_more_than_two_clicks_away_and_none_that_is_led_to_is_closed(
    roles: dict[str, WalkedRole],
) -> None:
    """Forms and what `OWN_PAGES` names are opened from their list."""
    near = {"/"}
    for role, walk in roles.items():
        assert len(walk.sections) <= 6
        near |= (first := standing(walk.pages["/"]))
        for path in sorted(set[str]().union(*map(standing, walk.pages.values()))):
            if path in walk.pages:
                continue
            answer = walk.client.get(path)
            assert answer.status_code in (200, 303), (role, path)
            walk.beyond[path] = answer.text
        near = near.union(
            *(standing(text) for path, text in {**walk.pages, **walk.beyond}.items()
              if path in first)
        )  # fmt: skip
    all_there_are = {
        route.path
        for route in PAGES
        if "GET" in (route.methods or ()) and not re.search(r"[{.]", route.path)
    }
    assert len(all_there_are) > 60
    forms = {path for path in all_there_are if path.rpartition("/")[2] in ("new", "edit", "add")}
    assert all_there_are - near - forms - set(OWN_PAGES) - ELSEWHERE == set()


def test_help_names_tasks_of_the_role_whose_pages_open(roles: dict[str, WalkedRole]) -> None:
    for role, walk in roles.items():
        tasks = LINK.findall(walk.client.get("/help").text.split("<main")[1].split("</ol>")[0])
        assert len(tasks) == 5, role
        for task in tasks:
            answer = walk.client.get(html.unescape(task), follow_redirects=True)
            assert answer.status_code == 200, (role, task)


def test_no_page_of_the_map_is_empty_by_right(roles: dict[str, WalkedRole]) -> None:
    full = {path for walk in roles.values() for path, text in walk.pages.items()
            if not EMPTY.search(text)}  # fmt: skip
    found = [
        (role, path, EMPTY.findall(text))
        for role, walk in roles.items()
        for path, text in walk.pages.items()
        if path in full - MAY_BE_EMPTY and EMPTY.search(text.split("<main")[1])
    ]
    assert found == [], found
