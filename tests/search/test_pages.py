"""Searching from a page: words, references and children, and no mark that a text could make."""

from __future__ import annotations

import pytest

from tests.support.council import Council, log_of
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


def test_texts_of_one_audit_are_never_parted_by_the_end_of_a_page(
    small_council: Council,
) -> None:
    for _ in range(6):
        small_council.submitted()
    browser = small_council.browser("reader")
    found, path = 0, "/search?q=evidence"
    while path:
        page = browser.get(path)
        found += page.text.count('class="app-judgement"')
        before, more, _ = page.text.partition('rel="next"')
        path = (
            before.rpartition('href="')[2].partition('"')[0].replace("&amp;", "&") if more else ""
        )
    graded = [d for d in small_council.tool.domains if not d.applies_to]
    assert found == 6 * len(graded) > 50


def test_search_marks_are_never_markup_from_a_text(small_council: Council) -> None:
    small_council.submitted(rationale="Drift <script>alert(1)</script> " + "and words " * 20)
    page = small_council.browser("reader").get("/search?q=drift")
    assert "&lt;script&gt;" in page.text
