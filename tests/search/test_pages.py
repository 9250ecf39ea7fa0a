"""Searching from a page: words, references and children, and no mark that a text could make."""

from __future__ import annotations

import pytest

from tests.support.council import Council, log_of, words_of
from tests.support.told_codes import ToldCodes


@pytest.fixture
def council(small_council: Council) -> Council:
    """SQLite alone: a page has no SQL of its own, and its queries are tested on both."""
    return small_council


def test_search_finds_words_references_and_children(
    council: Council, told_codes: ToldCodes
) -> None:
    audit = council.submitted(rationale="Drift was noticed late, and visits stopped. " * 8)
    row = council.view(audit).row
    browser = council.browser("reader")
    page = browser.get("/search?q=visited+drifting")
    assert '<mark class="app-mark">Drift</mark>' in page.text
    assert "Reasons for the overall grade" in page.text
    for typed in (row.reference.lower(), row.child):
        assert f"/audits/{audit}" in browser.get(f"/search?q={typed}").text
    assert "Nothing found" in browser.get("/search?q=zebra").text
    short = browser.get("/search?q=x")
    assert short.status_code == 422
    assert "Enter two letters or more" in short.text
    assert told_codes.taken() == ["query-short"]
    assert browser.get(f"/search?q={'x' * 201}").status_code == 422
    assert told_codes.taken() == ["query-long"]
    assert browser.get(f"/search?q={'x' * 200}").status_code == 200
    assert "Nothing found" not in browser.get("/search").text
    assert ("search", "search") in log_of(council)


def test_a_page_leads_to_the_next_and_is_narrowed_to_a_kind(council: Council) -> None:
    for _ in range(6):
        council.submitted()
    browser = council.browser("reader")
    found, path = 0, "/search?q=evidence&kind=case-audit"
    while path:
        page = browser.get(path)
        found += page.text.count('<p class="govuk-body app-text">')
        before, more, _ = page.text.partition('rel="next"')
        path = (
            before.rpartition('href="')[2].partition('"')[0].replace("&amp;", "&") if more else ""
        )
        assert "/tools/" not in page.text.partition("<main")[2]
    graded = [d for d in council.tool.domains if not d.applies_to]
    assert found == 6 * len(graded) > 50
    assert "/tools/" in browser.get("/search?q=evidence&kind=audit-tool").text


def test_whoever_may_search_has_a_box_and_is_told_what_was_meant(council: Council) -> None:
    council.submitted(rationale="Drift was noticed late, and visits stopped. " * 8)
    for handle in ("lead", "admin", "worker", "reader"):
        browser = council.browser(handle)
        assert 'id="header-search"' in browser.get("/").text, handle
        assert browser.get("/search?q=tree").status_code == 200
    page = words_of(council.browser("lead").get("/search?q=notcied").text)
    assert "Nothing was found for “notcied”. These are the results for noticed" in page
    answer = council.program("lead").get("/api/v1/search?q=notcied&kind=case-audit").json()
    [one] = answer["found"]
    assert (answer["corrected"], answer["next"]) == ("noticed", None)
    assert {one["text"][start:end] for start, end in one["marks"]} == {"noticed"}
    assert one["href"] == f"/audits/{one['record']}"
    assert [each["kind"] for each in answer["counts"]] == ["case-audit", "audit-tool"]


def test_search_marks_are_never_markup_from_a_text(council: Council) -> None:
    council.submitted(rationale="Drift <script>alert(1)</script> " + "and words " * 20)
    page = council.browser("reader").get("/search?q=drift")
    assert "&lt;script&gt;" in page.text
