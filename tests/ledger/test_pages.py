"""The ledger's pages and API: who may look, what they see, and what they never see."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from api.evidence_packs.outside.verify import consistent, included
from api.main import create_app
from qa.core.clock import SetClock
from qa.ledger.entry import event_leaf
from qa.ledger.note import SignedNote
from qa.store.tables import event
from tests.support.browser import axe, served, signed_in
from tests.support.council import Council, words_of
from tests.support.pinned import pin_everybody


def test_an_empty_ledger_says_so(small_council: Council) -> None:
    page = small_council.browser("lead").client.get("/ledger").text
    assert "No checkpoint is signed yet" in page
    assert "council.checkpoints" in page


def test_a_lead_signs_a_checkpoint_and_takes_it_along(small_council: Council) -> None:
    lead = small_council.browser("lead")
    answer = lead.post("/ledger/checkpoints", {})
    assert answer.status_code == 303
    page = lead.get(answer.headers["location"])
    assert "The checkpoint is signed" in page.text
    head = small_council.services.store.head()
    assert f"{head} facts" in page.text
    kept = lead.client.get("/ledger/1/note")
    note = SignedNote.read(kept.text)
    assert note.checkpoint.size == head
    assert note.signed_by(small_council.services.ledger.keys.ring().current.public)
    assert "attachment" in kept.headers["content-disposition"]
    printed = lead.client.get("/ledger/1").text
    assert small_council.services.ledger.keys.ring().current.public.fingerprint in printed
    assert lead.client.get("/ledger/2").status_code == 404
    log = small_council.browser("admin").client.get("/access-log?subject=checkpoint:1").text
    assert "Downloaded a file" in log


@pytest.mark.parametrize(
    ("who", "reads", "signs"),
    [
        ("lead", 200, 303),
        ("admin", 200, 303),
        ("reader", 200, 403),
        ("auditor", 403, 403),
        ("moderator", 403, 403),
        ("worker", 403, 403),
    ],
)
def test_who_may_look_and_sign(small_council: Council, who: str, reads: int, signs: int) -> None:
    browser = small_council.browser(who)
    small_council.services.ledger.checkpoint(by="operator")
    for path in ("/ledger", "/ledger/1", "/ledger/1/note"):
        assert browser.client.get(path).status_code == reads
    assert browser.post("/ledger/checkpoints", {}).status_code == signs


def test_trouble_is_shown_and_never_put_right_by_the_way(
    small_council: Council, clock: SetClock
) -> None:
    small_council.services.ledger.keys.path.unlink()
    clock.advance(timedelta(minutes=3))
    lead = small_council.browser("lead")
    page = lead.client.get("/ledger").text
    assert "No sealer seems to be at work" in page
    assert "No key is here" in page
    answer = lead.post("/ledger/checkpoints", {})
    assert answer.status_code == 503
    assert "is missing" in answer.text
    assert not small_council.services.ledger.keys.path.exists()


def _hashes(texts: list[str]) -> list[bytes]:
    return [base64.b64decode(text) for text in texts]


def test_proofs_over_the_api_hold_and_hold_only_hashes(small_council: Council) -> None:
    audit = small_council.submitted()
    store = small_council.services.store
    client = small_council.program("lead")
    assert client.get("/api/v1/ledger/proofs/3").status_code == 409
    first = client.post("/api/v1/ledger/checkpoints").json()
    small_council.submitted()
    second = client.post("/api/v1/ledger/checkpoints").json()
    root = base64.b64decode(second["root"])
    with store.reading() as connection:
        row = store.rows(connection, after=6, limit=1)[0]
    answer = client.get("/api/v1/ledger/proofs/7")
    proof: dict[str, Any] = answer.json()
    assert included(6, second["size"], event_leaf(*row), _hashes(proof["proof"]), root)
    assert set(proof) == {"position", "size", "leaf", "root", "proof"}
    assert audit not in answer.text
    step = client.get(
        f"/api/v1/ledger/consistency?first={first['size']}&second={second['size']}"
    ).json()
    assert consistent(
        first["size"],
        second["size"],
        base64.b64decode(first["root"]),
        root,
        _hashes(step["proof"]),
    )
    listed = client.get("/api/v1/ledger/checkpoints?limit=1").json()
    assert [c["size"] for c in listed["checkpoints"]] == [second["size"]]
    earlier = client.get(f"/api/v1/ledger/checkpoints?before={listed['next']}").json()
    assert [c["note"] for c in earlier["checkpoints"]] == [first["note"]]
    assert client.get("/api/v1/ledger/checkpoints/latest").json() == second
    keys = client.get("/api/v1/ledger/keys").json()
    assert keys["keys"][0]["until"] is None
    assert "PRIVATE" not in str(keys)
    assert client.get("/api/v1/ledger").json()["signed"] == second["size"]
    assert client.get("/api/v1/ledger/proofs/99999").status_code == 404
    assert client.get("/api/v1/ledger/consistency?first=9&second=3").status_code == 422


def test_an_entry_of_a_history_opens_its_proof(small_council: Council) -> None:
    audit = small_council.submitted()
    lead = small_council.browser("lead")
    linked = re.findall(r'href="(/ledger/entries/\d+)"', lead.get(f"/audits/{audit}/history").text)
    assert linked
    assert "No signed checkpoint covers this entry yet." in words_of(lead.get(linked[0]).text)
    assert lead.get(f"{linked[0]}/proof.json").status_code == 409
    signed = small_council.services.ledger.checkpoint(by="operator")
    page = words_of(lead.get(linked[0]).text)
    assert "This entry stands in the log as it was signed on" in page
    assert "Not so:" not in page
    file = lead.get(f"{linked[0]}/proof.json").json()
    position = file["position"]
    leaf, *path = (base64.b64decode(one) for one in (file["leaf"], *file["proof"]))
    assert included(position - 1, file["size"], leaf, path, signed.checkpoint.root)
    with small_council.services.store.writing() as connection:
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table",
            {"table": event.name},
        ).fetchall():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        moved = update(event).values(recorded_us=event.c.recorded_us + 1)
        connection.execute(moved.where(event.c.position == position))
    changed = words_of(lead.get(linked[0]).text)
    assert "This entry is not as it was signed on" in changed
    assert changed.count("Not so:") == 1
    assert lead.get("/ledger/entries/999999").status_code == 404
    auditor = small_council.browser("auditor")
    assert auditor.get(linked[0]).status_code == 403
    assert "/ledger/entries/" not in auditor.get(f"/audits/{audit}/history").text


def test_an_auditor_gets_no_proofs(small_council: Council) -> None:
    client = small_council.program("auditor")
    for path in ("", "/keys", "/checkpoints", "/checkpoints/latest", "/proofs/1"):
        assert client.get(f"/api/v1/ledger{path}").status_code == 403
    assert client.post("/api/v1/ledger/checkpoints").status_code == 403


@pytest.mark.browser
def test_in_a_browser_the_served_app_seals_by_itself(small_council: Council, tab: Page) -> None:
    with served(create_app(small_council.services)) as address:
        signed_in(tab, small_council, address, "lead")
        tab.goto(f"{address}/ledger")
        # The app's own follower signs the first checkpoint of a new log.
        for _ in range(50):
            if tab.get_by_role("link", name="facts").count():
                break
            tab.wait_for_timeout(200)
            tab.reload()
        tab.get_by_role("button", name="Sign a checkpoint now").click()
        assert tab.get_by_text("The checkpoint is signed").is_visible()
        for width in (1200, 320):
            tab.set_viewport_size({"width": width, "height": 900})
            axe(tab)
        tab.get_by_role("link", name="facts").first.click()
        for width in (1200, 320):
            tab.set_viewport_size({"width": width, "height": 900})
            axe(tab)
            assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_behind_a_pin_there_is_no_ledger(
    small_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader pinned to a position sees the checkpoint that covers it, and none later."""
    council = small_council
    pin = council.services.store.head()
    first = council.services.ledger.checkpoint(by="operator")
    council.submitted()
    second = council.services.ledger.checkpoint(by="operator")
    pin_everybody(monkeypatch, pin)
    browser, program = council.browser("reader"), council.program("reader")
    page = browser.get("/ledger").text
    assert f"{pin} facts" in page
    assert f"{second.size} facts" not in page
    assert browser.get("/ledger/1").status_code == 200
    assert browser.get("/ledger/2").status_code == 404
    assert browser.get("/ledger/2/note").status_code == 404
    v1 = "/api/v1/ledger"
    for moment in ("", f"?true_on={council.today}"):
        told = program.get(v1 + moment).json()
        assert (told["head"], told["sealed"], told["signed"]) == (pin, pin, first.size), moment
    assert program.get(f"{v1}/checkpoints/latest").json()["note"] == first.note
    assert [c["number"] for c in program.get(f"{v1}/checkpoints").json()["checkpoints"]] == [1]
    assert program.get(f"{v1}/proofs/{pin}").json()["size"] == first.size
    assert program.get(f"{v1}/proofs/{pin + 1}").status_code == 404
    assert program.get(f"{v1}/proofs/{pin}?size={second.size}").status_code == 422
    assert program.get(f"{v1}/consistency?first=1&second={second.size}").status_code == 422


def test_the_health_check_says_how_far_the_seal_is(small_council: Council) -> None:
    client = small_council.program("lead")
    small_council.services.ledger.seal()
    sealed = small_council.services.store.head()
    small_council.allocated()
    small_council.services.ledger.keys.path.unlink()
    found = client.get("/healthz").json()
    assert (found["sealed"], found["sealing"]) == (sealed, "ok")
    assert found["position"] > sealed
    client.app.state.follower.round()  # type: ignore[attr-defined]
    found = client.get("/healthz").json()
    assert (found["sealed"], found["sealing"]) == (found["position"], "in trouble")
    assert "key" not in str(found)
