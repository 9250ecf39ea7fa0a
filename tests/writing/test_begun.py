"""Drafts whose record their writer may no longer open."""

from __future__ import annotations

from datetime import timedelta

from qa.audits import handlers as audits
from qa.audits.commands import ReassignAudit
from tests.restrictions.support import restrict
from tests.support.council import Council, words_of
from tests.writing.support import TYPED, WHY, drafts_kept


def begun(council: Council, child: str = "") -> str:
    audit = council.allocated(**({"child": child} if child else {}))
    page = f"/audits/{audit}/write/overall"
    council.browser("auditor").post(page, {"revision": "0", "rationale": TYPED})
    return audit


def reassign(council: Council, audit: str, to: str) -> None:
    audits.reassign(
        council.services.desk,
        ReassignAudit(audit=audit, auditor=council.ids[to], reason=WHY),
        by=council.actor("lead"),
    )


def test_an_audit_given_to_somebody_else_leaves_each_their_own_text(
    small_council: Council,
) -> None:
    council = small_council
    audit = begun(council)
    reassign(council, audit, "auditor2")
    first, second = council.browser("auditor"), council.browser("auditor2")
    assert TYPED not in second.get(f"/audits/{audit}/write/overall").text
    queue = words_of(first.get("/").text)
    assert "An audit. This is closed to you now." in queue
    kept = words_of(first.get(f"/drafts/case-audit:{audit}").text)
    assert TYPED in kept
    assert council.view(audit).row.child not in kept
    assert council.view(audit).row.reference not in kept
    assert second.get(f"/drafts/case-audit:{audit}").status_code == 404
    second.post(f"/drafts/case-audit:{audit}", {})
    assert drafts_kept(council) == 1, "nobody throws away what is another's"
    reassign(council, audit, "auditor")
    assert TYPED in first.get(f"/audits/{audit}/write/overall").text


def test_the_text_about_a_child_whose_records_are_closed_is_closed_too(
    small_council: Council,
) -> None:
    council = small_council
    audit = begun(council, "HUSH-0077")
    restrict(council, readers=[council.ids["lead2"], council.ids["nobody"]])
    browser = council.browser("auditor")
    for place in ("/", f"/drafts/case-audit:{audit}"):
        told = words_of(browser.get(place).text)
        assert "This is closed to you now." in told
        assert TYPED not in told
        assert "HUSH" not in told


def test_home_names_the_latest_five_and_the_queue_all(small_council: Council) -> None:
    begun_audits = []
    for _ in range(6):
        small_council.services.store.clock.advance(timedelta(minutes=1))
        begun_audits.append(begun(small_council))
    browser = small_council.browser("auditor")
    home, queue = browser.get("/").text, browser.get("/your-work").text
    assert [f"/drafts/case-audit:{one}" in home for one in begun_audits] == [False] + [True] * 5
    assert all(f"/drafts/case-audit:{one}" in queue for one in begun_audits)


def test_notes_of_other_rooms_are_no_writing(small_council: Council) -> None:
    assert small_council.browser("lead").get("/drafts/inspection:1").status_code == 404
