"""The ledger's values as the API, the command line and the packs write them: plain JSON."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from qa.ledger.checkpoints import Signed
from qa.ledger.keys import KeyRing
from qa.ledger.ledger import Consistency, Inclusion


def _text(value: bytes) -> str:
    return b64encode(value).decode()


def proof_values(proof: Inclusion) -> dict[str, Any]:
    """An inclusion proof, hashes in base64. The leaf's index in the tree is `position` - 1."""
    return {
        "position": proof.position,
        "size": proof.size,
        "leaf": _text(proof.leaf),
        "root": _text(proof.root),
        "proof": [_text(each) for each in proof.proof],
    }


def consistency_values(proof: Consistency) -> dict[str, Any]:
    """A consistency proof, hashes in base64."""
    return {
        "first": proof.first,
        "second": proof.second,
        "first_root": _text(proof.first_root),
        "second_root": _text(proof.second_root),
        "proof": [_text(each) for each in proof.proof],
    }


def checkpoint_values(signed: Signed) -> dict[str, Any]:
    """A checkpoint with its note."""
    return {
        "number": signed.number,
        "size": signed.size,
        "root": _text(signed.checkpoint.root),
        "made_at": signed.made_at.isoformat(),
        "made_by": signed.made_by,
        "note": signed.note,
    }


def key_values(ring: KeyRing) -> list[dict[str, Any]]:
    """The public keys, the newest first."""
    return [
        {
            "key": kept.public.text,
            "fingerprint": kept.public.fingerprint,
            "since": kept.since.isoformat(),
            "until": None if kept.until is None else kept.until.isoformat(),
        }
        for kept in ring.keys
    ]
