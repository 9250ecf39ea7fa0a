"""Signed notes against the published C2SP example, and against forgers."""

from __future__ import annotations

from base64 import b64decode
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.core.errors import Refused
from qa.ledger.note import PublicKey, SignedNote, SigningKey, sign
from tests.ledger.support import CHECKPOINT, KEY, NEUMANN

NEUMANN_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
SAYING = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)


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
