"""Named views on their pages: kept, shared with a role, opened, taken as a file, and removed."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from api.lists import page
from qa.core.list_query import DAYS, WORDS
from tests.support.council import Council, words_of
from tests.support.forms import read, send_as, sent


def keep_link(council: Council, handle: str, path: str) -> str:
    page = council.browser(handle).get(path)
    assert page.status_code == 200, words_of(page.text)
    found = re.search(r'href="(/views/new\?[^"]+)"', page.text)
    assert found
    return unescape(found[1])


def test_a_list_is_kept_shared_opened_filed_and_removed(small_council: Council) -> None:
    council = small_council
    council.submitted("inadequate", actions=(council.action(),), no_action_reason="")
    asked = "/audits?child=C-1&sort=-reference&columns=reference&columns=team_name"
    keep = keep_link(council, "lead", f"{asked}&audited_from=1/1/2026")
    assert "child" not in keep
    sent(council, "lead", keep, {"name": "Submitted", "role": "auditor"})
    views = council.program("auditor").get("/api/v1/views").json()["views"]
    [view] = [one["view"] for one in views]
    assert "audited_from" in views[0]["query"]
    lead, auditor = council.browser("lead"), council.browser("auditor")
    there = auditor.get(f"/views/{view}").headers["location"]
    shown = auditor.get(there)
    headings = re.findall(r'app-sort" href="[^"]+">([^<]+)<', shown.text)
    assert len(headings) == 2
    assert "Submitted" in read(council, "auditor", "/audits")
    filed = lead.get(lead.get(f"/views/{view}/export.csv").headers["location"])
    first, *rows = csv.reader(io.StringIO(filed.content.decode("utf-8-sig")))
    assert first == [heading.strip() for heading in headings]
    assert len(rows) == 1
    # The same name again is the same view; nobody else finds it once it is one's own.
    sent(council, "lead", keep_link(council, "lead", "/audits"), {"name": "submitted", "role": ""})
    assert council.program("auditor").get("/api/v1/views").json()["views"] == []
    assert auditor.get(f"/views/{view}").status_code == 404
    assert send_as(council, "auditor", keep, {"name": "Mine", "role": "auditor"}).status_code == 422
    program = council.program("auditor")
    body = {"path": "/audits", "name": "Mine", "role": "auditor"}
    assert program.post("/api/v1/views", json=body).status_code == 403
    sent(council, "lead", f"/views/{view}/remove")
    assert "You have no saved lists yet" in read(council, "lead", "/views")
    away = "/views/new?list=%2F%2Felsewhere.example&query="
    wrong = send_as(council, "lead", away, {"name": "Out"})
    assert "Enter the address of a list" in words_of(wrong.text)


def test_every_box_of_a_list_that_holds_typed_words_is_known_as_one(
    small_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes: dict[str, set[str]] = {}

    def drawn(**told: Any) -> page.ShownList:
        boxes[told["path"]] = {one.key for one in told["filters"] if one.kind == "text"}
        return shown(**told)

    shown = page.ShownList
    monkeypatch.setattr(page, "ShownList", drawn)
    lists = re.findall(
        r'path="(/[a-z-]+)"', "".join(one.read_text() for one in Path("api").rglob("*list*.py"))
    )
    for path in (*lists, "/access-log", "/rule-exceptions"):
        small_council.browser("lead").get(path)
    assert {"/audits", "/people", "/access-log", "/indicators", "/rule-exceptions"} <= set(boxes)
    assert set().union(*boxes.values()) - WORDS == DAYS


def test_columns_are_chosen_on_the_list(small_council: Council) -> None:
    lead = small_council.browser("lead")
    page = lead.get("/people?arrange=columns&role=auditor")
    offered = re.findall(r'name="columns" type="checkbox" value="(\w+)"( checked)?', page.text)
    assert {bool(checked) for _, checked in offered} == {True, False}
    assert 'type="hidden" name="role" value="auditor"' in page.text
    assert lead.get("/people?columns=none").status_code == 422
