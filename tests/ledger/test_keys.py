"""The ledger's keys: what they may not show, where they come from, and how they change."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from qa.core.errors import Refused, Unavailable
from qa.ledger.keys import LEDGER_KEY_ENV, KeyFile, KeyRing
from qa.ledger.note import Checkpoint, PublicKey, groups, sign
from tests.ledger.support import CHECKPOINT, KEY, NEUMANN, NOW


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
