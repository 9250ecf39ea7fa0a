"""What goes into a pack: what its reader may see, as at its position, and the same every time."""

from __future__ import annotations

import csv
import io
import json
import os
from base64 import b64decode
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from api.cli.app import main
from api.evidence_packs.making import make
from api.evidence_packs.outside.verify import archive
from api.evidence_packs.scope_request import ScopeRequest
from api.web.moments import present
from qa.core.access import What
from qa.core.clock import SetClock
from qa.core.errors import Forbidden, Refused, Unavailable
from qa.core.words import Role
from qa.ledger import checkpoints
from qa.security import access_log
from qa.security.vault import SqlVault
from tests.evidence_packs.support import Made, checked, files_of, pack_of
from tests.inspections.support import pinned_to_yesterday
from tests.support.council import Council, words_of

pytestmark = pytest.mark.one_database

SEPARATOR = "\u2028"


def child_of(council: Council, audit: str) -> str:
    return str(council.view(audit).row.child)


def test_a_pack_holds_the_records_of_the_people_it_names(council: Council, tmp_path: Path) -> None:
    audit, _ = council.moderated("good", "outstanding")
    asked = ScopeRequest(children=(child_of(council, audit),))
    packed = pack_of(council, asked)
    assert checked(tmp_path, packed.content).code == 0
    lines = files_of(packed.content)["facts/facts.jsonl"].splitlines()
    streams = {json.loads(line)["stream"] for line in lines}
    named = {f"person:{council.ids[one]}" for one in ("auditor", "moderator", "worker", "lead")}
    assert named <= streams
    assert f"person:{council.ids['nobody']}" not in streams
    assert packed.records == 1


@pytest.mark.both_databases
def test_the_same_records_at_the_same_position_are_the_same_bytes(
    council: Council, tmp_path: Path
) -> None:
    """On both databases; what came later shows only where it is said to."""
    audit, _ = council.moderated("good", "outstanding")
    asked = ScopeRequest(children=(child_of(council, audit),))
    position = council.services.store.head()
    first = pack_of(council, asked)
    assert checked(tmp_path, first.content).code == 0
    assert pack_of(council, asked, position=position).content == first.content
    council.clock.advance(timedelta(days=3))
    council.submitted()
    council.services.ledger.checkpoint(by="operator")
    council.clock.advance(timedelta(days=3))
    before, later = (
        files_of(first.content),
        files_of(pack_of(council, asked, position=position).content),
    )
    differs = {name for name in {*before, *later} if before.get(name) != later.get(name)}
    assert differs == {
        "manifest.json",
        "manifest.note",
        "proofs/later-checkpoint.note",
        "proofs/later-consistency.json",
    }
    assert checked(tmp_path, pack_of(council, asked, position=position).content).code == 0


def test_a_pack_shows_its_records_as_they_were(small_council: Council, tmp_path: Path) -> None:
    audit = small_council.submitted()
    asked = ScopeRequest(children=(child_of(small_council, audit),))
    position = small_council.services.store.head()
    small_council.clock.advance(timedelta(days=1))
    small_council.moderate(audit, "requires-improvement")
    then = files_of(pack_of(small_council, asked, position=position).content)
    now = files_of(pack_of(small_council, asked).content)
    page = "records/001-child.html"
    assert "requires-improvement" not in then["facts/facts.jsonl"].decode()
    assert len(then[page]) < len(now[page])
    rows = list(csv.reader(io.StringIO(now["lists/audits.csv"].decode("utf-8-sig"))))
    assert rows[1][rows[0].index("Overall grade")] == "Good"
    assert rows[1][rows[0].index("Moderated grade")] == "Requires improvement"
    rows = list(csv.reader(io.StringIO(then["lists/audits.csv"].decode("utf-8-sig"))))
    assert rows[1][rows[0].index("Moderated grade")] == ""
    figures = list(csv.reader(io.StringIO(now["lists/figures.csv"].decode("utf-8-sig"))))
    assert ["Overall grade", "Good", "1", "1"] in figures


def test_pages_and_events_tell_the_same(made: Made) -> None:
    files = files_of(made.pack.content)
    page = words_of(files["records/001-child.html"].decode())
    events = [json.loads(line) for line in files["facts/facts.jsonl"].decode().split("\n") if line]
    told = [one for one in events if not one["stream"].startswith("person:")]
    assert [one for one in told if f"Entry {one['position']} of the log" not in page] == []
    assert len(told) > 3
    assert [event["position"] for event in events] == sorted(event["position"] for event in events)
    with made.council.services.store.reading() as connection:
        stored = {row[0]: row for row in made.council.services.store.rows(connection)}
    for event in events:
        assert b64decode(event["state"]) == stored[event["position"]][5]
    assert "http" not in files["index.html"].decode().replace("https://", "http").split("<main>")[0]


def test_separators_of_lines_in_a_text_break_nothing(
    small_council: Council, tmp_path: Path
) -> None:
    audit = small_council.submitted(
        rationale=f"One line.{SEPARATOR}Another line.\x85And one more, with what the file shows of "
        "the child's life, the plan and how managers kept the work moving over all the period."
    )
    content = pack_of(small_council, ScopeRequest(audits=(audit,))).content
    assert SEPARATOR in files_of(content)["facts/opened.jsonl"].decode()
    assert checked(tmp_path, content).code == 0


def test_audits_go_in_by_reference_and_by_period(small_council: Council) -> None:
    first, second = small_council.submitted(), small_council.submitted()
    reference = small_council.view(first).row.reference
    assert pack_of(small_council, ScopeRequest(audits=(reference,))).records == 1
    today = small_council.today
    both = ScopeRequest(audited_from=today, audited_to=today)
    assert pack_of(small_council, both).records == 2
    listed = files_of(pack_of(small_council, ScopeRequest(audits=(second,))).content)[
        "lists/audits.csv"
    ]
    assert small_council.view(second).row.reference in listed.decode()
    assert reference not in listed.decode()


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (ScopeRequest(), "children"),
        (ScopeRequest(children=("no-such-child",)), "children"),
        (ScopeRequest(audits=("0" * 32,)), "audits"),
        (ScopeRequest(audited_from=date(2030, 1, 1)), "audited_from"),
        (ScopeRequest(audited_from=date(2026, 2, 1), audited_to=date(2026, 1, 1)), "audited_to"),
    ],
)
def test_what_cannot_be_packed_is_refused_at_its_field(
    small_council: Council, asked: ScopeRequest, field: str
) -> None:
    small_council.submitted()
    with pytest.raises(Refused) as refused:
        pack_of(small_council, asked)
    assert [fault.field for fault in refused.value.faults] == [field]


def test_every_fault_is_named_at_once(small_council: Council) -> None:
    with pytest.raises(Refused) as refused:
        pack_of(small_council, ScopeRequest(children=("x", "y"), audits=("z",)))
    assert len(refused.value.faults) == 3


def test_a_position_before_the_record_has_nothing_of_it(small_council: Council) -> None:
    position = small_council.services.store.head()
    audit = small_council.submitted()
    with pytest.raises(Refused, match="nothing of"):
        pack_of(small_council, ScopeRequest(audits=(audit,)), position=position)


def test_a_blind_moderator_takes_nothing_sealed_out(small_council: Council) -> None:
    """Whatever other role opens the page to them."""
    council = small_council
    council.grant("moderator", Role.QA_LEAD)
    audit, _ = council.assigned("outstanding")
    other = council.submitted()
    council.moderate(other, moderator="moderator2")
    asked = ScopeRequest(audits=(audit,))
    with pytest.raises(Refused) as refused:
        pack_of(council, asked, "moderator")
    assert refused.value.faults[0].code == "pack-sealed"
    with pytest.raises(Refused):
        pack_of(council, ScopeRequest(children=(child_of(council, audit),)), "moderator")
    today = council.today
    period = ScopeRequest(audited_from=today, audited_to=today)
    files = files_of(pack_of(council, period, "moderator").content)
    whole = b"".join(files.values())
    assert f"case-audit:{audit}".encode() not in whole
    assert f"case-audit:{other}".encode() in whole
    assert "1 audits of the period are sealed from you" in files["index.html"].decode()
    reference = council.view(audit).row.reference
    assert reference.encode() not in whole


@pytest.mark.parametrize("who", ["auditor", "moderator", "admin", "worker", "nobody"])
def test_who_makes_no_packs(small_council: Council, who: str) -> None:
    audit = small_council.submitted()
    with pytest.raises(Forbidden):
        pack_of(small_council, ScopeRequest(audits=(audit,)), who)


def test_making_a_pack_is_noted_with_every_record_in_it(small_council: Council) -> None:
    audit = small_council.submitted()
    pack_of(small_council, ScopeRequest(audits=(audit,)), "reader")
    with small_council.services.store.reading() as connection:
        lines = access_log.page(
            connection, access_log.AccessLogFilter(person=small_council.ids["reader"])
        )
    exports = [line.subject for line in lines if line.what is What.EXPORT]
    assert any(subject.startswith("pack:") for subject in exports)
    assert f"judgement:{audit}" in exports


def test_what_is_not_signed_yet_is_signed_first(small_council: Council, tmp_path: Path) -> None:
    audit = small_council.submitted()
    pack = pack_of(small_council, ScopeRequest(audits=(audit,)), "reader")
    with small_council.services.store.reading() as connection:
        last = checkpoints.latest(connection)
    assert last is not None
    assert last.size == pack.position
    assert last.made_by == small_council.ids["reader"]


def test_without_the_signing_key_no_pack_is_made(small_council: Council) -> None:
    audit = small_council.submitted()
    small_council.services.ledger.keys.path.unlink()
    with pytest.raises(Unavailable):
        pack_of(small_council, ScopeRequest(audits=(audit,)))


def test_erased_words_are_gone_and_their_proofs_hold(council: Council, tmp_path: Path) -> None:
    audit, _ = council.moderated("good", "requires-improvement")
    child = child_of(council, audit)
    asked = ScopeRequest(children=(child,))
    secret = "the child's life, the plan and how managers kept"
    before = files_of(pack_of(council, asked).content)
    assert secret in before["facts/opened.jsonl"].decode()
    vault = council.services.store.vault
    assert isinstance(vault, SqlVault)
    with council.services.store.writing() as connection:
        vault.destroy(connection, f"child:{child}")
    erased = pack_of(council, asked).content
    files = files_of(erased)
    for name, data in files.items():
        assert secret not in data.decode().replace("&#39;", "'"), name
        assert "Evidence for" not in data.decode(), name
    assert files["facts/facts.jsonl"] == before["facts/facts.jsonl"]
    assert "were erased" in files["index.html"].decode()
    assert "[erased]" in files["records/001-child.html"].decode()
    assert "[erased]" in files["records/001-child.csv"].decode()
    said = checked(tmp_path, erased)
    assert said.code == 0
    assert "they were erased" in said.unproven


def test_a_key_rotated_since_leads_to_the_new_one(small_council: Council, tmp_path: Path) -> None:
    audit = small_council.submitted()
    ledger = small_council.services.ledger
    old = ledger.checkpoint(by="operator")
    old_key = ledger.keys.ring().current.public.text
    small_council.clock.advance(timedelta(days=1))
    ledger.rotate(by="operator")
    small_council.clock.advance(timedelta(days=1))
    small_council.submitted()
    content = pack_of(small_council, ScopeRequest(audits=(audit,))).content
    new_key = ledger.keys.ring().current.public.text
    note = tmp_path / "old.note"
    note.write_text(old.note, "utf-8")
    for key in (old_key, new_key):
        said = checked(tmp_path, content, "--key", key)
        assert said.code == 0, key
    said = checked(tmp_path, content, "--key", old_key, "--checkpoint", str(note))
    assert (said.code, "old.note" in said.proven) == (0, True)
    files = files_of(content)
    handover = next(name for name in files if name.startswith("keys/handover-"))
    without = archive({k: v for k, v in files.items() if k != handover})
    said = checked(tmp_path, without, "--key", old_key)
    assert said.code == 1
    assert "manifest.note: has no good signature" in said.wrong


def test_a_pinned_reader_gets_nothing_later(small_council: Council) -> None:
    council = small_council
    audit = council.submitted()
    pin = council.services.store.head()
    council.services.ledger.checkpoint(by="operator")
    council.moderate(audit, "outstanding")
    council.services.ledger.checkpoint(by="operator")
    actor = replace(council.actor("reader"), pin=pin)
    with council.services.store.reading() as connection:
        at = present(council.services.store, connection, actor)
    files = files_of(make(council.services, actor, ScopeRequest(audits=(audit,)), at).content)
    assert json.loads(files["manifest.json"])["position"] == pin
    assert not any("later" in name for name in files)
    assert b"ModerationRecorded" not in files["facts/facts.jsonl"]
    positions = [
        json.loads(line)["position"]
        for line in files["facts/facts.jsonl"].decode().split("\n")
        if line
    ]
    assert max(positions) <= pin


def test_a_pack_at_the_command_line(small_council: Council, tmp_path: Path) -> None:
    audit = small_council.submitted()
    reference = small_council.view(audit).row.reference
    settings = small_council.services.settings
    out = tmp_path / "out.zip"
    environment = {
        "CASELOOP_STORE": settings.store,
        "CASELOOP_KEY_FILE": str(settings.key_path),
    }
    with patch.dict(os.environ, environment):
        with pytest.raises(SystemExit) as left:
            main(["pack", str(out), "--for", "stranger", "--audit", reference])
        assert left.value.code == 3
        with pytest.raises(SystemExit) as left:
            main(["pack", str(out), "--for", "lead", "--audit", reference, "--position", "99999"])
        assert left.value.code == 3
        with pytest.raises(SystemExit) as left:
            main(["pack", str(out), "--for", "lead", "--audit", reference])
        assert not left.value.code
    assert checked(tmp_path, out.read_bytes()).code == 0


def test_a_pack_over_the_api(small_council: Council, tmp_path: Path) -> None:
    audit = small_council.submitted()
    client = small_council.program("lead")
    answer = client.get(f"/api/v1/exports/pack.zip?audit={audit}")
    assert answer.headers["content-type"] == "application/zip"
    assert checked(tmp_path, answer.content).code == 0
    assert client.get("/api/v1/exports/pack.zip").status_code == 422
    assert (
        small_council.program("auditor").get(f"/api/v1/exports/pack.zip?audit={audit}").status_code
        == 403
    )


def test_where_files_are_asked_what_for_a_pack_is_asked_once(
    tmp_path: Path, clock: SetClock
) -> None:
    url = f"sqlite:///{tmp_path / 'asking.db'}"
    council = Council.open(url, clock, tmp_path, ask_purpose="export")
    audit = council.submitted()
    program = council.program("lead")
    address = f"/api/v1/exports/pack.zip?audit={audit}"
    assert program.get(address).status_code == 428
    said = {"Caseloop-Purpose": "An inspection"}
    assert checked(tmp_path, program.get(address, headers=said).content).code == 0
    with council.services.store.reading() as connection:
        lines = access_log.page(connection, access_log.AccessLogFilter(what=What.EXPORT))
    assert {line.purpose for line in lines} == {"An inspection"}
    browser = council.browser("lead")
    assert browser.get("/packs").status_code in (303, 428)
    assert browser.post("/packs", {"audits": audit}).status_code in (303, 428)
    council.services.store.close()


def test_an_inspector_takes_out_what_their_room_shows(
    small_council: Council, tmp_path: Path
) -> None:
    council = small_council
    audit = council.submitted()
    council.clock.advance(timedelta(days=1))
    council.moderate(audit, "outstanding")
    later = council.submitted()
    pinned_to_yesterday(council)
    browser = council.browser("nobody")
    assert browser.get("/packs").status_code == 200
    reference, unseen = (council.view(each).row.reference for each in (audit, later))
    refused = browser.post("/packs", {"audits": unseen})
    assert (refused.status_code, "that you may see" in refused.text) == (422, True)
    for past in ({"as_at": council.today.isoformat()}, {"position": "9999"}):
        assert browser.post("/packs", {"audits": reference, **past}).status_code == 422
    answer = browser.post("/packs", {"audits": reference})
    assert checked(tmp_path, answer.content).code == 0
    whole = b"".join(files_of(answer.content).values())
    assert b"ModerationRecorded" not in whole
    assert str(unseen).encode() not in whole
