"""Safeguarding concerns: raising them, telling a manager, acknowledging, and their time limit."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import AuditId, Moment, Reads, Served, Snapshot, tag
from api.json.policy_endpoint import policy_endpoints
from api.json.routing import ApiRouter
from api.safeguarding import reading
from api.safeguarding.schemas import (
    ConcernOut,
    ConcernsOut,
    ConcernStepOut,
    ConcernWithTextOut,
    OpenedConcernOut,
)
from projections.safeguarding import queries
from projections.safeguarding.tables import ConcernRow
from qa.authorisation.policy import require
from qa.core.clock import from_microseconds
from qa.core.words import Resource
from qa.safeguarding import handlers
from qa.safeguarding.events import SafeguardingPolicySet

router = ApiRouter(prefix="/case-audits/{audit}/concerns", tags=["safeguarding"])
list_router = ApiRouter(prefix="/concerns", tags=["safeguarding"])
policy_router = ApiRouter(prefix="/safeguarding-policy", tags=["safeguarding"])

ConcernId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the concern.")]


def _at(time: int | None) -> str | None:
    return None if time is None else from_microseconds(time).isoformat()


def _added(row: ConcernRow) -> dict[str, Any]:
    """What both answers add to the columns of a row."""
    return {
        "told": list(row.told_people),
        "raised_at": _at(row.raised_us),
        "told_at": _at(row.told_us),
        "acknowledge_by": _at(row.acknowledge_by_us),
        "next_by": _at(row.next_by_us),
        "acknowledged_at": _at(row.acknowledged_us),
        "minutes_to_acknowledge": queries.minutes_to_acknowledge(row),
        "from_file": bool(row.imported),
        "withdrawn": bool(row.withdrawn),
        "version": row.stream_version,
    }


@list_router.get("", operation_id="listConcerns")
def list_concerns(
    actor: Reads, connection: Snapshot, at: Moment, waiting: bool = False
) -> ConcernsOut:
    """List the safeguarding concerns that the caller may see, those that wait first."""
    require(actor, "read-concern", Resource(person=actor.person, somewhere=True))
    rows = reading.listed(connection, actor, at, waiting=waiting)
    found = [ConcernOut.of(row, **_added(row)) for row in rows]
    return ConcernsOut(as_at=at.day, position=at.shown, concerns=found)


@router.record("/{concern}", operation_id="readConcern")
def read_concern(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    audit: AuditId,
    concern: ConcernId,
    response: Response,
) -> OpenedConcernOut:
    """A concern with its timeline."""
    found = reading.open_concern(services, connection, actor, audit, concern, at)
    reading.note(services, actor, found, at)
    tag(response, at, found.row.stream_version)
    return OpenedConcernOut(
        as_at=at.day,
        position=at.shown,
        concern=ConcernWithTextOut.of(found.row, **_added(found.row)),
        timeline=[
            ConcernStepOut(
                type=step.type, at=step.at.isoformat(), by=step.by, fields=dict(step.fields)
            )
            for step in found.steps
        ],
        names=dict(found.names),
    )


command_endpoint(router, "POST", "", handlers.raise_concern, located_by="concern")
command_endpoint(router, "POST", "/{concern}/told", handlers.tell_manager)
command_endpoint(router, "POST", "/{concern}/acknowledgement", handlers.acknowledge, status=200)
policy_endpoints(
    policy_router,
    handlers.set_policy,
    SafeguardingPolicySet,
    lambda connection, at: reading.policy(connection, at.position),
    named="SafeguardingPolicy",
    says="The time limit for concerns in force. Version 0 is the one that Caseloop starts with.",
)
