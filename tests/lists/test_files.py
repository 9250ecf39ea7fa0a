"""Every list as a file: the rows of its page; one that would not fit in a file is not made."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta

import pytest

from api.access import listing as access_listing
from api.documents.listing import Column, Listing
from api.history import comparison_files
from api.history import listing as history_listing
from api.lists import files
from api.routes import PAGES
from tests.support.council import Council
from tests.support.given import START, codes_of


@pytest.mark.parametrize(
    ("module", "path"),
    [
        (access_listing, "/access-log/export.csv"),
        (files, "/actions/export.csv"),
        (files, "/follow-ups/export.csv"),
        (files, "/audits/export.csv"),
        (history_listing, "/history.csv?record=audit:{audit}"),
        (comparison_files, "/compare/export.csv?from_as_at={yesterday}"),
    ],
)
def test_a_list_has_at_most_so_many_rows(
    small_council: Council, monkeypatch: pytest.MonkeyPatch, module: object, path: str
) -> None:
    council = small_council
    yesterday = council.today
    council.clock.advance(timedelta(days=1))
    for _ in range(2):
        planned = council.action()
        audit = council.submitted("inadequate", actions=(planned,), no_action_reason="")
    lead = council.browser("lead").client
    there = path.format(audit=audit, yesterday=yesterday)
    for _ in range(2):
        assert lead.get(there).status_code == 200
    monkeypatch.setattr(module, "MOST_ROWS", 1)
    refused = lead.get(there, headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "list-too-long")


def test_a_file_has_a_name_that_a_header_can_hold() -> None:
    sent = files.download("a", 'Prüfung "Mai"\r\n; 2026.csv')
    assert sent.headers["content-disposition"] == 'attachment; filename="Pr-fung-Mai-2026.csv"'


def test_a_list_is_written_in_a_kind_that_is_known() -> None:
    made = Listing(
        title="Nothing", columns=[Column("a", "A")], rows=[], filters=[], position=1, as_at=START,
        by="Lead", at=START,
    )  # fmt: skip
    assert codes_of(lambda: files.render_listing(made, "pdf")) == ["file-kind"]
    for kind in ("csv", "xlsx", "json"):
        assert files.render_listing(made, kind)


ENDING = "/export.{kind}"
WITHOUT_A_PAGE = {"/your-work", "/compare", "/supervision-report"}
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
