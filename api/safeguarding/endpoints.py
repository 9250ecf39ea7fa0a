"""Safeguarding concerns: raising them, telling a manager, acknowledging, and their clock."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Response

from api.json.deps import AuditId, Body, Change, Moment, New, Reads, ReceiptOut, Served, Snapshot
from api.json.routing import ApiRouter
from api.safeguarding import reading
from projections.safeguarding import queries
from qa.authorisation.policy import require
from qa.core.clock import from_microseconds
from qa.core.words import Resource
from qa.safeguarding import commands
from qa.safeguarding.clocks import SAFEGUARDING_POLICY_STREAM
from qa.safeguarding.events import SafeguardingPolicySet, ToldHow, safeguarding_stream

router = ApiRouter(prefix="/case-audits/{audit}/concerns", tags=["safeguarding"])
list_router = ApiRouter(prefix="/concerns", tags=["safeguarding"])
policy_router = ApiRouter(prefix="/safeguarding-policy", tags=["safeguarding"])

ConcernId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the concern.")]
_TIMES = ("raised", "told", "acknowledge_by", "next_by", "acknowledged")


def _row(row: Any) -> dict[str, Any]:
    """A concern as a list shows it: times are UTC, null while they are still to come."""
    times = {
        f"{name}_at" if not name.endswith("_by") else name: (
            None if row[f"{name}_us"] is None else from_microseconds(row[f"{name}_us"]).isoformat()
        )
        for name in _TIMES
    }
    named = ("concern", "audit", "reference", "child", "team", "service", "raised_by", "rungs")
    return {
        **{name: row[name] for name in named},
        "told": row["told"],
        "acknowledged_by": row["acknowledged_by"],
        **times,
        "minutes_to_acknowledge": queries.minutes_to_acknowledge(row),
        "version": row["stream_version"],
    }


@list_router.get("", operation_id="listConcerns")
def list_concerns(
    actor: Reads, connection: Snapshot, at: Moment, waiting: bool = False
) -> dict[str, Any]:
    """List the safeguarding concerns that the caller may see, those that wait first."""
    require(actor, "read-concern", Resource(person=actor.person, somewhere=True))
    rows = reading.listed(connection, actor, at, waiting=waiting)
    return {"as_at": at.day, "position": at.shown, "concerns": [_row(row) for row in rows]}


@router.record("/{concern}", operation_id="readConcern")
def read_concern(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    audit: AuditId,
    concern: ConcernId,
    response: Response,
) -> dict[str, Any]:
    """A concern with its timeline."""
    found = reading.open_concern(services, connection, actor, audit, concern, at)
    reading.note(services, actor, found, at)
    if not at.is_past:
        response.headers["ETag"] = f'"{found.row["stream_version"]}"'
    return {
        "as_at": at.day,
        "position": at.shown,
        "concern": {**_row(found.row), "what": found.row["what"]},
        "timeline": [
            {
                "type": step.type,
                "at": step.at.isoformat(),
                "by": step.by,
                "fields": dict(step.content),
            }
            for step in found.steps
        ],
        "names": found.names,
    }


class ConcernIn(Body):
    what: str
    manager: str = ""
    how: ToldHow | None = None


@router.post("", status_code=201, operation_id="raiseConcern")
def raise_concern(new: New, audit: AuditId, body: ConcernIn) -> ReceiptOut:
    """Raise a concern from an audit; with `manager` and `how`, say at once who was told."""
    done = commands.raise_concern(
        new.desk,
        audit=audit,
        what=body.what,
        manager=body.manager,
        how=body.how or "",
        **new.made(body),
    )
    concern = str(done.response["concern"])
    return new.receipt(done, safeguarding_stream(audit), location=concern)


class ToldIn(Body):
    manager: str
    how: ToldHow


@router.post("/{concern}/told", status_code=201, operation_id="tellManager")
def tell_manager(change: Change, audit: AuditId, concern: ConcernId, body: ToldIn) -> ReceiptOut:
    """Record that a named manager was told."""
    done = commands.tell_manager(
        change.desk,
        audit=audit,
        concern=concern,
        manager=body.manager,
        how=body.how,
        **change.made(body),
    )
    return change.receipt(done, safeguarding_stream(audit))


class DoingIn(Body):
    doing: str


@router.post("/{concern}/acknowledgement", operation_id="acknowledgeConcern")
def acknowledge(change: Change, audit: AuditId, concern: ConcernId, body: DoingIn) -> ReceiptOut:
    """Answer for a concern, and say what is being done."""
    done = commands.acknowledge(
        change.desk, audit=audit, concern=concern, doing=body.doing, **change.made(body)
    )
    return change.receipt(done, safeguarding_stream(audit))


class ClockIn(Body):
    acknowledge_within_minutes: int
    escalate_every_minutes: int
    escalations_at_most: int


@policy_router.record("", operation_id="readSafeguardingPolicy")
def read_policy(
    actor: Reads, connection: Snapshot, at: Moment, response: Response
) -> dict[str, Any]:
    """The clock of concerns in force. Version 0 is the one that Caseloop starts with."""
    require(actor, "read-tool")
    policy, version = reading.policy(connection, at.position)
    if not at.is_past:
        response.headers["ETag"] = f'"{version}"'
    return policy.model_dump(mode="json")


@policy_router.put("", operation_id="setSafeguardingPolicy")
def set_policy(change: Change, body: ClockIn) -> ReceiptOut:
    """Set the next version of the clock of concerns."""
    policy = SafeguardingPolicySet(policy_version=0, **body.model_dump())
    done = commands.set_policy(change.desk, policy=policy, **change.made(body))
    return change.receipt(done, SAFEGUARDING_POLICY_STREAM)
