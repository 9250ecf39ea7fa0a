"""The follow-up of inadequate audits: listing, reading, escalating, agreeing a plan; its clocks."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from api.follow_ups import reading, schemas
from api.json.command_endpoint import command_endpoint
from api.json.deps import AuditId, Call, tag
from api.json.policy_endpoint import policy_endpoints
from api.json.routing import ApiRouter
from api.web.policies import as_known
from projections.follow_ups import queries
from projections.follow_ups.tables import FollowUpRow
from qa.authorisation.policy import require
from qa.follow_ups import handlers
from qa.follow_ups.clocks import DEFAULT_FOLLOW_UP_POLICY
from qa.follow_ups.events import FollowUpPolicySet

router = ApiRouter(prefix="/case-audits/{audit}/follow-up", tags=["follow-ups"])
list_router = ApiRouter(prefix="/follow-ups", tags=["follow-ups"])
policy_router = ApiRouter(prefix="/follow-up-policy", tags=["follow-ups"])


def _added(row: FollowUpRow, owed: tuple[str, str] | None) -> dict[str, Any]:
    """What both answers add to the columns of a row."""
    step = (
        None
        if owed is None
        else schemas.FollowUpStepOut.model_validate({"step": owed[0], "by": owed[1]})
    )
    return {
        "owed": step,
        "version": row.stream_version,
        "actions": list(row.planned_actions),
    }


@list_router.get("", operation_id="listFollowUps")
def list_follow_ups(call: Call, running: bool = False) -> schemas.FollowUpsOut:
    """List the follow-ups of inadequate audits that the caller may see, the newest first."""
    require(call.actor, "read-report")
    found = [
        schemas.FollowUpOut.of(one.row, overdue=one.late, **_added(one.row, one.owed))
        for one in reading.listed(call, running=running)
    ]
    return schemas.FollowUpsOut(**call.moment, follow_ups=found)


@router.record("", operation_id="readFollowUp")
def read_follow_up(call: Call, audit: AuditId, response: Response) -> schemas.OpenedFollowUpOut:
    """The follow-up of an audit, with the state of its actions."""
    found = reading.open_follow_up(call, audit)
    tag(response, call.at, found.row.stream_version)
    return schemas.OpenedFollowUpOut(
        **call.moment,
        follow_up=schemas.FollowUpWithPlanOut.of(found.row, **_added(found.row, found.owed)),
        planned=[schemas.FollowUpActionOut.model_validate(one._asdict()) for one in found.planned],
        names=dict(found.names),
    )


policy_endpoints(
    policy_router,
    handlers.set_policy,
    FollowUpPolicySet,
    as_known(queries.policy, DEFAULT_FOLLOW_UP_POLICY),
    named="FollowUpPolicy",
    says="The time limits for follow-ups in force. Version 0 are those that Caseloop starts with.",
)

BUSY = (
    read_follow_up,
    command_endpoint(router, "POST", "/escalation", handlers.escalate, status=200),
    command_endpoint(router, "POST", "/plan", handlers.agree_plan, status=200),
)
