"""The clocks of follow-ups: what is in force, and the form that sets the next version."""

from __future__ import annotations

from api.web.policies import as_known, command_policy, policy_router
from projections.follow_ups import queries
from qa.follow_ups import handlers
from qa.follow_ups.clocks import DEFAULT_FOLLOW_UP_POLICY, FOLLOW_UP_POLICY_STREAM

router = policy_router(
    command_policy(
        handlers.set_policy,
        address="/follow-up-policy",
        title="Time limits for follow-ups",
        change="Change the time limits for follow-ups",
        button="Set the time limits",
        done="The time limits are set.",
        intro=("Time limits that already run keep the dates they were given.",),
        first="The time limits that Caseloop starts with.",
        note="A time limit that already runs keeps the date it was given.",
        link="Change the time limits",
        stream=FOLLOW_UP_POLICY_STREAM,
        in_force=as_known(queries.policy, DEFAULT_FOLLOW_UP_POLICY),
    )
)
