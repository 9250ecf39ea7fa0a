"""The clock of safeguarding concerns: what is in force, and the form that sets the next version."""

from __future__ import annotations

from api.safeguarding import reading as safeguarding_reading
from api.web.boxes import FormValues
from api.web.policies import PolicyPage, number_boxes, number_rows, numbers_in, policy_router
from api.web.steps import FormStep, Sent
from qa.safeguarding import commands
from qa.safeguarding.clocks import SAFEGUARDING_POLICY_STREAM
from qa.safeguarding.events import SafeguardingPolicySet
from qa.safeguarding.words import LABELS
from qa.store.unit import Receipt

PARTS = ("acknowledge_within_minutes", "escalate_every_minutes", "escalations_at_most")


def _set(_: SafeguardingPolicySet, asked: FormValues, sent: Sent) -> Receipt:
    numbers = numbers_in(asked, PARTS, "Enter a whole number.")
    asked.done()
    policy = SafeguardingPolicySet.model_validate({"policy_version": 0, **numbers})
    return commands.set_policy(policy=policy, **sent)


SET: FormStep[SafeguardingPolicySet] = FormStep(
    "Change the clock of concerns",
    "Set the clock",
    "The clock is set.",
    number_boxes(PARTS, LABELS),
    _set,
    ("The clock runs day and night, also at weekends.",),
    "set-policy",
)

router = policy_router(
    PolicyPage(
        address="/safeguarding-policy",
        title="Clock of concerns",
        first="The clock that Caseloop starts with.",
        note="It runs day and night: a child does not wait for office hours.",
        button="Change the clock",
        stream=SAFEGUARDING_POLICY_STREAM,
        step=SET,
        held=lambda reading: safeguarding_reading.policy(reading.connection, reading.at.position),
        rows=number_rows(PARTS, LABELS),
    )
)
