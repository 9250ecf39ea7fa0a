"""Recorded later, and what is not the same at two dates: named, counted and explained."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from random import Random
from typing import Any

import pytest

from api.history import comparison
from api.history.comparison import ComparisonFilter
from api.web.moments import as_at
from projections.core.true_on import true_at
from qa.audits import handlers as audit_handlers
from qa.audits.commands import SubmitAudit, WithdrawAudit
from qa.core.event import RecordedEvent
from qa.security import access_log
from tests.history.support import Eventful, rows_at
from tests.support.council import Council, content, words_of

V1 = "/api/v1"


def later(council: Council, days: int) -> None:
    council.clock.advance(timedelta(days=days))


def late_audit(council: Council, day: date, overall: str = "inadequate") -> str:
    """An audit told today that was made on `day`."""
    audit = council.allocated()
    audit_handlers.submit(
        council.services.desk,
        SubmitAudit(audit=audit, content=content(council.tool, day, overall)),
        by=council.actor("auditor"),
    )
    return audit


def test_an_audit_told_late_is_not_known_then_but_was_so(small_council: Council) -> None:
    """The golden scenario: known then, and known now, side by side."""
    council = small_council
    board = council.today
    early = council.submitted("good")
    later(council, 10)
    audit = late_audit(council, board)
    reference = council.view(audit).row.reference
    browser, program = council.browser("lead"), council.program("lead")

    assert reference not in browser.get(f"/audits?as_at={board}").text
    so = browser.get(f"/audits?true_on={board}")
    assert reference in so.text
    assert f"As it was on {board.day} March 2026, as recorded today" in words_of(so.text)
    assert "/learnt-later?true_on=" in so.text
    row = program.get(f"{V1}/case-audits/{audit}?true_on={board}").json()["audit"]
    assert (row["overall"], row["status"]) == ("inadequate", "submitted")

    page = browser.get(f"/learnt-later?true_on={board}")
    told = words_of(page.text)
    assert "Submitted the audit: Inadequate" in told
    assert "10 days" in told
    assert council.view(early).row.reference not in told
    found = program.get(f"{V1}/learnt-later?true_on={board}").json()
    assert [one["stream"] for one in found["facts"]] == [f"case-audit:{audit}"] * found["total"]
    assert {one["days_late"] for one in found["facts"]} == {10}
    of_one = program.get(f"{V1}/learnt-later?true_on={board}&record=audit:{early}").json()
    assert of_one["total"] == 0
    assert "Nothing was recorded later" in words_of(
        browser.get(f"/learnt-later?true_on={council.today}").text
    )
    assert "Choose the day" in words_of(browser.get("/learnt-later").text)
    before = noted(council)
    assert browser.get(f"/learnt-later/export.csv?true_on={board}").status_code == 200
    assert noted(council)[len(before) :] == [("export", "learnt-later.csv")]
    assert program.get(f"{V1}/learnt-later").json()["code"] == "true-on-missing"


def noted(council: Council) -> list[tuple[str, str]]:
    with council.services.store.reading() as connection:
        lines = access_log.page(connection, limit=2000)
    return [(line.what.value, line.subject) for line in reversed(lines)]


def test_between_two_boards_every_record_and_figure_that_moved_is_named(
    small_council: Council,
) -> None:
    council = small_council
    kept, ended = council.submitted("good"), council.submitted("good")
    board = council.today
    later(council, 10)
    added = council.submitted("inadequate")
    audit_handlers.withdraw(
        council.services.desk,
        WithdrawAudit(audit=ended, reason="Wrong sample."),
        by=council.actor("lead"),
    )
    program = council.program("lead")
    found = program.get(f"{V1}/compare?from_as_at={board}").json()
    references = {one: council.view(one).row.reference for one in (kept, ended, added)}
    moved = {one["audit"]: one for one in found["audits"]}
    assert moved.keys() == {ended, added}
    assert moved[added]["how"] == "added"
    status = next(f for f in moved[ended]["fields"] if f["field"] == "status")
    assert status["new"] == "Withdrawn"
    assert "withdrawn" in moved[ended]["facts"][-1]["title"].casefold()
    total = next(
        one
        for one in found["figures"]
        if one["figure"] == "good_or_better_rate" and "total" in one["group"]
    )
    assert (total["old"], total["new"]) == ("– (2 of 2)", "– (1 of 2)")
    assert total["audits"] == sorted((references[ended], references[added]))

    browser = council.browser("lead")
    page = browser.get(f"/compare?from_as_at={board}").text
    told = words_of(page)
    for was in ("– (2 of 2)", "– (1 of 2)"):  # each side opens why it was, or is, that number
        there = re.search(rf'href="([^"]+)">{re.escape(was)}<', page)
        assert there is not None, was
        why = words_of(browser.get(unescape(there[1])).text)
        assert "Why this number?" in why
        assert was.strip("– ()") in why
    assert references[added] in told
    assert references[kept] not in told
    assert "– (2 of 2)" in told
    nothing = browser.get(f"/compare?from_as_at={council.today}")
    assert "Nothing moved" in words_of(nothing.text)
    lines = browser.get(f"/compare/export.csv?from_as_at={board}").text
    assert references[added] in lines
    assert references[kept] not in lines


def test_known_then_and_known_now_can_be_compared(small_council: Council) -> None:
    """The same board day, as it was known and as we now say it was."""
    council = small_council
    council.submitted("good")
    board = council.today
    later(council, 10)
    audit = late_audit(council, board)
    late_but_after = council.submitted("good")
    found = council.program("lead").get(f"{V1}/compare?from_as_at={board}&to_true_on={board}")
    moved = {one["audit"]: one["how"] for one in found.json()["audits"]}
    assert moved == {audit: "added"}
    assert late_but_after not in moved


@pytest.mark.parametrize("seed", range(2))
def test_a_comparison_leaves_nothing_out_and_adds_nothing(
    small_council: Council, seed: int
) -> None:
    """Against two stores that were told just the events of each moment, row by row."""
    council = small_council
    Eventful(council, 300 + seed).go_on(60)
    services, random, lead = council.services, Random(seed), council.actor("lead")
    store = services.store
    with store.reading() as connection:
        for _ in range(4):
            moments = []
            for _side in ("from", "to"):
                position = random.randrange(store.head(connection) + 1)
                last = as_at(store, connection, position=position).day
                true_on = last - timedelta(days=random.randrange(30))
                chosen = true_on if random.random() < 0.5 else None
                moments.append(as_at(store, connection, None, position, chosen))
            before, after = moments
            found = comparison.compare(
                services, connection, lead, before, after, ComparisonFilter(show="records")
            )
            rows = [rows_at(council, at, connection) for at in moments]
            expected = {
                record
                for record in rows[0].keys() | rows[1].keys()
                if rows[0].get(record) != rows[1].get(record)
            }
            moved = [*found.audits, *found.records]
            assert {(one.kind, one.record) for one in moved} == expected
            for one in moved:
                stream = list(store.events(connection, stream=one.stream))
                told = {event["position"] for event in one.events}
                assert told
                assert told <= _between(stream, before, after)
                assert ":" not in one.stream or told == _between(stream, before, after)


def _between(stream: list[RecordedEvent[Any]], before: Any, after: Any) -> set[int]:
    return true_at(stream, before.true_on, before.shown) ^ true_at(
        stream, after.true_on, after.shown
    )


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("from_as_at=2026-13-01", "from_as_at", None),
        ("from_as_at=2099-01-01", "from_as_at", "date-future"),
        ("from_position=999999", "from_position", "position-beyond-head"),
        ("from_as_at=2026-03-02&from_position=3", "from_as_at", "as-at-both"),
        ("from_as_at=2026-03-02&to_true_on=2099-01-01", "to_true_on", "date-future"),
        ("from_as_at=2026-03-02&from_true_on=2026-03-03", "from_true_on", "true-after-known"),
        ("from_as_at=2026-03-01", "from_as_at", "date-before-record"),
        ("from_as_at=2026-03-02&first=2026-01-01", "last", "date-missing"),
        ("", "from_as_at", "date-missing"),
    ],
)
def test_what_cannot_be_compared_is_refused_at_its_field(
    small_council: Council, query: str, field: str, code: str | None
) -> None:
    later(small_council, 4)
    answer = small_council.program("lead").get(f"{V1}/compare?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert code is None or answer.json()["code"] == code
    page = small_council.browser("lead").get(f"/compare?{query}")
    if query:
        assert page.status_code == 422
        assert "There is a problem" in page.text


def test_a_blind_moderator_learns_nothing_from_either(small_council: Council) -> None:
    council = small_council
    board = council.today
    later(council, 5)
    audit = late_audit(council, board, "outstanding")
    council.clock.advance(timedelta(hours=1))
    row = council.view(audit).row
    assigned = council.seal(audit)
    browser, program = council.browser("moderator"), council.program("moderator")
    for path in (
        f"/learnt-later?true_on={board}",
        f"/compare?from_as_at={board}",
        f"/compare?from_as_at={board}&to_true_on={board}",
        f"/compare/export.csv?from_as_at={board}",
    ):
        page = browser.get(path)
        assert row.reference not in page.text, path
        assert "Outstanding" not in page.text, path
    for path in (f"learnt-later?true_on={board}", f"compare?from_as_at={board}"):
        answer = program.get(f"{V1}/{path}")
        assert row.reference not in answer.text, path
        assert "outstanding" not in answer.text.casefold(), path
    assert assigned
    assert row.reference in council.browser("lead").get(f"/compare?from_as_at={board}").text
