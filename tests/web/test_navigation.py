"""The frame of every page: six sections at most, what the reader may use, and the way out."""

from __future__ import annotations

import re

import pytest

from api.navigation import NavigationSection, items
from tests.support.addresses import addresses_of
from tests.support.council import CAST, Council

SECTIONS = re.compile(
    r'<li class="govuk-service-navigation__item[^"]*">\s*<a class="govuk-service-navigation__link"'
    r' href="([^"]+)"[^>]*>\s*(?:<strong[^>]*>)?([^<]+)'
)
PAGES = re.compile(r'<a class="moj-sub-navigation__link" href="([^"]+)"')
WITHOUT_A_SECTION = (
    "/about",
    "/accessibility",
    "/account",
    "/errors",
    "/health",
    "/room",
    "/set-password",
    "/sign-in",
)
"""Pages about the service, or about oneself, that stand in no section."""


@pytest.mark.parametrize("handle", sorted(CAST))
def test_every_role_finds_each_page_in_two_steps_and_none_that_is_closed(
    small_council: Council, handle: str
) -> None:
    council = small_council
    council.moderated()
    browser = council.browser(handle)
    sections = SECTIONS.findall(browser.get("/").text)
    assert 1 <= len(sections) <= len(NavigationSection) == 6
    assert [words.strip() for _, words in sections] == [
        one.value
        for one in NavigationSection
        if one.value in {words.strip() for _, words in sections}
    ]
    found = set()
    for href, words in sections:
        page = browser.get(href)
        assert page.status_code == 200, href
        assert re.search(rf'aria-current="true">\s*<strong[^>]*>{words.strip()}<', page.text), href
        pages = PAGES.findall(page.text)
        assert len(pages) != 1, "one page alone needs no second navigation"
        for there in pages:
            assert browser.get(there).status_code == 200, there
        found |= {href, *pages}
    assert found <= {item.href for item in items()}
    if handle == "lead":
        own = {"/own-audits", "/room"}  # of practitioners and of inspectors
        assert found == {item.href for item in items()} - own


def test_every_page_stands_in_a_section(small_council: Council) -> None:
    council = small_council
    audit, _ = council.moderated()
    lead = council.browser("lead")
    bare = []
    for path in addresses_of(council, audit):
        page = lead.get(path) if not path.startswith("/api/") else None
        if page is None or page.status_code != 200 or "<main" not in page.text:
            continue
        if 'aria-current="true"' not in page.text and not path.startswith(WITHOUT_A_SECTION):
            bare.append(path)
    assert not bare, " ".join(bare)


def test_whoever_is_signed_in_is_named_and_can_sign_out(small_council: Council) -> None:
    browser = small_council.browser("auditor")
    page = browser.get("/")
    assert re.search(r'href="/account">Auditor Tree</a>', page.text)
    assert 'action="/sign-out"' in page.text.split("<main")[0]
    assert browser.post("/sign-out").headers["location"] == "/sign-in"
    assert "/sign-in" in browser.get("/").headers["location"]


def test_another_moment_is_told_above_and_now_on_paper_alone(small_council: Council) -> None:
    council = small_council
    council.moderated()
    lead = council.browser("lead")
    heading, strip = "<h1", 'class="govuk-body-s app-as-at'
    head = council.services.store.head()
    for now in ("/audits", f"/audits?position={head}"):
        page = lead.get(now).text
        assert page.index(heading) < page.index(f"{strip} app-print-only")
        assert "Show today’s records" not in page or str(head) in now
    past = lead.get("/audits?position=3").text
    assert past.index(f'{strip}"') < past.index(heading)
    assert "As recorded up to entry 3 of the log" in past
    assert 'href="/audits">Show today’s records</a>' in past
