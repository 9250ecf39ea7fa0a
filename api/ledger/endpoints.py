"""The ledger: checkpoints, proofs and public keys. Hashes only; nothing of what an event says."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from api.json.deps import Call, Limit, New, Present, Reads, Served
from api.json.routing import ApiRouter
from api.ledger import schemas
from api.ledger.reading import Seen, seen
from api.web import access_notes
from api.web.access_notes import ServedLook
from api.web.moments import present
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.carry import carry
from qa.core.errors import NotFound, NotNow, Refused
from qa.ledger import checkpoints

router = ApiRouter(prefix="/ledger", tags=["ledger"])

Size = Annotated[int, Query(ge=1, lt=2**63)]


@router.get("", operation_id="readLedger")
def read_ledger(call: Call) -> schemas.LedgerOut:
    """How far the log is sealed and signed."""
    require(call.actor, "read-ledger")
    found = seen(call)
    standing, last = found.standing, found.last
    return carry(schemas.LedgerOut, standing, signed=0 if last is None else last.size)


@router.get("/keys", operation_id="listLedgerKeys")
def list_ledger_keys(services: Served, actor: Reads) -> schemas.LedgerKeysOut:
    """The public keys that checkpoints are checked with. Compare their fingerprints in person."""
    require(actor, "read-ledger")
    return schemas.LedgerKeysOut.model_validate(services.ledger.keys.ring())


@router.get("/checkpoints", operation_id="listCheckpoints")
def list_checkpoints(
    call: Call,
    before: Annotated[int | None, Query(ge=1, description="Numbers below this one.")] = None,
    limit: Limit = 50,
) -> schemas.CheckpointsOut:
    """The signed checkpoints, the newest first."""
    require(call.actor, "read-ledger")
    end = seen(call).before
    found = checkpoints.page(call.connection, before=min(before or end, end), limit=limit)
    return schemas.CheckpointsOut(
        checkpoints=[schemas.CheckpointOut.model_validate(signed) for signed in found],
        next=found[-1].number if len(found) == limit else None,
    )


@router.get("/checkpoints/latest", operation_id="readLatestCheckpoint", responses={404: {}})
def read_latest_checkpoint(call: Call) -> schemas.CheckpointOut:
    """The newest signed checkpoint."""
    require(call.actor, "read-ledger")
    last = seen(call).last
    if last is None:
        raise NotFound("No checkpoint has been signed yet.")
    return schemas.CheckpointOut.model_validate(last)


@router.post("/checkpoints", status_code=201, operation_id="makeCheckpoint")
def make_checkpoint(new: New) -> schemas.CheckpointOut:
    """Seal what is recorded by now and sign it. The last one again if nothing is new."""
    require(new.actor, "make-checkpoint")
    signed = new.services.ledger.checkpoint(by=new.actor.person)
    access_notes.note(new.services, new.actor, What.EXPORT, f"checkpoint:{signed.number}")
    return schemas.CheckpointOut.model_validate(signed)


@router.get("/proofs/{fact}", operation_id="proveFact")
def prove_event(
    services: Served,
    actor: Reads,
    connection: Present,
    fact: Annotated[int, Path(ge=1, lt=2**63, description="The position of the fact.")],
    size: Annotated[
        int | None, Query(ge=1, lt=2**63, description="Of the tree; the last checkpoint's if none.")
    ] = None,
) -> schemas.InclusionOut:
    """The proof that the event at a position is in the tree, by hashes alone."""
    require(actor, "read-ledger")
    found = seen(
        ServedLook(connection, actor, present(services.store, connection, actor), services)
    )
    if fact > found.standing.head:
        raise NotFound("There is no such entry.", code="position-beyond-head")
    if size is None:
        if found.last is None or found.last.size < fact:
            raise NotNow("No checkpoint covers this position yet. Make one.")
        size = found.last.size
    _within(found, size)
    return schemas.InclusionOut.model_validate(services.ledger.inclusion(connection, fact, size))


@router.get("/consistency", operation_id="proveConsistency")
def prove_consistency(
    services: Served, actor: Reads, connection: Present, first: Size, second: Size
) -> schemas.ConsistencyOut:
    """The proof that the tree of `first` events is the beginning of the tree of `second`."""
    require(actor, "read-ledger")
    _within(
        seen(ServedLook(connection, actor, present(services.store, connection, actor), services)),
        second,
    )
    return schemas.ConsistencyOut.model_validate(
        services.ledger.consistency(connection, first, second)
    )


def _within(found: Seen, size: int) -> None:
    if size > found.size:
        raise Refused(f"Give a size up to {found.size}.", field="size", code="size-outside")
