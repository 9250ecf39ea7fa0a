"""Whoever reads or takes out anything that is not on the list of quiet addresses leaves a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from api.gate.access_middleware import QUIET
from api.main import create_app
from api.routes import PAGES
from qa.security.access_log import access_log
from tests.support.council import Council


def addresses(council: Council, audit: str) -> Iterator[str]:
    """Every address that answers a GET, of pages and of the API, with a record wherever one is
    named."""
    row = council.view(audit).row
    named = {
        "{audit}": audit,
        "{child:path}": row["child"],
        "{child}": row["child"],
        "{moderation}": row["moderation"],
        "{section}": "overall",
        "{kind}": "csv",
        "{person}": council.ids["auditor"],
        "{team}": "east",
        "{tool}": council.tool.id,
        "{name}": "agreement",
        "{version}": "1",
    }
    asked = {
        "/history": f"?record=audit:{audit}",
        "/history.csv": f"?record=audit:{audit}",
        "/api/v1/history": f"?record=audit:{audit}",
        "/api/v1/history.csv": f"?record=audit:{audit}",
        "/search": "?q=evidence",
        "/api/v1/search": "?q=evidence",
        "/api/v1/reports/agreement": "?from=2026-01-01&to=2026-03-02",
    }
    pages = [
        route.path
        for route in PAGES
        if "GET" in route.methods
        # A calendar opens by its secret, not by who is signed in: there is nobody to note.
        if "{secret}" not in route.path
    ]
    documented = create_app(council.services).openapi()["paths"]
    api = [path for path, verbs in documented.items() if "get" in verbs]
    assert len(pages) > 60
    assert len(api) > 15
    for path in [*pages, *api]:
        for name, value in named.items():
            path = path.replace(name, value)
        yield path + asked.get(path, "")


def quiet(path: str) -> bool:
    bare = path.partition("?")[0]
    return any(bare == at or bare.startswith(f"{at}/") for at in QUIET)


def lines(council: Council) -> int:
    with council.services.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(access_log)).scalar_one()


@pytest.mark.parametrize("handle", ["lead", "reader", "moderator"])
def test_every_address_that_is_not_quiet_leaves_a_line(small_council: Council, handle: str) -> None:
    council = small_council
    audit, _ = council.moderated()
    browser, program = council.browser(handle), council.program(handle)
    silent, read = [], 0
    for path in addresses(council, audit):
        before = lines(council)
        answer = program.get(path) if path.startswith("/api/") else browser.get(path)
        noted = lines(council) > before
        if answer.status_code in (403, 404):
            assert noted, f"refused and not noted: {path}"
        elif answer.status_code == 200:
            read += not quiet(path)
            if not noted and not quiet(path):
                silent.append(path)
    assert silent == []
    assert read > 20


def test_quiet_addresses_exist_and_say_why() -> None:
    assert all(len(why) > 8 for why in QUIET.values())
    assert all(re.match(r"^/[a-z0-9/.-]+$", path) for path in QUIET)


NO_MOMENT = {
    "/access-log": "the access log is no record of facts",
    "/account": "a person's own account",
    "/accessibility": "says nothing of any record",
    "/about": "shows the head of the log itself",
    "/health": "shows the head of the log itself",
    "/purpose": "a question",
    "/ledger": "shows sizes of the sealed log itself",
    "/notices": "what a person was told: no record of facts",
    "/sign-in": "a form",
    "/set-password": "a form",
}
"""Pages without the words of their moment, each with the reason. Forms that change a record show
the record as it is while they are filled in."""


def test_every_page_that_shows_records_says_up_to_which_position(small_council: Council) -> None:
    council = small_council
    audit, _ = council.moderated()
    browser = council.browser("lead")
    bare, shown = [], 0
    for path in addresses(council, audit):
        if path.startswith("/api/") or any(path.startswith(at) for at in NO_MOMENT):
            continue
        page = browser.get(path)
        if page.status_code != 200 or "text/html" not in page.headers["content-type"]:
            continue
        if "app-as-at" in page.text:
            shown += "position" in page.text
        elif "<form" not in page.text:
            bare.append(path)
    assert bare == []
    assert shown > 15
