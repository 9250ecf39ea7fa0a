"""The verifier of a pack: its mathematics against published values, and every way of tampering.

Whatever is changed in a pack is caught, and the file is named; whatever only somebody outside can
know is called not proven until they say it."""

from __future__ import annotations

import ast
import json
import struct
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from api.evidence_packs.outside import verify
from api.ledger.schemas import ConsistencyOut
from qa.ledger import merkle
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
    checked_at,
    drop_one,
    files_of,
    held,
    named,
    other_bytes,
    put,
    remade,
    spoilt,
    wrong_with,
)


@pytest.mark.parametrize(("public", "message", "signature"), RFC8032)
def test_ed25519_against_its_published_vectors(public: str, message: str, signature: str) -> None:
    key, said, held = (bytes.fromhex(each) for each in (public, message, signature))
    assert verify.ed25519(key, said, held)
    assert not verify.ed25519(key, said + b"x", held)
    # RFC 8032 section 8.4: S must be below the order of the group.
    s = int.from_bytes(held[32:], "little") + verify.ORDER
    assert not verify.ed25519(key, said, held[:32] + s.to_bytes(32, "little"))


@settings(max_examples=15)
@given(st.binary(max_size=60), st.integers(0, 511), st.binary(min_size=32, max_size=32))
def test_ed25519_like_the_library(message: bytes, bit: int, seed: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, held = private.public_key().public_bytes_raw(), private.sign(message)
    assert verify.ed25519(public, message, held)
    flipped = bytearray(held)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not verify.ed25519(public, message, bytes(flipped))


@given(st.integers(1, 90), st.data())
def test_proofs_like_the_ledger(size: int, data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(size)]
    nodes: dict[merkle.NodeId, bytes] = {}
    edge = merkle.Frontier()
    for level, first, hashes in edge.append(leaves):
        nodes |= {(level, first + n): each for n, each in enumerate(hashes)}
    fetch = lambda wanted: [nodes[each] for each in wanted]  # noqa: E731
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, fetch)
    assert verify.included(index, size, leaves[index], proof, edge.root)
    assert not verify.included(index, size, leaves[index], [*proof, bytes(32)], edge.root)
    first = data.draw(st.integers(1, size))
    step = merkle.consistency_proof(first, size, fetch)
    old = merkle.root(first, fetch)
    assert verify.consistent(first, size, old, edge.root, step)
    assert not verify.consistent(first, size, bytes(32), edge.root, step)


def test_it_needs_no_newer_python_than_it_says_and_nothing_else() -> None:
    tree = ast.parse(VERIFIER.read_text("utf-8"), feature_version=(3, 9))
    imported = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_a_pack_holds(made: Made, tmp_path: Path, key_file: str) -> None:
    said = checked(tmp_path, made.pack.content, "--key", key_file)
    assert said.code == 0
    assert f"Each of the {made.pack.events} facts" in said.proven
    assert "are as they were signed" in said.proven
    assert "proofs/later-checkpoint.note" in said.proven
    assert "Whose signature" not in said.unproven
    assert "no further facts" in said.unproven


def test_without_a_key_from_outside_that_is_said(made: Made, tmp_path: Path) -> None:
    said = checked(tmp_path, made.pack.content)
    assert said.code == 0
    fingerprint = made.council.services.ledger.keys.ring().current.public.fingerprint
    assert "Whose signature this is" in said.unproven
    assert fingerprint in said.unproven


def test_an_unpacked_pack_is_checked_by_its_own_verifier(made: Made, tmp_path: Path) -> None:
    for name, data in files_of(made.pack.content).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert checked_at(tmp_path, "--key", made.key).code == 0
    (tmp_path / "index.html").write_text("other")
    said = checked_at(tmp_path)
    assert (said.code, "index.html: was changed" in said.wrong) == (1, True)


@pytest.fixture
def _each_signature_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same signature of one message is reckoned once: it is most of the verifier's work."""
    monkeypatch.setattr(verify, "ed25519", lru_cache(verify.ed25519))


@pytest.mark.usefixtures("_each_signature_once")
def test_every_changed_missing_added_or_swapped_file_is_named(made: Made, tmp_path: Path) -> None:
    files = files_of(made.pack.content)
    names = sorted(files)
    assert len(names) > 15
    for name, following in zip(names, names[1:] + names[:1], strict=True):
        data = files[name]
        middle = len(data) // 2
        spoilt = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        assert name in named({**files, name: spoilt}), name
        assert name in named({k: v for k, v in files.items() if k != name}), name
        swapped = named({**files, name: files[following], following: data})
        assert name in swapped or following in swapped, name
    said = checked(tmp_path, verify.archive({**files, "records/999-note.html": b"<p>Trust us</p>"}))
    assert said.code == 1
    assert "records/999-note.html: was put into the pack" in said.wrong


@pytest.mark.usefixtures("_each_signature_once")
def test_every_byte_of_the_zip_file_counts(made: Made) -> None:
    """One byte of each kind: of every header, every name, every file, the directory, the end."""
    whole = made.pack.content
    places, at = [], 0
    while whole[at : at + 4] == b"PK\3\4":
        size, long = struct.unpack("<LH", whole[at + 22 : at + 28])
        places += range(at, at + 30 + long)
        places += [at + 30 + long, at + 30 + long + size - 1]
        at += 30 + long + size
    places += range(at, len(whole))
    for place in places[:: max(1, len(places) // 400)]:
        for bit in (1, 0x80):
            spoilt = bytearray(whole)
            spoilt[place] ^= bit
            assert wrong_with(bytes(spoilt)), place
    for spoilt in (whole + b"\0", b"\0" + whole, whole[:-1], whole[: len(whole) // 2]):
        assert wrong_with(bytes(spoilt))


def drop_last(events: list[dict[str, object]]) -> None:
    del events[-1]


def another_stream(events: list[dict[str, object]]) -> None:
    events[1]["stream"] = "case-audit:0"


def twice(events: list[dict[str, object]]) -> None:
    events.append(events[0])


def swapped(events: list[dict[str, object]]) -> None:
    events[0]["state"], events[1]["state"] = events[1]["state"], events[0]["state"]


@pytest.mark.parametrize(
    "change",
    [drop_one, drop_last, another_date, another_stream, other_bytes, twice, swapped],
    ids=lambda c: c.__name__,
)
def test_not_even_the_holder_of_the_key_changes_a_event(
    made: Made, tmp_path: Path, change: Callable[[list[dict[str, object]]], None]
) -> None:
    """With the council's own key over a false pack, the tree still tells."""
    files = files_of(made.pack.content)
    events = _events(files)
    change(events)
    ring = made.council.services.ledger.keys.ring()
    false = remade(files, ring.current, **{"facts/facts.jsonl": _written(events)})
    said = checked(tmp_path, false, "--key", made.key)
    assert said.code == 1
    assert "facts/facts.jsonl" in said.wrong
    assert "was changed" not in said.wrong


@pytest.mark.parametrize("line", UNREADABLE)
@pytest.mark.parametrize("name", [FACTS, "facts/opened.jsonl"])
def test_a_line_that_cannot_be_read_is_named_and_no_other_blamed(
    made: Made, line: bytes, name: str
) -> None:
    assert wrong_with(spoilt(made, put(2, line), name)) == [(name, "line 2 cannot be read")]


def test_two_spoilt_lines_are_two(made: Made) -> None:
    def both(rows: list[bytes]) -> None:
        rows[1] = rows[-1] = b"?"

    last = made.pack.events
    said = [(FACTS, f"line {number} cannot be read") for number in (2, last)]
    assert wrong_with(spoilt(made, both)) == said


def test_a_spoilt_line_hides_no_missing_one(made: Made) -> None:
    def one_of_each(rows: list[bytes]) -> None:
        rows[1] = b"?"
        del rows[4]

    said = [what for _, what in wrong_with(spoilt(made, one_of_each))]
    assert said[0] == "line 2 cannot be read"
    assert len(said) == 3
    assert all("was taken out, or stood on a line that cannot be read" in each for each in said[1:])


def test_lines_in_another_order_are_named_and_contradict_nothing(
    made: Made, tmp_path: Path
) -> None:
    def swap(rows: list[bytes]) -> None:
        rows[1], rows[2] = rows[2], rows[1]

    false = spoilt(made, swap)
    assert [what for _, what in wrong_with(false)] == [
        f"line 3: the fact at position {_events(files_of(made.pack.content))[1]['position']} is out"
        " of its order"
    ]
    said = checked(tmp_path, false)
    assert "is missing" not in said.wrong
    assert f"Each of the {made.pack.events} facts" in said.proven


def test_words_put_beside_another_event_are_named(made: Made, tmp_path: Path) -> None:
    files = files_of(made.pack.content)
    words = json.loads(files["facts/opened.jsonl"].split(b"\n")[0])
    words["position"] += 1
    false = remade(
        files,
        made.council.services.ledger.keys.ring().current,
        **{"facts/opened.jsonl": json.dumps(words).encode()},
    )
    assert "facts/opened.jsonl" in checked(tmp_path, false).wrong


def test_a_pack_signed_by_a_stranger_is_not_the_councils(made: Made, tmp_path: Path) -> None:
    stranger = SigningKey.make(made.key.split("+")[0])
    keys = json.dumps({"keys": [{"key": stranger.public.text}]}).encode()
    files = files_of(made.pack.content)
    note = files["proofs/checkpoint.note"].decode()
    signed = sign(Checkpoint.read(note.partition("\n\n")[0] + "\n"), [stranger]).text.encode()
    files = {k: v for k, v in files.items() if "later" not in k}
    false = remade(
        files, stranger, **{"keys/public-keys.json": keys, "proofs/checkpoint.note": signed}
    )
    said = checked(tmp_path, false)
    assert said.code == 0
    assert "Whose signature this is" in said.unproven
    said = checked(tmp_path, false, "--key", made.key)
    assert said.code == 1
    assert "manifest.note: has no good signature by a key that you can trust" in said.wrong
    assert "proofs/checkpoint.note" in said.wrong


def test_a_key_of_another_council_opens_nothing(made: Made, tmp_path: Path) -> None:
    other = SigningKey.make("elsewhere.example/records").public.text
    assert checked(tmp_path, made.pack.content, "--key", other).code == 1
    said = checked(tmp_path, made.pack.content, "--key", "nonsense")
    assert (said.code, "not a key" in said.wrong) == (1, True)


def test_a_checkpoint_from_before_is_shown_to_be_of_one_history(made: Made, tmp_path: Path) -> None:
    note = held(tmp_path, made.before.note)
    said = checked(tmp_path, made.pack.content, "--key", made.key, "--checkpoint", note)
    assert said.code == 0
    assert f"held.note ({made.before.size} facts" in said.proven


def test_a_checkpoint_of_a_rewritten_log_is_not(made: Made, tmp_path: Path) -> None:
    ring = made.council.services.ledger.keys.ring()
    at = made.council.clock.now()
    for size in (made.before.size, made.pack.position, made.after.size):
        forked = sign(Checkpoint(ring.origin, size, bytes(32), at), [ring.current]).text
        said = checked(tmp_path, made.pack.content, "--checkpoint", held(tmp_path, forked))
        assert said.code == 1, size
        assert "another history" in said.wrong


def test_a_later_checkpoint_needs_a_proof_that_can_be_asked_for(made: Made, tmp_path: Path) -> None:
    ledger = made.council.services.ledger
    made.council.submitted()
    newest = ledger.checkpoint(by="operator")
    note = held(tmp_path, newest.note)
    said = checked(tmp_path, made.pack.content, "--checkpoint", note)
    size = json.loads(files_of(made.pack.content)["manifest.json"])["checkpoint_size"]
    assert said.code == 0
    assert f"consistency proof from {size} to {newest.size}" in said.unproven
    with made.council.services.store.reading() as connection:
        step = ledger.consistency(connection, size, newest.size)
    proof = tmp_path / "proof.json"
    proof.write_text(ConsistencyOut.model_validate(step).model_dump_json())
    said = checked(tmp_path, made.pack.content, "--checkpoint", note, "--consistency", str(proof))
    assert (said.code, "held.note" in said.proven) == (0, True)


def test_what_is_no_pack_is_said_to_be_none(tmp_path: Path) -> None:
    said = checked(tmp_path, b"hello")
    assert (said.code, "no evidence pack" in said.wrong) == (1, True)
    assert checked_at(tmp_path / "missing.zip").code == 1
    assert checked_at(tmp_path / "pack.zip", "--checkpoint", "missing").code == 1
