"""The clocks of follow-ups: what is in force, and the form that sets the next version."""

from __future__ import annotations

from api.follow_ups import reading as follow_up_reading
from api.web.boxes import FormValues
from api.web.policies import PolicyPage, number_boxes, number_rows, numbers_in, policy_router
from api.web.steps import FormStep, Sent
from qa.follow_ups import commands
from qa.follow_ups.clocks import FOLLOW_UP_POLICY_STREAM
from qa.follow_ups.events import FollowUpPolicySet
from qa.follow_ups.words import LABELS
from qa.store.unit import Receipt

CLOCKS = (
    "escalate_within_working_days",
    "plan_within_working_days",
    "actions_within_working_days",
    "re_audit_within_days",
)


def _set(_: FollowUpPolicySet, asked: FormValues, sent: Sent) -> Receipt:
    days = numbers_in(asked, CLOCKS, "Enter a whole number of days.")
    asked.done()
    policy = FollowUpPolicySet.model_validate({"policy_version": 0, **days})
    return commands.set_policy(policy=policy, **sent)


SET: FormStep[FollowUpPolicySet] = FormStep(
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
        held=lambda reading: follow_up_reading.policy(reading.connection, reading.at.position),
        rows=number_rows(CLOCKS, LABELS),
    )
)
