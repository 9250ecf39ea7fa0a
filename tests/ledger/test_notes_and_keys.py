"""Signed notes against the published C2SP example; leaves byte for byte; the keys over time."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.core.errors import Refused, Unavailable
from qa.ledger.entry import event_leaf
from qa.ledger.keys import LEDGER_KEY_ENV, KeyFile, KeyRing
from qa.ledger.merkle import leaf_hash
from qa.ledger.note import Checkpoint, PublicKey, SignedNote, SigningKey, groups, sign

# The example of the signed-note format: golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
SAYING = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)
NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
KEY = SigningKey.make("council.example/records")
CHECKPOINT = Checkpoint("council.example/records", 48121, hashlib.sha256(b"x").digest(), NOW)


def test_the_published_keys_and_signature() -> None:
    public, private = PublicKey.read(NEUMANN), SigningKey.read(NEUMANN_PRIVATE)
    held = b64decode(SIGNATURE)
    assert held[:4] == public.key_id
    assert public.verifies(held[4:], SAYING.encode())
    assert not public.verifies(held[4:], SAYING.encode() + b"\n")
    assert private.public == public
    assert (public.text, private.text) == (NEUMANN, NEUMANN_PRIVATE)
    golang = PublicKey.read("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
    assert golang.key_id.hex() == "033de0ae"


def test_a_note_reads_as_it_is_written() -> None:
    note = sign(CHECKPOINT, [KEY])
    assert note.text.startswith(
        "council.example/records\n48121\n"
        "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=\ntime 2026-03-02T09:00:00.123456Z\n\n— "
    )
    assert SignedNote.read(note.text) == note
    assert note.signed_by(KEY.public)
    assert not note.signed_by(SigningKey.make(KEY.name).public)


@given(st.integers(0, 10_000), st.characters())
def test_no_altered_note_passes(at: int, character: str) -> None:
    text = sign(CHECKPOINT, [KEY]).text
    at %= len(text)
    assume(text[at] != character)
    altered = text[:at] + character + text[at + 1 :]
    with suppress(Refused):
        assert not SignedNote.read(altered).signed_by(KEY.public)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "council\n5\n",
        "a\n5\nAAAA\ntime 2026-03-02T09:00:00.000000Z\n\n— a AAAA\n",
        "a\n05\nLXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=\ntime 2026-03-02T09:00:00.000000Z\n\n",
        sign(CHECKPOINT, [KEY]).text.replace("time 2026-03-02", "time 2026-02-31"),
        sign(CHECKPOINT, [KEY]).text.replace("time ", "more\ntime "),
        sign(CHECKPOINT, [KEY]).text + "\n",
        sign(CHECKPOINT, [KEY]).text * 100,
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        SignedNote.read(text)
    assert refused.value.code == "note-malformed"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "na me+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        NEUMANN.replace("c74f20a3", "c74f20a4"),
        NEUMANN.replace("PeterNeumann", "PeterNewman"),
        NEUMANN[:-4],
        NEUMANN.replace("+ARpc", "+AhpC"),
    ],
)
def test_a_spoilt_key_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        PublicKey.read(text)
    assert refused.value.code == "key-malformed"


def test_a_private_key_is_never_shown() -> None:
    # The name of its form, its own name and a hash stand before it; it may hold a plus itself.
    private = KEY.text.split("+", 4)[-1]
    assert private not in repr(KEY)
    with pytest.raises(Refused) as refused:
        KeyRing.read(f"2026-03-02T09:00:00Z - {KEY.text[:-8]}")
    assert private[:12] not in str(refused.value)


def test_fingerprints_are_groups_of_four() -> None:
    assert groups(bytes.fromhex("0123456789ab")) == "0123 4567 89ab"
    assert len(KEY.public.fingerprint.split()) == 16


def test_the_leaf_is_laid_out_as_documented() -> None:
    state = b'{"v":1}'
    entry = (
        b"caseloop-fact-1\n"
        + bytes.fromhex("0000000000000007000000020005f5e1000000010006")
        + b"case:9"
        + bytes.fromhex("0004")
        + b"Done"
        + hashlib.sha256(state).digest()
    )
    leaf = event_leaf(7, "case:9", 2, "Done", 0x0005F5E100000001, state)
    assert leaf == leaf_hash(entry)


row = st.tuples(
    st.integers(1, 2**63 - 1),
    st.text(max_size=20),
    st.integers(1, 2**31 - 1),
    st.text(max_size=20),
    st.integers(0, 2**63 - 1),
    st.binary(max_size=40),
)


@given(row, row)
def test_two_events_never_share_a_leaf(
    one: tuple[int, str, int, str, int, bytes], other: tuple[int, str, int, str, int, bytes]
) -> None:
    assert (event_leaf(*one) == event_leaf(*other)) == (one == other)


def test_a_name_cannot_run_over_into_the_next() -> None:
    assert event_leaf(1, "ab", 1, "c", 0, b"") != event_leaf(1, "a", 1, "bc", 0, b"")


def test_a_retired_key_checks_old_notes_and_signs_none() -> None:
    ring = KeyRing.new("council.example/records", NOW)
    old = ring.current
    later = ring.rotated(NOW + timedelta(days=365))
    assert later.current != old
    assert KeyRing.read(later.text).text == later.text
    assert old.text not in later.text
    before = sign(CHECKPOINT, [old])
    assert later.signer_of(before) is not None
    forged = Checkpoint(ring.origin, 1, bytes(32), NOW + timedelta(days=400))
    assert later.signer_of(sign(forged, [old])) is None
    assert later.signer_of(sign(forged, [later.current])) is not None
    early = Checkpoint(ring.origin, 1, bytes(32), NOW - timedelta(days=1))
    assert later.signer_of(sign(early, [old])) is None


def test_keys_are_never_made_by_reading(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "ledger.key")
    with pytest.raises(Unavailable) as missing:
        keys.ring()
    assert missing.value.code == "ledger-key-missing"
    assert not keys.exists
    keys.make(KeyRing.new("council.example/records", NOW))
    assert keys.path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        keys.make(KeyRing.new("council.example/records", NOW))


def test_keys_may_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = KeyRing.new("council.example/records", NOW)
    keys = KeyFile(tmp_path / "ledger.key")
    monkeypatch.setenv(LEDGER_KEY_ENV, ring.text)
    assert keys.ring().text == ring.text
    with pytest.raises(Refused, match=LEDGER_KEY_ENV):
        keys.replace(ring)
    monkeypatch.setenv(LEDGER_KEY_ENV, "nonsense")
    with pytest.raises(Unavailable) as malformed:
        keys.ring()
    assert malformed.value.code == "ledger-key-malformed"
    monkeypatch.setenv(LEDGER_KEY_ENV, "# only a remark\n")
    with pytest.raises(Unavailable, match="no key"):
        keys.ring()


def test_a_process_that_only_checks_needs_no_private_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = KeyRing.new("council.example/records", NOW)
    monkeypatch.setenv(LEDGER_KEY_ENV, f"2026-03-02T09:00:00Z - {ring.current.public.text}")
    public = KeyFile(tmp_path / "none").ring()
    assert public.signer_of(sign(CHECKPOINT, [ring.current])) is not None
    with pytest.raises(Unavailable, match="only public keys"):
        _ = public.current
