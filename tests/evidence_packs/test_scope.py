"""What a pack is of: something, and not too much."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from api.evidence_packs import contents, scope
from api.evidence_packs.scope_request import ScopeRequest
from tests.evidence_packs.support import files_of, pack_of
from tests.inspections.support import pinned_to_yesterday
from tests.support.council import Council
from tests.support.given import codes_of


def refused(council: Council, asked: ScopeRequest) -> list[str]:
    return codes_of(lambda: pack_of(council, asked))


def test_a_pack_is_of_something_that_is_there(small_council: Council) -> None:
    small_council.submitted()
    assert refused(small_council, ScopeRequest()) == ["pack-empty"]
    day = small_council.today
    backwards = ScopeRequest(audited_from=day, audited_to=day.replace(year=day.year - 1))
    assert refused(small_council, backwards) == ["period-backwards"]
    before = ScopeRequest(audited_to=day.replace(year=day.year - 1))
    assert refused(small_council, before) == ["pack-unknown"]


def test_a_pack_holds_no_more_than_a_reader_can_go_through(
    small_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        small_council.submitted()
    asked = ScopeRequest(audited_from=small_council.today)
    monkeypatch.setattr(scope, "MOST_AUDITS", 1)
    assert refused(small_council, asked) == ["pack-too-large"]
    monkeypatch.setattr(scope, "MOST_AUDITS", 2)
    monkeypatch.setattr(contents, "MOST_EVENTS", 1)
    assert refused(small_council, asked) == ["pack-too-large"]


def test_the_pack_of_a_room_is_all_that_it_opens_up_to_its_day(small_council: Council) -> None:
    council = small_council
    known = [council.submitted(), council.submitted()]
    sealed = council.submitted()
    council.clock.advance(timedelta(days=1))
    pinned_to_yesterday(council)
    council.submitted()
    browser = council.browser("nobody")
    page = browser.get("/room").text
    assert "/packs?everything=yes" in page
    assert "Your room, " in page
    content = browser.post("/packs", {"everything": "yes"}).content
    files = files_of(content)
    manifest = json.loads(files["manifest.json"])
    pin = council.services.store.position_at(council.today - timedelta(days=1))
    assert manifest["position"] == pin
    assert manifest["scope"]["everything"] is True
    lines = files["facts/facts.jsonl"].splitlines()
    streams = {json.loads(line)["stream"] for line in lines}
    audits = {one for one in streams if one.startswith("case-audit:")}
    assert audits == {f"case-audit:{one}" for one in (*known, sealed)}
    assert refused(council, ScopeRequest(everything=True)) == []
