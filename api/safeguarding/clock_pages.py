"""The time limit for safeguarding concerns: what is in force, and the form of the next version."""

from __future__ import annotations

from api.web.policies import as_known, command_policy, policy_router
from projections.safeguarding import queries
from qa.safeguarding import handlers
from qa.safeguarding.clocks import DEFAULT_SAFEGUARDING_POLICY, SAFEGUARDING_POLICY_STREAM

router = policy_router(
    command_policy(
        handlers.set_policy,
        address="/safeguarding-policy",
        title="Time limit for concerns",
        change="Change the time limit for concerns",
        button="Set the time limit",
        done="The time limit is set.",
        intro=("It runs day and night, also at weekends.",),
        first="The time limit that Caseloop starts with.",
        note="It runs day and night: a child does not wait for office hours.",
        link="Change the time limit",
        stream=SAFEGUARDING_POLICY_STREAM,
        in_force=as_known(queries.policy, DEFAULT_SAFEGUARDING_POLICY),
    )
)
