"""What a pack is of: something, and not too much."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from datetime import timedelta
from pathlib import Path

import pytest

from api.evidence_packs import contents, scope
from api.evidence_packs.outside import verify
from api.evidence_packs.scope_request import ScopeRequest
from tests.evidence_packs.support import (
    checked,
    files_of,
    of_a_room_with_a_renamed_auditor,
    pack_of,
    remade,
)
from tests.inspections.support import opened, pinned_to_yesterday
from tests.support.council import Council
from tests.support.given import codes_of


def lines_of(content: bytes, name: str) -> list[bytes]:
    return [line for line in files_of(content)[name].split(b"\n") if line]


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


def test_the_pack_of_a_room_of_cases_holds_exactly_those(
    small_council: Council, tmp_path: Path
) -> None:
    council = small_council
    inside = [council.submitted(child="C-11"), council.submitted(child="C-12")]
    outside = council.submitted(child="C-13")
    opened(council, cases=("C-11", council.view(inside[1]).row.reference))
    packed = pack_of(council, ScopeRequest(everything=True), "nobody")
    streams = {json.loads(line)["stream"] for line in lines_of(packed.content, verify.FACTS)}
    assert streams == {f"case-audit:{audit}" for audit in inside}
    assert council.view(outside).row.reference.encode() not in b"".join(
        files_of(packed.content).values()
    )
    assert codes_of(lambda: pack_of(council, ScopeRequest(children=("C-13",)), "nobody")) == [
        "pack-unknown"
    ]
    assert checked(tmp_path, packed.content).code == 0


def test_names_are_proven_as_they_then_were_to_who_reads_nothing_else_of_people(
    small_council: Council, tmp_path: Path
) -> None:
    council = small_council
    packed = of_a_room_with_a_renamed_auditor(council)
    said = checked(tmp_path, packed.content)
    assert said.code == 0
    assert re.search(
        r"Auditor Tree \(from position \d+\), then Alex Newname \(from position \d+\)", said.proven
    )
    assert "The names of those" not in said.unproven
    pages = b"".join(
        data for name, data in files_of(packed.content).items() if name.startswith("records/")
    ).decode()
    assert "by Auditor Tree" in pages
    assert "by Alex Newname" in pages
    assert "Latername" not in pages
    # Of people the pack holds what gave them a name, and nothing of their roles.
    named = [json.loads(line) for line in lines_of(packed.content, verify.NAMES)]
    assert {each["type"] for each in named} == {*verify.NAMING}
    assert b"RoleGranted" not in b"".join(files_of(packed.content).values())
    # Another name, signed anew by whoever holds the key, is not what stood in the log.
    files, ring = files_of(packed.content), council.services.ledger.keys.ring()
    other = b64encode(b64decode(named[0]["state"]).replace(b"Tree", b"Bush")).decode()
    written = [json.dumps({**named[0], "state": other}), *map(json.dumps, named[1:])]
    false = remade(files, ring.current, **{verify.NAMES: "\n".join(written).encode() + b"\n"})
    assert (
        f"facts/names.jsonl: the fact at position {named[0]['position']}"
        in checked(tmp_path, false).wrong
    )
