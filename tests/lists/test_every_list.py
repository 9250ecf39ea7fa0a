"""Every list of the service: its order by each heading, and its file with the same rows."""

from __future__ import annotations

import csv
import html
import io
import re

from api.routes import PAGES
from tests.support.council import Council

ENDING = "/export.{kind}"
WITHOUT_A_PAGE = {"/your-work", "/compare"}
"""What is taken out of pages that are no lists of this kind."""
OF_NO_DAY = "/learnt-later"
"""Asks for a day first."""
UNCOUNTED = "/access-log"
LISTS = sorted(
    {route.path.removesuffix(ENDING) for route in PAGES if route.path.endswith(ENDING)}
    - WITHOUT_A_PAGE
    - {OF_NO_DAY}
)
WHOLE = [path for path in LISTS if "{" not in path]


def test_the_lists_are_found() -> None:
    assert len(LISTS) >= 22
    assert {"/people", "/plans/{plan}/actions", "/moderations", "/access-log"} <= set(LISTS)


def test_every_list_stands_by_every_heading_and_its_file_holds_its_rows(
    small_council: Council,
) -> None:
    council = small_council
    council.submitted("inadequate", actions=(council.action(),), no_action_reason="")
    council.moderated("good", "inadequate")
    council.assigned()
    lead, worker = council.browser("lead"), council.browser("worker")
    lead.get("/audits")
    filed = {}
    for path in WHOLE:
        page = lead.get(path)
        assert page.status_code == 200, path
        for link in re.findall(r'app-sort" href="([^"]+)"', page.text):
            assert 'aria-sort="ascending"' in lead.get(html.unescape(link)).text, link
        files = re.findall(r'href="([^"]*/export\.csv[^"]*)"', page.text)
        if not files:
            assert "<strong>0</strong>" in page.text, path
            assert "app-empty" in page.text, path
            continue
        sent = lead.get(html.unescape(files[0]))
        filed[path] = len(list(csv.reader(io.StringIO(sent.content.decode("utf-8-sig"))))) - 1
        shown = re.search(r"<strong>([0-9,]+)</strong>", page.text)
        assert path == UNCOUNTED or (shown and int(shown[1]) == filed[path]), path
        assert worker.get(html.unescape(files[0])).status_code == 403, path
    assert len(filed) >= 10
    assert all(filed.values())
