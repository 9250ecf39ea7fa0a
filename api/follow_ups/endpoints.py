"""The follow-up of inadequate audits: listing, reading, escalating, agreeing a plan; its clocks."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from api.follow_ups import reading
from api.json.deps import AuditId, Body, Change, Moment, Reads, ReceiptOut, Served, Snapshot
from api.json.routing import ApiRouter
from qa.authorisation.policy import require
from qa.follow_ups import commands
from qa.follow_ups.clocks import FOLLOW_UP_POLICY_STREAM
from qa.follow_ups.events import FollowUpPolicySet, follow_up_stream

router = ApiRouter(prefix="/case-audits/{audit}/follow-up", tags=["follow-ups"])
list_router = ApiRouter(prefix="/follow-ups", tags=["follow-ups"])
policy_router = ApiRouter(prefix="/follow-up-policy", tags=["follow-ups"])

_SHOWN = (
    "audit", "reference", "child", "team", "service", "grade", "stage", "round", "since",
    "escalate_by", "plan_by", "actions_by", "re_audit_by", "owner", "escalated_on", "planned_on",
    "actions", "re_audit", "re_audit_reference", "over_on", "cause",
)  # fmt: skip


def _row(row: Any, owed: tuple[str, str] | None) -> dict[str, Any]:
    next_step = None if owed is None else {"step": owed[0], "by": owed[1]}
    return {
        **{name: row[name] for name in _SHOWN},
        "owed": next_step,
        "version": row["stream_version"],
    }


@list_router.get("", operation_id="listFollowUps")
def list_follow_ups(
    actor: Reads, connection: Snapshot, at: Moment, running: bool = False
) -> dict[str, Any]:
    """List the follow-ups of inadequate audits that the caller may see, the newest first."""
    require(actor, "read-report")
    rows = reading.listed(connection, actor, at, running=running)
    return {
        "as_at": at.day,
        "position": at.shown,
        "follow_ups": [{**_row(row, row["owed"]), "overdue": row["late"]} for row in rows],
    }


@router.record("", operation_id="readFollowUp")
def read_follow_up(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    audit: AuditId,
    response: Response,
) -> dict[str, Any]:
    """The follow-up of an audit, with the state of its actions."""
    found = reading.open_follow_up(services, connection, actor, audit, at)
    if not at.is_past:
        response.headers["ETag"] = f'"{found.row["stream_version"]}"'
    return {
        "as_at": at.day,
        "position": at.shown,
        "follow_up": {**_row(found.row, found.owed), "plan": found.row["plan"]},
        "planned": [
            {name: one[name] for name in ("action", "text", "owner", "state", "due_on")}
            for one in found.planned
        ],
        "names": found.names,
    }


class EscalationIn(Body):
    owner: str


@router.post("/escalation", operation_id="escalateFollowUp")
def escalate(change: Change, audit: AuditId, body: EscalationIn) -> ReceiptOut:
    """Name the head of service who answers for it."""
    done = commands.escalate(change.desk, audit=audit, owner=body.owner, **change.made(body))
    return change.receipt(done, follow_up_stream(audit))


class FollowUpPlanIn(Body):
    actions: list[str]
    plan: str


@router.post("/plan", operation_id="agreeFollowUpPlan")
def agree_plan(change: Change, audit: AuditId, body: FollowUpPlanIn) -> ReceiptOut:
    """Agree which actions of the audit are its plan."""
    done = commands.agree_plan(
        change.desk, audit=audit, actions=body.actions, plan=body.plan, **change.made(body)
    )
    return change.receipt(done, follow_up_stream(audit))


class FollowUpClocksIn(Body):
    escalate_within_working_days: int
    plan_within_working_days: int
    actions_within_working_days: int
    re_audit_within_days: int


@policy_router.record("", operation_id="readFollowUpPolicy")
def read_policy(
    actor: Reads, connection: Snapshot, at: Moment, response: Response
) -> dict[str, Any]:
    """The clocks of follow-ups in force. Version 0 are those that Caseloop starts with."""
    require(actor, "read-tool")
    policy, version = reading.policy(connection, at.position)
    if not at.is_past:
        response.headers["ETag"] = f'"{version}"'
    return policy.model_dump(mode="json")


@policy_router.put("", operation_id="setFollowUpPolicy")
def set_policy(change: Change, body: FollowUpClocksIn) -> ReceiptOut:
    """Set the next version of the clocks of follow-ups."""
    policy = FollowUpPolicySet(policy_version=0, **body.model_dump())
    done = commands.set_policy(change.desk, policy=policy, **change.made(body))
    return change.receipt(done, FOLLOW_UP_POLICY_STREAM)


BUSY = (read_follow_up, escalate, agree_plan)
