"""An answer about a past moment holds nothing of what came later: it is the same, or is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.support.addresses import addresses
from tests.support.council import Council

PRESENT_ONLY = {
    "readAccessLog",
    "readUnusualAccess",
    "listInspectorRooms",
    "listRestrictions",
    "readRestriction",
    "readInspectorRoom",
    "readLedger",
    "listCheckpoints",
    "readLatestCheckpoint",
    "proveFact",
    "proveConsistency",
    "listLedgerKeys",
    "listNotices",
    "readMe",
}
"""What has no past to show."""


PRESENT_PAGES = {
    "/about",
    "/access-log",
    "/access-log/export.csv",
    "/account/accesses",
    "/health",
    "/ledger",
}
"""Pages that tell of the present whatever is asked, and do not say otherwise."""

PAST = re.compile("app-as-at")
ANEW = re.compile(r'name="(key|csrf)" value="[^"]*"|nonce="[^"]*"')
"""What every rendering makes anew."""


@pytest.mark.slow
def test_no_page_tells_later_events_of_a_past_moment(small_council: Council) -> None:
    council = small_council
    audit, _ = council.moderated()
    council.services.ledger.checkpoint(by="operator")
    lead = council.browser("lead").client
    asked = [each for each in addresses(council, audit) if not each.startswith("/api/")]
    # Not the last, which is shown as now until something follows.
    before = answers(lead, asked, at := council.services.store.head() - 1)
    later(council)
    after = answers(lead, asked, at)
    changed = {each for each in asked if before[each] != after[each]}
    assert changed == PRESENT_PAGES
    assert [each for each in sorted(changed) if PAST.search(after[each][1])] == []
    assert len([each for each, (status, _) in after.items() if status == 200]) >= 100


def answers(client: Any, asked: list[str], position: int) -> dict[str, tuple[int, str]]:
    """The status and text of each address as at a position."""
    found = {}
    for address in asked:
        answer = client.get(f"{address}{'&' if '?' in address else '?'}position={position}")
        found[address] = (answer.status_code, ANEW.sub("", answer.text))
    return found


def later(council: Council) -> None:
    """A minute, and what is recorded in it."""
    council.clock.advance(timedelta(minutes=1))
    council.moderated("inadequate", "good")
    council.allocated()
    council.services.ledger.checkpoint(by="operator")


@pytest.mark.slow
def test_no_get_of_the_api_tells_later_events_of_a_past_moment(small_council: Council) -> None:
    council = small_council
    audit, _ = council.moderated()
    council.services.ledger.checkpoint(by="operator")
    lead = council.program("lead")
    asked = [each for each in addresses(council, audit) if each.startswith("/api/")]
    # Not the last, which is shown as now until something follows.
    before = answers(lead, asked, at := council.services.store.head() - 1)
    later(council)
    after = answers(lead, asked, at)
    assert [each for each in asked if before[each] != after[each]] == []
    answered = [each for each, (status, _) in after.items() if status == 200]
    assert len(answered) > 35


def test_what_has_no_past_refuses_to_be_asked_for_one(small_council: Council) -> None:
    lead = small_council.program("lead")
    paths = small_council.browser("lead").client.app.openapi()["paths"]  # type: ignore[attr-defined]
    there = {verbs["get"]["operationId"]: path for path, verbs in paths.items() if "get" in verbs}
    for operation in PRESENT_ONLY & set(there):
        path = there[operation].replace("{room}", "0" * 32).replace("{fact}", "1")
        path = path.replace("{restriction}", "0" * 32)
        for name, value in (("as_at", "2026-03-01"), ("position", "1"), ("true_on", "2026-03-01")):
            sizes = {"first": "1", "second": "1"} if operation == "proveConsistency" else {}
            answer = lead.get(path, params={name: value, **sizes})
            assert (answer.status_code, answer.json()["code"]) == (422, "present-only"), operation
    assert set(there) >= PRESENT_ONLY
