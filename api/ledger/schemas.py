"""What the API answers about the ledger. Hashes are in base64."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Self

from pydantic import BaseModel

from qa.ledger.checkpoints import Signed
from qa.ledger.keys import KeyRing
from qa.ledger.ledger import Consistency, Inclusion


def _text(value: bytes) -> str:
    return b64encode(value).decode()


class LedgerOut(BaseModel):
    """How far the log is sealed and signed, in events."""

    head: int
    sealed: int
    sealed_at: datetime | None
    unsealed: int
    unsealed_since: datetime | None
    signed: int


class LedgerKeyOut(BaseModel):
    """A public key, with its fingerprint and the instants between which it holds."""

    key: str
    fingerprint: str
    since: str
    until: str | None


class LedgerKeysOut(BaseModel):
    """The public keys, the newest first, and the name that signatures are made in."""

    origin: str
    keys: list[LedgerKeyOut]

    @classmethod
    def of(cls, ring: KeyRing) -> Self:
        return cls(
            origin=ring.origin,
            keys=[
                LedgerKeyOut(
                    key=kept.public.text,
                    fingerprint=kept.public.fingerprint,
                    since=kept.since.isoformat(),
                    until=None if kept.until is None else kept.until.isoformat(),
                )
                for kept in ring.keys
            ],
        )


class CheckpointOut(BaseModel):
    """A signed checkpoint with its notes: of the log, and of the access log."""

    number: int
    size: int
    root: str
    made_at: str
    made_by: str
    note: str
    access_note: str | None

    @classmethod
    def of(cls, signed: Signed) -> Self:
        return cls(
            number=signed.number,
            size=signed.size,
            root=_text(signed.checkpoint.root),
            made_at=signed.made_at.isoformat(),
            made_by=signed.made_by,
            note=signed.note,
            access_note=signed.access_note,
        )


class CheckpointsOut(BaseModel):
    """Checkpoints, the newest first."""

    checkpoints: list[CheckpointOut]
    next: int | None


class InclusionOut(BaseModel):
    """That an event is in the tree. The leaf's index in the tree is `position` - 1."""

    position: int
    size: int
    leaf: str
    root: str
    proof: list[str]

    @classmethod
    def of(cls, proof: Inclusion) -> Self:
        return cls(
            position=proof.position,
            size=proof.size,
            leaf=_text(proof.leaf),
            root=_text(proof.root),
            proof=[_text(each) for each in proof.proof],
        )


class ConsistencyOut(BaseModel):
    """That one tree is the beginning of another."""

    first: int
    second: int
    first_root: str
    second_root: str
    proof: list[str]

    @classmethod
    def of(cls, proof: Consistency) -> Self:
        return cls(
            first=proof.first,
            second=proof.second,
            first_root=_text(proof.first_root),
            second_root=_text(proof.second_root),
            proof=[_text(each) for each in proof.proof],
        )
