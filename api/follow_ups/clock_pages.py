"""The clocks of follow-ups: what is in force, and the form that sets the next version."""

from __future__ import annotations

from api.follow_ups import reading as follow_up_reading
from api.web.policies import command_policy, policy_router
from qa.follow_ups import handlers
from qa.follow_ups.clocks import FOLLOW_UP_POLICY_STREAM

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
        in_force=lambda reading: follow_up_reading.policy(reading.connection, reading.at.position),
    )
)
