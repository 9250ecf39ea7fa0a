"""Safeguarding concerns: raising them, telling a manager, acknowledging, and their time limit."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import AuditId, Call, tag
from api.json.policy_endpoint import policy_endpoints
from api.json.routing import ApiRouter
from api.safeguarding import reading, schemas
from api.web.policies import as_known
from projections.safeguarding import queries
from projections.safeguarding.tables import ConcernRow
from qa.authorisation.policy import require
from qa.core.clock import from_microseconds
from qa.core.words import Resource
from qa.safeguarding import handlers
from qa.safeguarding.clocks import DEFAULT_SAFEGUARDING_POLICY
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
def list_concerns(call: Call, waiting: bool = False) -> schemas.ConcernsOut:
    """List the safeguarding concerns that the caller may see, those that wait first."""
    require(call.actor, "read-concern", Resource(person=call.actor.person, somewhere=True))
    rows = reading.listed(call, waiting=waiting)
    found = [schemas.ConcernOut.of(row, **_added(row)) for row in rows]
    return schemas.ConcernsOut(**call.moment, concerns=found)


@router.record("/{concern}", operation_id="readConcern")
def read_concern(
    call: Call, audit: AuditId, concern: ConcernId, response: Response
) -> schemas.OpenedConcernOut:
    """A concern with its timeline."""
    found = reading.open_concern(call, audit, concern)
    reading.note(call, found)
    tag(response, call.at, found.row.stream_version)
    return schemas.OpenedConcernOut(
        **call.moment,
        concern=schemas.ConcernWithTextOut.of(found.row, **_added(found.row)),
        timeline=[
            schemas.ConcernStepOut(
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
    as_known(queries.policy, DEFAULT_SAFEGUARDING_POLICY),
    named="SafeguardingPolicy",
    says="The time limit for concerns in force. Version 0 is the one that Caseloop starts with.",
)
