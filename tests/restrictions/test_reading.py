"""What is restricted is nowhere to be seen by anybody who is not named, on any day asked for."""

from __future__ import annotations

from typing import Any

import pytest

from qa.restrictions import handlers
from qa.restrictions.commands import LiftRestriction
from tests.restrictions.support import CHILD, JOINED, OUTSIDE, asked, leaks_at, restrict, told
from tests.support.council import Council


@pytest.mark.slow
@pytest.mark.parametrize("handle", OUTSIDE)
def test_nobody_outside_is_shown_any_of_it(small_council: Council, handle: str) -> None:
    council = small_council
    story = told(council)
    before = council.services.store.head()
    restrict(council, JOINED if OUTSIDE.index(handle) % 4 > 1 else CHILD)
    browser, program = council.browser(handle), council.program(handle)
    leaks, read = [], 0
    for path in asked(council, story, before, OUTSIDE.index(handle)):
        status, leaked = leaks_at(
            path, program if path.startswith("/api/") else browser, story.marks
        )
        read += status == 200
        leaks += leaked
    assert leaks == []
    assert read > 20


def test_whoever_is_named_reads_it_all(small_council: Council) -> None:
    council = small_council
    story = told(council)
    restrict(council)
    lead, program = council.browser("lead2"), council.program("lead2")
    for path in (
        f"/audits/{story.audit}",
        f"/children/{CHILD}",
        f"/actions/{story.action}",
        f"/audits/{story.audit}/concerns/{story.concern}",
        f"/supervision/{story.pair}",
        "/search?q=marmalade",
        "/audits",
    ):
        page = lead.get(path)
        assert page.status_code == 200, path
        assert CHILD in page.text, path
    for path in (f"/api/v1/case-audits/{story.audit}", "/api/v1/exports/audits.json"):
        assert story.reference in program.get(path).text
    assert council.program("auditor").get(f"/api/v1/case-audits/{story.audit}").status_code == 200
    # A name opens nothing that a role does not.
    assert council.program("nobody").get(f"/api/v1/case-audits/{story.audit}").status_code == 404


def test_figures_that_name_nobody_count_it_as_before(small_council: Council) -> None:
    council = small_council
    told(council)
    program = council.program("lead")
    reports = [
        f"/api/v1/reports/{name}?from=2026-01-01&to=2026-12-31"
        for name in ("agreement", "grades", "closing-the-loop")
    ]

    def rows() -> list[Any]:
        return [program.get(path).json()["rows"] for path in reports]

    before = rows()
    restrict(council)
    assert rows() == before
    assert any(before)


def test_todays_restriction_decides_of_every_day(small_council: Council) -> None:
    council = small_council
    story = told(council)
    program = council.program("lead")
    path = f"/api/v1/case-audits/{story.audit}"
    before = council.services.store.head()
    restriction = restrict(council)
    during = council.services.store.head()
    assert {program.get(path, params=at).status_code for at in ({}, {"position": before})} == {404}
    handlers.lift(
        council.services.desk,
        LiftRestriction(restriction=restriction, why="The colleague has left the council."),
        by=council.actor("lead2"),
    )
    for at in ({}, {"position": before}, {"position": during}):
        assert program.get(path, params=at).status_code == 200


def test_what_cannot_be_seen_cannot_be_changed(small_council: Council) -> None:
    council = small_council
    story = told(council)
    restrict(council)
    lead = council.program("lead")
    for path, sent in (
        (f"case-audits/{story.audit}/voiding", {"reason": "The wrong file was audited."}),
        (f"actions/{story.action}/drop", {"reason": "It no longer applies to this child."}),
        (f"actions/{story.action}/transfer", {"owner": council.ids["lead"], "reason": "Moved."}),
        (
            f"case-audits/{story.audit}/concerns/{story.concern}/acknowledgement",
            {"doing": "A visit today."},
        ),
    ):
        answer = lead.post(f"/api/v1/{path}", json=sent, headers={"if-match": '"1"'})
        assert answer.status_code == 404, (path, answer.text)
