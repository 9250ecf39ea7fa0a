"""Moderation of a case audit, and the policy by which audits are picked for it."""

from __future__ import annotations

from api.json.command_endpoint import command_endpoint
from api.json.policy_endpoint import policy_endpoints
from api.json.routing import ApiRouter
from api.web.policies import as_known
from projections.audit_tools import queries
from qa.moderation import handlers
from qa.moderation.events import DEFAULT_POLICY, ModerationPolicySet

router = ApiRouter(prefix="/case-audits/{audit}/moderations", tags=["moderation"])
policy_router = ApiRouter(prefix="/moderation-policy", tags=["moderation"])

command_endpoint(router, "POST", "", handlers.select)
command_endpoint(router, "PUT", "/{moderation}/moderator", handlers.assign)
command_endpoint(router, "POST", "/{moderation}/unblinding", handlers.unblind)
command_endpoint(router, "POST", "/{moderation}/conversation", handlers.converse)
command_endpoint(router, "POST", "/{moderation}/consensus", handlers.reconcile)
command_endpoint(router, "POST", "/{moderation}/dispute", handlers.dispute)
command_endpoint(router, "PUT", "/{moderation}/dispute/decider", handlers.assign_dispute)
command_endpoint(router, "POST", "/{moderation}/dispute/decision", handlers.decide_dispute)
command_endpoint(router, "POST", "/{moderation}/cancellation", handlers.cancel)


policy_endpoints(
    policy_router,
    handlers.set_policy,
    ModerationPolicySet,
    as_known(queries.moderation_policy, DEFAULT_POLICY),
    named="ModerationPolicy",
    says="The moderation policy in force. Version 0 is the one that Caseloop starts with.",
)

BUSY = (
    command_endpoint(router, "POST", "/{moderation}/judgement", handlers.record),
)  # fmt: skip
