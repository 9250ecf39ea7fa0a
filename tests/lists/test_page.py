"""Lists that the database sorts and pages: every heading, every page, and cursors that are none."""

from __future__ import annotations

import html
import re

import pytest

from api.actions.listing import action_list
from api.audits.listing import audit_list
from api.lists.declaration import PAGE
from api.web.moments import as_at
from projections.actions import queries as action_queries
from tests.actions.support import by_hand
from tests.conftest import NewCouncil
from tests.support.council import Council

MANY = PAGE + 3
NAMED = {
    "/audits": r'class="govuk-link app-nowrap" href="/audits/([0-9a-f]{32})"',
    "/actions": r'href="/actions/([0-9a-f]{32})"',
}


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    """More records than a page holds. Tests here only read them."""
    council = new_council()
    for number in range(MANY):
        by_hand(council)
        council.allocated(child=f"C-{90000 + number * 7919 % 1000}")
    council.submitted()
    return council


def sortable(council: Council, path: str) -> list[str]:
    store = council.services.store
    with store.reading() as connection:
        made = audit_list if path == "/audits" else action_list
        shown = made(connection, (), as_at(store, connection))
    return [column.key for column in shown.columns if column.sortable]


@pytest.mark.parametrize("path", sorted(NAMED))
def test_the_pages_of_every_order_are_the_whole_list(council: Council, path: str) -> None:
    lead = council.browser("lead")
    assert len(sortable(council, path)) >= 9
    for key in sortable(council, path):
        for sort in (key, f"-{key}"):
            first = lead.get(f"{path}?sort={sort}")
            assert first.status_code == 200, sort
            onward = re.search(r'href="([^"]*[?&;]after=[^"]*)"', first.text)
            assert onward is not None, sort
            second = lead.get(html.unescape(onward[1]))
            back = re.search(r'href="([^"]*[?&;]before=[^"]*)"', second.text)
            assert back is not None, sort
            pages = [re.findall(NAMED[path], page.text) for page in (first, second)]
            assert len(pages[0]) == PAGE, sort
            assert len(set(pages[0] + pages[1])) == len(pages[0] + pages[1]) >= MANY, sort
            again = lead.get(html.unescape(back[1]))
            assert re.findall(NAMED[path], again.text) == pages[0], sort


NO_CURSORS = ("x", "-1", "1:", "1:%22", "9" * 30, "0", "999999:zzz", "5:" + "9" * 20, "5:-1")


@pytest.mark.parametrize("path", sorted(NAMED))
def test_a_cursor_that_is_none_breaks_nothing(council: Council, path: str) -> None:
    """Each of them in the order of the list, and with some of the headings in turn."""
    lead = council.browser("lead")
    headings = sortable(council, path)
    for number, cursor in enumerate(NO_CURSORS):
        for sort in ("", headings[number % len(headings)], headings[-1 - number % len(headings)]):
            for way in ("after", "before"):
                page = lead.get(f"{path}?sort={sort}&{way}={cursor}")
                assert page.status_code == 200, (sort, way, cursor)
                assert re.findall(NAMED[path], page.text), (sort, way, cursor)


@pytest.mark.parametrize("query", ["state=raised", "view=evidence&state=raised"])
def test_a_choice_tells_how_many_rows_it_leaves_unless_they_are_many(
    council: Council, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = council.browser("lead")

    def total(asked: str) -> int:
        shown = re.search(r"<strong>([0-9,]+)</strong>", lead.get(f"/actions?{asked}").text)
        assert shown
        return int(shown[1])

    page = lead.get(f"/actions?{query}").text
    for name in ("state", "kind", "raised_by", "team", "service"):
        [select] = re.findall(rf'<select[^>]* name="{name}".*?</select>', page, flags=re.S)
        offered = re.findall(r'value="([^"]*)"[^>]*>[^<]*?\(([0-9,]+)\)<', select)
        assert offered
        others = "&".join(one for one in query.split("&") if not one.startswith(f"{name}="))
        for code, number in offered:
            assert total(f"{others}&{name}={code}") == int(number), (name, code)
    monkeypatch.setattr(action_queries, "MOST_TALLIED", -1)
    assert f"<strong>{total(query)}</strong>" in page
    assert "Any (" not in lead.get(f"/actions?{query}").text
