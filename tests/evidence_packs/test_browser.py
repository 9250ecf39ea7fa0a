"""Packs in a real browser: made on the page, read offline, checked by ``verify.html``."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from api.evidence_packs.outside import verify
from api.main import create_app
from qa.ledger.note import Checkpoint, SigningKey, sign
from tests.evidence_packs.support import (
    FACTS,
    RFC8032,
    UNREADABLE,
    VERIFIER,
    Made,
    _events,
    _written,
    another_date,
    checked,
    drop_one,
    files_of,
    of_a_room_with_a_renamed_auditor,
    other_bytes,
    put,
    remade,
    spoilt,
    wrong_with,
)
from tests.support.browser import axe, served, signed_in
from tests.support.council import Council

pytestmark = pytest.mark.browser


def judged(tab: Page, content: bytes, **fields: str) -> dict[str, Any]:
    """What verify.html says of a pack, offline: the verdict and its lists by their titles."""
    tab.goto(VERIFIER.with_name("verify.html").as_uri())
    return judged_there(tab, content, **fields)


def judged_there(tab: Page, content: bytes, **fields: str) -> dict[str, Any]:
    """The same on the page as it stands."""
    tab.evaluate("document.getElementById('result').replaceChildren()")
    tab.set_input_files(
        "#pack", {"name": "pack.zip", "mimeType": "application/zip", "buffer": content}
    )
    for name, value in fields.items():
        tab.fill(f"#{name}", value)
    tab.get_by_role("button", name="Check").click()
    tab.wait_for_selector(".verdict")
    return dict(
        tab.evaluate(
            """() => [["verdict", document.querySelector(".verdict").textContent],
            ...Array.from(document.querySelectorAll("#result h2"), (h) =>
                [h.textContent.toLowerCase(), h.nextElementSibling.textContent])]"""
        )
    )


def reckoning_once(tab: Page) -> None:
    """Open verify.html for many packs: the same signature of one message is reckoned once."""
    tab.goto(VERIFIER.with_name("verify.html").as_uri())
    tab.evaluate(
        """() => { const plain = ed25519, held = new Map(); ed25519 = (...given) => {
            const asked = given.join("|");
            if (!held.has(asked)) held.set(asked, plain(...given));
            return held.get(asked); } }"""
    )


def test_a_pack_is_checked_offline(made: Made, tab: Page) -> None:
    tab.context.set_offline(True)
    said = judged(tab, made.pack.content, key=made.key, checkpoint=made.before.note)
    assert said["verdict"] == "Nothing is wrong."
    assert f"Each of the {made.pack.events} facts" in said["proven"]
    assert "the checkpoint that you gave" in said["proven"]
    assert "Whose signature" not in said["not proven"]
    for width in (1200, 320):
        tab.set_viewport_size({"width": width, "height": 900})
        axe(tab)
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert "Whose signature" in judged(tab, made.pack.content)["not proven"]


def test_every_tampering_is_named_in_the_browser_too(made: Made, tab: Page) -> None:
    reckoning_once(tab)
    files = files_of(made.pack.content)
    names = sorted(files)
    for name, following in zip(names, names[1:] + names[:1], strict=True):
        data = files[name]
        middle = len(data) // 2
        spoilt = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        assert name in judged_there(tab, verify.archive({**files, name: spoilt}))["wrong"], name
        gone = {k: v for k, v in files.items() if k != name}
        assert name in judged_there(tab, verify.archive(gone))["wrong"], name
        crossed = {**files, name: files[following], following: data}
        swapped = judged_there(tab, verify.archive(crossed))
        assert name in swapped["wrong"] or following in swapped["wrong"], name
    added = judged_there(tab, verify.archive({**files, "records/999.html": b"<p>Trust us</p>"}))
    assert "records/999.html: was put into the pack" in added["wrong"]


def test_every_part_of_the_zip_file_counts_in_the_browser_too(made: Made, tab: Page) -> None:
    reckoning_once(tab)
    whole = made.pack.content
    directory = whole.index(b"PK\1\2")
    for place in (0, 6, 10, 14, 18, 26, 28, 31, directory, directory + 12, directory + 40):
        spoilt = bytearray(whole)
        spoilt[place] ^= 1
        assert judged_there(tab, bytes(spoilt))["verdict"] == "Something is wrong.", place
    for content in (whole + b"\0", whole[:-1], whole[: len(whole) // 2], b"hello"):
        assert judged_there(tab, content)["verdict"] == "Something is wrong."


@pytest.mark.parametrize("change", [drop_one, another_date, other_bytes])
def test_a_false_pack_under_the_true_key_is_caught(made: Made, tab: Page, change: Any) -> None:
    files = files_of(made.pack.content)
    events = _events(files)
    change(events)
    ring = made.council.services.ledger.keys.ring()
    false = remade(files, ring.current, **{"facts/facts.jsonl": _written(events)})
    said = judged(tab, false, key=made.key)
    assert "facts/facts.jsonl" in said["wrong"]
    assert "was changed" not in said["wrong"]


def test_the_browser_says_of_spoilt_lines_what_the_script_says(made: Made, tab: Page) -> None:
    def swap(rows: list[bytes]) -> None:
        rows[1], rows[2] = rows[2], rows[1]

    reckoning_once(tab)
    for name in (FACTS, "facts/opened.jsonl"):
        for line in UNREADABLE:
            said = judged_there(tab, spoilt(made, put(2, line), name))
            assert said["wrong"] == f"{name}: line 2 cannot be read", line
    false = spoilt(made, swap)
    [(name, what)] = wrong_with(false)
    assert judged_there(tab, false)["wrong"] == f"{name}: {what}"


def test_the_browser_tells_the_names_of_the_time_as_the_script_does(
    small_council: Council, tab: Page, tmp_path: Path
) -> None:
    packed = of_a_room_with_a_renamed_auditor(small_council)
    script = re.search(r"Those who recorded .*", checked(tmp_path, packed.content).proven)
    assert script is not None
    assert "Auditor Tree" in script[0]
    reckoning_once(tab)
    assert script[0] in judged_there(tab, packed.content)["proven"]
    files = files_of(packed.content)
    first, *others = [json.loads(line) for line in files[verify.NAMES].split(b"\n") if line]
    state = b64encode(b64decode(first["state"]).replace(b"Tree", b"Bush")).decode()
    lines = [json.dumps(each).encode() for each in ({**first, "state": state}, *others)]
    key = small_council.services.ledger.keys.ring().current
    false = remade(files, key, **{verify.NAMES: b"\n".join(lines) + b"\n"})
    [(name, what)] = wrong_with(false)
    assert judged_there(tab, false)["wrong"] == f"{name}: {what}"


def test_a_stranger_and_a_forked_history_are_caught(made: Made, tab: Page) -> None:
    stranger = SigningKey.make("elsewhere.example/records").public.text
    assert "manifest.note" in judged(tab, made.pack.content, key=stranger)["wrong"]
    assert "not a key" in judged(tab, made.pack.content, key="nonsense")["wrong"]
    ring = made.council.services.ledger.keys.ring()
    at = made.council.clock.now()
    forked = sign(Checkpoint(ring.origin, made.before.size, bytes(32), at), [ring.current]).text
    said = judged(tab, made.pack.content, checkpoint=forked)
    assert "another history" in said["wrong"]


def test_the_browsers_mathematics_against_published_values(tab: Page) -> None:
    tab.goto(VERIFIER.with_name("verify.html").as_uri())
    bytes_of = "(h) => Uint8Array.from(h.match(/../g) ?? [], (b) => parseInt(b, 16))"
    for public, message, signature in RFC8032:
        good, bad = tab.evaluate(
            f"""([k, m, s]) => {{ const of = {bytes_of}; const changed = of(s); changed[3] ^= 1;
            return [ed25519(of(k), of(m), of(s)), ed25519(of(k), of(m), changed)]; }}""",
            [public, message, signature],
        )
        assert (good, bad) == (True, False)
    # FIPS 180-4 examples.
    assert tab.evaluate("hex(sha256(utf8('abc')))").startswith("ba7816bf8f01cfea414140de5dae2223")
    assert tab.evaluate("hex(sha512(utf8('abc')))").startswith("ddaf35a193617abacc417349ae204131")
    for length in (55, 56, 63, 64, 111, 112, 119, 120, 127, 128, 1000):
        ours = tab.evaluate(
            f"[sha256, sha512].map((f) => hex(f(new Uint8Array({length}).fill(97))))"
        )
        text = b"a" * length
        assert ours == [sha256(text).hexdigest(), sha512(text).hexdigest()]


def test_the_pages_of_a_pack_open_offline(made: Made, tab: Page, tmp_path: Path) -> None:
    for name, data in files_of(made.pack.content).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    tab.context.set_offline(True)
    tab.goto((tmp_path / "index.html").as_uri())
    for width in (1200, 320):
        tab.set_viewport_size({"width": width, "height": 900})
        axe(tab)
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tab.get_by_role("link", name=f"Child {made.child}").first.click()
    assert tab.get_by_text("Fingerprint").first.is_visible()
    for width in (1200, 320):
        tab.set_viewport_size({"width": width, "height": 900})
        axe(tab)
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tab.get_by_role("link", name="Back to the pack").click()
    assert tab.get_by_role("heading", name="Evidence pack").is_visible()


def test_a_pack_is_made_on_its_page(small_council: Council, tab: Page, tmp_path: Path) -> None:
    audit = small_council.submitted()
    child = small_council.view(audit).row.child
    with served(create_app(small_council.services)) as address:
        signed_in(tab, small_council, address, "reader")
        tab.goto(f"{address}/children/{child}")
        tab.get_by_role("link", name="Download with proof").click()
        assert tab.get_by_label("Child references").input_value() == child
        for width in (1200, 320):
            tab.set_viewport_size({"width": width, "height": 900})
            axe(tab)
            assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        tab.get_by_label("Child references").fill("no-such-child")
        tab.get_by_label("At the end of this day").fill("31/2/2026")
        tab.get_by_role("button", name="Make the pack").click()
        summary = tab.get_by_role("alert")
        assert "Enter a real date" in summary.inner_text()
        axe(tab)
        tab.get_by_label("At the end of this day").fill("")
        tab.get_by_role("button", name="Make the pack").click()
        assert "nothing of no-such-child" in tab.get_by_role("alert").inner_text()
        tab.get_by_label("Child references").fill(str(child))
        with tab.expect_download() as download:
            tab.get_by_role("button", name="Make the pack").click()
        path = tmp_path / "made.zip"
        download.value.save_as(path)
    assert checked(tmp_path, path.read_bytes()).code == 0


@pytest.mark.parametrize("who", ["auditor", "moderator", "admin"])
def test_the_page_is_closed_to_others(small_council: Council, who: str) -> None:
    browser = small_council.browser(who)
    assert browser.get("/packs").status_code == 403
    assert browser.post("/packs", {"children": "x"}).status_code == 403
