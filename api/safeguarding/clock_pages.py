"""The time limit for safeguarding concerns: what is in force, and the form of the next version."""

from __future__ import annotations

from api.safeguarding import reading as safeguarding_reading
from api.web.policies import command_policy, policy_router
from qa.safeguarding import handlers
from qa.safeguarding.clocks import SAFEGUARDING_POLICY_STREAM

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
        in_force=lambda reading: safeguarding_reading.policy(
            reading.connection, reading.at.position
        ),
    )
)
