"""What is behind never looks healthy: on pages, in files and in the API."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from api.main import create_app
from qa.security.accounts import sessions
from tests.support.browser import axe, no_sideways_scroll, served
from tests.support.council import Council, words_of

V1 = "/api/v1"
MARK = "These figures are behind."


@pytest.mark.parametrize(
    "path",
    ["/", "/audits", "/reports/agreement?from=2026-01-01&to=2026-03-31", "/search?q=evidence"],
)
def test_pages_say_what_is_behind_and_by_how_much(failed: Council, path: str) -> None:
    head = failed.services.store.head()
    told = words_of(failed.browser("lead").get(path).text)
    assert MARK in told
    assert (
        f"Moderation agreement: up to position {head - 1} of {head}, because 1 record is set aside."
        in told
    )


def test_a_picture_from_before_the_mistake_is_whole(failed: Council) -> None:
    head = failed.services.store.head()
    browser = failed.browser("lead")
    assert MARK not in browser.get(f"/audits?position={head - 1}").text
    assert MARK in browser.get(f"/audits?position={head}").text


def test_files_and_the_api_are_marked(failed: Council) -> None:
    head = failed.services.store.head()
    said = f"moderation_agreement={head - 1}/{head}"
    file = failed.browser("lead").get("/audits/export.csv")
    assert 'filename="BEHIND-' in file.headers["content-disposition"]
    assert file.headers["caseloop-behind"] == said
    program = failed.program("lead")
    listed = program.get(f"{V1}/exports/audits.json")
    assert any("set aside" in note for note in listed.json()["notes"])
    assert program.get(f"{V1}/case-audits").headers["caseloop-behind"] == said
    report = program.get(f"{V1}/reports/agreement?from=2026-01-01&to=2026-03-31").json()
    assert any(one.startswith("figures-behind") for one in report["caveats"])


def test_nothing_is_marked_where_nothing_is_behind(small_council: Council) -> None:
    small_council.submitted()
    page = small_council.browser("lead").get("/audits/export.csv")
    assert "caseloop-behind" not in page.headers
    assert "BEHIND" not in page.headers["content-disposition"]
    assert MARK not in small_council.browser("lead").get("/audits").text


@pytest.mark.browser
def test_pages_with_the_mark_are_accessible(failed: Council, tab: Page) -> None:
    with served(create_app(failed.services)) as address:
        with failed.services.store.writing() as connection:
            secret, _ = sessions.start(connection, failed.clock, person=failed.ids["lead"])
        name = failed.services.settings.cookie_name
        tab.context.add_cookies([{"name": name, "value": secret, "url": address}])
        for path in ("/health", "/audits"):
            tab.goto(f"{address}{path}")
            axe(tab)
            no_sideways_scroll(tab)
