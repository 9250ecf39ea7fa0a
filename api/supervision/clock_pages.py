"""How often supervision is due: what is in force, and the form that sets the next version."""

from __future__ import annotations

from api.supervision import reading as supervision_reading
from api.web.policies import command_policy, policy_router
from qa.supervision import handlers
from qa.supervision.clocks import SUPERVISION_POLICY_STREAM

router = policy_router(
    command_policy(
        handlers.set_policy,
        address="/supervision-policy",
        title="How often supervision is due",
        change="Change how often supervision is due",
        button="Set the policy",
        done="The policy is set.",
        intro=("Sessions counted from a day before today keep the days they were given.",),
        first="The policy that Caseloop starts with.",
        note="A session counted from an earlier day keeps the days it was given.",
        link="Change the policy",
        stream=SUPERVISION_POLICY_STREAM,
        in_force=supervision_reading.policy_in_force,
    )
)
