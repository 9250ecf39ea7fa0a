"""Who stands in for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import Response

from api.json.deps import Body, Change, Moment, Reads, ReceiptOut, Snapshot
from api.json.routing import ApiRouter
from api.people.endpoints import PersonId
from api.people.reading import person_as_resource
from projections.core.base import present
from projections.people import queries
from qa.authorisation.policy import can
from qa.core.errors import NotFound
from qa.people.commands import deputies

router = ApiRouter(tags=["work"])


@router.record("/people/{person}/deputies", operation_id="listDeputies")
def list_deputies(
    actor: Reads, connection: Snapshot, at: Moment, person: PersonId, response: Response
) -> dict[str, Any]:
    """Who stands in for somebody on the day asked about or later."""
    row = queries.person(present(connection), person)
    if row is None or not can(actor, "name-deputy", person_as_resource(connection, row)).allowed:
        raise NotFound("There is no such person.")
    if not at.is_past:
        response.headers["ETag"] = f'"{row["stream_version"]}"'
    found = queries.of(connection, person, at.on, position=at.position)
    return {
        "as_at": at.day,
        "position": at.shown,
        "deputies": [{name: one[name] for name in ("deputy", "since", "until")} for one in found],
    }


class DeputyIn(Body):
    deputy: str
    since: date
    until: date


@router.post("/people/{person}/deputies", status_code=201, operation_id="nameDeputy")
def name_deputy(change: Change, person: PersonId, body: DeputyIn) -> ReceiptOut:
    """Let somebody stand in, both days included."""
    done = deputies.name_deputy(
        change.desk, person=person, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, f"person:{person}")


class DeputyEndIn(Body):
    deputy: str
    since: date


@router.post("/people/{person}/deputies/end", operation_id="endDeputy")
def end_deputy(change: Change, person: PersonId, body: DeputyEndIn) -> ReceiptOut:
    """End a standing in, from today on."""
    done = deputies.end_deputy(change.desk, person=person, **body.model_dump(), **change.made(body))
    return change.receipt(done, f"person:{person}")
