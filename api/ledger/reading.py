"""The ledger as a reader may see it, and its values as they are written in JSON."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from api.services import Services
from qa.core.words import Actor
from qa.ledger import checkpoints, sealing
from qa.ledger.checkpoints import Signed
from qa.ledger.keys import KeyRing
from qa.ledger.ledger import Consistency, Inclusion
from qa.ledger.sealing import SealStanding


@dataclass(frozen=True, slots=True)
class Seen:
    """How much of the ledger a reader may see: all of it, or up to what covers their pin."""

    standing: SealStanding
    last: Signed | None

    @property
    def before(self) -> int:
        """Checkpoints numbered below this one."""
        return 1 if self.last is None else self.last.number + 1

    @property
    def size(self) -> int:
        """The largest tree that may be spoken of."""
        return (
            self.standing.sealed if self.last is None else max(self.last.size, self.standing.sealed)
        )


def seen(services: Services, connection: Connection, actor: Actor) -> Seen:
    """What `actor` may see of the ledger. Behind a pin there is nothing for them."""
    now = sealing.standing(services.store, connection)
    if actor.pin is None or actor.pin >= now.head:
        return Seen(now, checkpoints.latest(connection))
    sealed = min(actor.pin, now.sealed)
    standing = SealStanding(
        actor.pin, sealed, None, now.unsealed_since if sealed < actor.pin else None
    )
    return Seen(standing, checkpoints.covering(connection, actor.pin))


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
        "access_note": signed.access_note,
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
