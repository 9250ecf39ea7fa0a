"""The proof of one entry: that it stands in the sealed log as it was recorded, checked here and to
take along."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.ledger.reading import seen
from api.ledger.schemas import InclusionOut
from api.web import access_notes
from api.web.context import PresentReader, Reading
from api.web.late_routes import PageRouter
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import NotFound, NotNow
from qa.ledger import merkle
from qa.ledger.checkpoints import Signed, covering
from qa.ledger.entry import event_leaf
from qa.ledger.ledger import Inclusion

router = PageRouter(prefix="/ledger/entries")

Position = Annotated[int, Path(ge=1, lt=2**63)]


def _proof(reading: Reading, position: int) -> tuple[Signed, Inclusion] | None:
    """The first checkpoint that covers the entry and the proof under it; None before there is one.

    Raises:
        NotFound: the log has no such position, or the reader sees nothing behind their pin.
    """
    require(reading.actor, "read-ledger")
    known = seen(reading)
    if position > known.standing.head:
        raise NotFound("There is no such entry.", code="position-beyond-head")
    signed = covering(reading.connection, position)
    if signed is None or signed.number >= known.before:
        return None
    ledger = reading.services.ledger
    return signed, ledger.inclusion(reading.connection, position, signed.size)


@router.get("/{position}")
def show_proof(position: Position, reading: PresentReader) -> Response:
    """Whether an entry stands in the log as it was sealed, step by step."""
    found = _proof(reading, position)
    checks: list[tuple[bool, str]] = []
    if found is not None:
        signed, proof = found
        store = reading.services.store
        rows = store.rows(reading.connection, after=position - 1, upto=position, limit=1)
        checks = [
            (
                [event_leaf(*row) for row in rows] == [proof.leaf],
                "The entry as it is stored today gives the hash that was sealed.",
            ),
            (
                merkle.included(
                    position - 1, proof.size, proof.leaf, list(proof.proof), proof.root
                ),
                "From that hash, the hashes below lead to the root of the log.",
            ),
            (
                proof.root == signed.checkpoint.root,
                "That root is the one in the signed checkpoint.",
            ),
        ]
    return reading.page(
        "ledger/proof.html",
        title=f"Proof of entry {position}",
        back="/ledger",
        as_at=None,
        position=position,
        signed=found and found[0],
        proof=found and found[1],
        checks=checks,
        whole=all(holds for holds, _ in checks),
    )


@router.get("/{position}/proof.json")
def download_proof(position: Position, reading: PresentReader) -> Response:
    """The hashes of the proof as a file, as the API gives them."""
    found = _proof(reading, position)
    if found is None:
        raise NotNow("No checkpoint covers this position yet. Make one.")
    access_notes.note(
        reading.services, reading.actor, What.EXPORT, f"page:/ledger/entries/{position}"
    )
    return Response(
        InclusionOut.model_validate(found[1]).model_dump_json(indent=2),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="proof-{position}.json"'},
    )
