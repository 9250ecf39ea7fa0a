"""How often supervision is owed: what is in force, and the form that sets the next version."""

from __future__ import annotations

from api.supervision import reading as supervision_reading
from api.web.boxes import FormValues
from api.web.context import Reading
from api.web.policies import PolicyPage, number_boxes, number_rows, numbers_in, policy_router
from api.web.steps import FormStep, Sent
from qa.store.unit import Receipt
from qa.supervision.clocks import SUPERVISION_POLICY_STREAM
from qa.supervision.commands import supervision
from qa.supervision.events import SupervisionPolicySet
from qa.supervision.words import LABELS

NUMBERS = (
    "regular_days",
    "newly_qualified_days",
    "case_supervision_months",
    "prompt_within_days",
)


def _held(reading: Reading) -> tuple[SupervisionPolicySet, int]:
    held = supervision_reading.policies(reading.connection, reading.at)
    return held.on(reading.at.on), held.version


def _set(_: SupervisionPolicySet, asked: FormValues, sent: Sent) -> Receipt:
    numbers = numbers_in(asked, NUMBERS, "Enter a whole number.")
    asked.done()
    policy = SupervisionPolicySet.model_validate({"policy_version": 0, **numbers})
    return supervision.set_policy(policy=policy, **sent)


SET: FormStep[SupervisionPolicySet] = FormStep(
    "Change how often supervision is owed",
    "Set the policy",
    "The policy is set.",
    number_boxes(NUMBERS, LABELS),
    _set,
    ("Sessions counted from a day before today keep the days they were given.",),
    "set-policy",
)


router = policy_router(
    PolicyPage(
        address="/supervision-policy",
        title="How often supervision is owed",
        first="The policy that Caseloop starts with.",
        note="A session counted from an earlier day keeps the days it was given.",
        button="Change the policy",
        stream=SUPERVISION_POLICY_STREAM,
        step=SET,
        held=_held,
        rows=number_rows(NUMBERS, LABELS),
    )
)
