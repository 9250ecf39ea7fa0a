"""The clocks of follow-ups: what is in force, and the form that sets the next version."""

from __future__ import annotations

from api import follow_ups
from api.follow_up_words import LABELS
from api.pages.kit.boxes import Asked
from api.pages.kit.policies import (
    PolicyPage,
    number_boxes,
    number_rows,
    numbers_in,
    policy_router,
)
from api.pages.kit.steps import Sent, Step
from qa.commands import follow_ups as commands
from qa.facts.follow_up import FollowUpPolicySet
from qa.follow_up_policy import FOLLOW_UP_POLICY_STREAM
from qa.store import Receipt

CLOCKS = (
    "escalate_within_working_days",
    "plan_within_working_days",
    "actions_within_working_days",
    "re_audit_within_days",
)


def _set(_: FollowUpPolicySet, asked: Asked, sent: Sent) -> Receipt:
    days = numbers_in(asked, CLOCKS, "Enter a whole number of days.")
    asked.done()
    policy = FollowUpPolicySet.model_validate({"policy_version": 0, **days})
    return commands.set_policy(policy=policy, **sent)


SET: Step[FollowUpPolicySet] = Step(
    "Change the clocks of follow-ups",
    "Set the clocks",
    "The clocks are set.",
    number_boxes(CLOCKS, LABELS),
    _set,
    ("Clocks that already run keep the dates they were given.",),
    "set-policy",
)

router = policy_router(
    PolicyPage(
        address="/follow-up-policy",
        title="Clocks of follow-ups",
        first="The clocks that Caseloop starts with.",
        note="A clock that already runs keeps the date it was given.",
        button="Change the clocks",
        stream=FOLLOW_UP_POLICY_STREAM,
        step=SET,
        held=lambda reading: follow_ups.policy(reading.connection, reading.at.position),
        rows=number_rows(CLOCKS, LABELS),
    )
)
