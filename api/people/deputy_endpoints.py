"""Who stands in for whom, and how much waits for the people of a part of the council."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Query, Response

from api.json.deps import Body, Change, Moment, Reads, ReceiptOut, Snapshot
from api.json.routing import ApiRouter
from api.people.endpoints import PersonId
from api.people.reading import person_as_resource
from api.tasks import team_work
from projections.core.base import present
from projections.people import queries
from qa.authorisation.policy import can
from qa.core.errors import Forbidden, NotFound
from qa.people.commands import deputies

router = ApiRouter(tags=["work"])

PAGE = 25


@router.get("/people/{person}/deputies", operation_id="listDeputies")
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


@router.get("/team-work", operation_id="readTeamWork")
def read_team_work(
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    start: Annotated[
        int, Query(ge=0, le=100_000, description="The `next` of the page before.")
    ] = 0,
) -> dict[str, Any]:
    """How much waits for the people whose work the caller oversees, 25 a page, by name."""
    rows = team_work.overseen(connection, actor, at)
    if not rows and not can(actor, "read-team-work").allowed:
        raise Forbidden("You oversee nobody’s work.", rule="read-team-work")
    shown = rows[start : start + PAGE]
    return {
        "as_at": at.day,
        "position": at.shown,
        "people": [
            {
                "person": one.person,
                "name": one.name,
                "team": one.team,
                "waiting": one.waiting,
                "capped": one.capped,
                "kinds": dict(one.kinds),
                "overdue": one.overdue,
                "oldest_overdue": one.oldest,
                "deputies": one.deputies,
            }
            for one in team_work.loads(connection, shown, at)
        ],
        "next": start + PAGE if start + PAGE < len(rows) else None,
    }
