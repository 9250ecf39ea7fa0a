"""Moderation of a case audit, and the policy by which audits are picked for it."""

from __future__ import annotations

from api.json.command_endpoint import command_endpoint
from api.json.policy_endpoint import policy_endpoints
from api.json.routing import ApiRouter
from projections.audit_tools import queries
from qa.moderation import handlers
from qa.moderation.events import DEFAULT_POLICY, ModerationPolicySet

router = ApiRouter(prefix="/case-audits/{audit}/moderations", tags=["moderation"])
policy_router = ApiRouter(prefix="/moderation-policy", tags=["moderation"])

command_endpoint(
    router, "POST", "", handlers.select, operation_id="selectForModeration", status=201
)
command_endpoint(
    router, "PUT", "/{moderation}/moderator", handlers.assign, operation_id="assignModeration"
)
command_endpoint(
    router, "POST", "/{moderation}/unblinding", handlers.unblind,
    operation_id="unblindModeration", status=201,
)  # fmt: skip
command_endpoint(
    router, "POST", "/{moderation}/conversation", handlers.converse,
    operation_id="recordConversation", status=201,
)  # fmt: skip
command_endpoint(
    router, "POST", "/{moderation}/consensus", handlers.reconcile,
    operation_id="reconcileGrade", status=201,
)  # fmt: skip
command_endpoint(
    router, "POST", "/{moderation}/dispute", handlers.dispute,
    operation_id="disputeGrade", status=201,
)  # fmt: skip
command_endpoint(
    router, "PUT", "/{moderation}/dispute/decider", handlers.assign_dispute,
    operation_id="assignDispute",
)  # fmt: skip
command_endpoint(
    router, "POST", "/{moderation}/dispute/decision", handlers.decide_dispute,
    operation_id="decideDispute", status=201,
)  # fmt: skip
command_endpoint(
    router, "POST", "/{moderation}/cancellation", handlers.cancel,
    operation_id="cancelModeration", status=201,
)  # fmt: skip


policy_endpoints(
    policy_router,
    handlers.set_policy,
    ModerationPolicySet,
    lambda connection, at: queries.moderation_policy(connection, position=at.position),
    starts_with=DEFAULT_POLICY,
    named="ModerationPolicy",
    says="The moderation policy in force. Version 0 is the one that Caseloop starts with.",
)

BUSY = (
    command_endpoint(
        router, "POST", "/{moderation}/judgement", handlers.record,
        operation_id="recordModeration", status=201,
    ),
)  # fmt: skip
