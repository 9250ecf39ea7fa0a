"""What the API answers about the ledger. Hashes are in base64."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Annotated

from pydantic import AliasPath, BaseModel, ConfigDict, Field, PlainSerializer

Hash = Annotated[bytes, PlainSerializer(lambda value: b64encode(value).decode(), return_type=str)]
At = Annotated[datetime, PlainSerializer(datetime.isoformat, return_type=str)]


class _Ledger(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class LedgerOut(BaseModel):
    """How far the log is sealed and signed, in events."""

    head: int
    sealed: int
    sealed_at: datetime | None
    unsealed: int
    unsealed_since: datetime | None
    signed: int


class LedgerKeyOut(_Ledger):
    """A public key, with its fingerprint and the instants between which it holds."""

    key: str = Field(validation_alias=AliasPath("public", "text"))
    fingerprint: str = Field(validation_alias=AliasPath("public", "fingerprint"))
    since: At
    until: At | None


class LedgerKeysOut(_Ledger):
    """The public keys, the newest first, and the name that signatures are made in."""

    origin: str
    keys: list[LedgerKeyOut]


class CheckpointOut(_Ledger):
    """A signed checkpoint with its notes: of the log, and of the access log."""

    number: int
    size: int
    root: Hash = Field(validation_alias=AliasPath("checkpoint", "root"))
    made_at: At
    made_by: str
    note: str
    access_note: str


class CheckpointsOut(BaseModel):
    """Checkpoints, the newest first."""

    checkpoints: list[CheckpointOut]
    next: int | None


class InclusionOut(_Ledger):
    """That an event is in the tree. The leaf's index in the tree is `position` - 1."""

    position: int
    size: int
    leaf: Hash
    root: Hash
    proof: list[Hash]


class ConsistencyOut(_Ledger):
    """That one tree is the beginning of another."""

    first: int
    second: int
    first_root: Hash
    second_root: Hash
    proof: list[Hash]
