"""The history of everything: each reader's own part, by person, record, kind, word and time."""

from __future__ import annotations

import re

import pytest

from projections.history import queries
from projections.history.question import HistoryFilter, HistoryScope
from qa.core.words import Role, Scope
from tests.support.council import Council, words_of

V1 = "/api/v1"


def titles(page: str) -> list[str]:
    return [words_of(one) for one in re.findall(r"moj-timeline__title\">(.*?)</h", page, re.S)]


def test_all_is_found_by_person_record_kind_word_and_time(small_council: Council) -> None:
    council = small_council
    audit, other = council.submitted(child="C-77001"), council.submitted(child="C-77002")
    row = council.view(audit).row
    browser = council.browser("lead")
    page = browser.get("/history")
    assert page.status_code == 200
    assert titles(page.text)[-1].startswith(council.view(other).row.reference)

    def found(query: str) -> list[str]:
        return titles(browser.get(f"/history?{query}").text)

    for reference in (row.reference, row.reference.lower(), "C-77001"):
        told = found(f"reference={reference}")
        assert told, reference
        assert all(one.startswith(row.reference) for one in told), reference
    assert all("Submitted the audit" in one for one in found("kind=CaseAuditSubmitted"))
    assert len(found("kind=CaseAuditSubmitted")) == 2
    assert len(found(f"kind=CaseAuditSubmitted&reference={row.reference}")) == 1
    assert found("by=auditor+tree&kind=CaseAuditSubmitted")
    assert not found("by=lead+tree&kind=CaseAuditSubmitted")
    assert found("text=Evidence+for+Planning+and+review")
    assert not found("recorded_to=2026-01-01")
    wrong = browser.get("/history?reference=nobody-has-it")
    assert wrong.status_code == 422
    assert "There is no record called nobody-has-it that you may see." in words_of(wrong.text)
    assert not titles(wrong.text)
    assert "entries in all" not in wrong.text
    assert "The latest entries" in browser.get("/history?from=1").text
    file = browser.get("/history.csv?kind=CaseAuditSubmitted")
    assert file.text.count("CaseAuditSubmitted") > 2
    program = council.program("lead")
    answer = program.get(f"{V1}/history?record=log&reference={row.reference}").json()
    assert {one["stream"] for one in answer["entries"]} == {f"case-audit:{audit}"}
    refused = program.get(f"{V1}/history?record=audit:{audit}&reference={row.reference}")
    assert refused.json()["code"] == "record-named"
    unknown = program.get(f"{V1}/history?record=log&reference=nobody-has-it")
    assert unknown.json()["code"] == "reference-unknown"
    assert program.get(f"{V1}/history?record=log:x").status_code == 404


def test_of_everything_each_reads_their_own_part(small_council: Council) -> None:
    council = small_council
    west = council.view(council.submitted("good", team="west")).row.reference
    east = council.view(council.submitted("good", team="east")).row.reference
    sealed = council.submitted("good", team="east")
    council.seal(sealed, "moderator")
    assert council.browser("nobody").get("/history").status_code == 403
    assert council.browser("auditor").get("/history").status_code == 403
    council.grant("nobody", Role.QA_LEAD, Scope(kind="team", code="east"))
    council.grant("moderator", Role.QA_LEAD)
    told = " ".join(titles(council.browser("nobody").get("/history?kind=CaseAuditSubmitted").text))
    assert east in told
    assert west not in told
    page = council.browser("nobody").get(f"/history?reference={west}")
    assert page.status_code == 422
    blind = titles(council.browser("moderator").get("/history").text)
    assert blind
    assert not any("Submitted the audit" in one for one in blind)


@pytest.mark.parametrize("span", [4, 200_000])
def test_a_narrowed_page_of_everything_looks_through_so_much(
    small_council: Council, monkeypatch: pytest.MonkeyPatch, span: int
) -> None:
    monkeypatch.setattr(queries, "SPAN", span)
    for _ in range(2):
        small_council.submitted()
    whole = HistoryScope(everything=True)
    asked = HistoryFilter(types=frozenset({"CaseAuditSubmitted"}))
    with small_council.services.store.reading() as connection:
        every = queries.page(connection, whole, limit=500).entries
        expected = [e["position"] for e in every if e["type"] == "CaseAuditSubmitted"]
        assert len(expected) == 2
        onward: list[int] = []
        after: int | None = 0
        while after is not None:
            found = queries.page(connection, whole, asked, after=after, limit=1)
            onward += [e["position"] for e in found.entries]
            after = found.next
        back: list[int] = []
        before: int | None = small_council.services.store.head() + 1
        while before is not None:
            found = queries.page(connection, whole, asked, before=before, limit=1)
            back += [e["position"] for e in found.entries]
            before = found.previous
    assert (onward, back) == (expected, expected[::-1])
