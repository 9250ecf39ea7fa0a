"""Receipts of the figures of a self-evaluation: their page, and the short address of a document."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import RedirectResponse, Response

from api.reports.declaration import Sight
from api.self_evaluation import reading as evaluation_reading
from api.web import access_notes
from api.web.context import PresentReader, Reader, Reading
from api.web.late_routes import PageRouter
from projections.self_evaluation import queries
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import NotFound, Refused

router = PageRouter()
EvaluationId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
EvidenceNumber = Annotated[str, Path(pattern=r"^E[0-9]{1,5}$")]
ShortAddress = Annotated[str, Path(pattern=r"^[0-9a-f]{8}-E[0-9]{1,5}-[0-9]{1,15}$")]


@router.get("/self-evaluations/{of}/receipts/{evidence}")
def show_receipt(of: EvaluationId, evidence: EvidenceNumber, reading: Reader) -> Response:
    """Why a figure of a claim is what it is. Raises Refused for a moment that cannot be shown."""
    if reading.wrong:
        raise Refused(reading.wrong.faults)
    sight = Sight.of(reading)
    row = evaluation_reading.piece(evaluation_reading.opened(sight, of), evidence)
    found = evaluation_reading.receipt(reading.services, sight, row)
    _note(reading, of, f"receipt {evidence}")
    events = found.why.found.events
    return reading.page(
        "self_evaluation/receipt.html",
        title=f"{found.shown.called}: {found.shown.now}",
        one=found.shown,
        figure=found.why.found.figure,
        same=found.why.found.same,
        counted=found.counted,
        closed=found.closed,
        records=len({stream for _, stream, *_ in events}),
        entries=len(events),
        back=reading.link(f"/self-evaluations/{of}"),
    )


@router.get("/receipts/{short}")
def follow_short_address(short: ShortAddress, reading: PresentReader) -> Response:
    """The receipt that the short address of a document means, at the entry of the log that the
    document was made at."""
    begins, evidence, position = short.split("-")
    require(reading.actor, evaluation_reading.READ)
    found = queries.beginning(reading.connection, begins)
    if len(found) != 1:
        raise NotFound("There is no such receipt.")
    _note(reading, found[0], f"receipt {evidence}")
    place = f"/self-evaluations/{found[0]}/receipts/{evidence}?position={position}"
    return RedirectResponse(place, status_code=303)


def _note(reading: Reading, of: str, detail: str) -> None:
    subject = f"self-evaluation:{of}"
    access_notes.note(
        reading.services, reading.actor, What.VIEW, subject, detail=detail, at=reading.at
    )
