"""The clocks of actions: what is in force, and the form that sets the next version."""

from __future__ import annotations

from api.web.boxes import FormValues
from api.web.context import Reading
from api.web.policies import PolicyPage, number_boxes, number_rows, numbers_in, policy_router
from api.web.steps import FormStep, Sent
from projections.actions import queries
from qa.actions.clocks import ACTION_POLICY_STREAM, DEFAULT_ACTION_POLICY
from qa.actions.commands import actions
from qa.actions.events import ActionPolicySet
from qa.actions.words import LABELS
from qa.store.unit import Receipt

CLOCKS = (
    "accept_within_working_days",
    "check_evidence_within_working_days",
    "impact_after_days",
    "impact_within_days",
    "reopen_within_days",
)


def _held(reading: Reading) -> tuple[ActionPolicySet, int]:
    found = queries.policy(reading.connection, position=reading.at.position)
    return found or (DEFAULT_ACTION_POLICY, 0)


def _set(_: ActionPolicySet, asked: FormValues, sent: Sent) -> Receipt:
    days = numbers_in(asked, CLOCKS, "Enter a whole number of days.")
    asked.done()
    policy = ActionPolicySet.model_validate({"policy_version": 0, **days})
    return actions.set_policy(policy=policy, **sent)


SET: FormStep[ActionPolicySet] = FormStep(
    "Change the clocks of actions",
    "Set the clocks",
    "The clocks are set.",
    number_boxes(CLOCKS, LABELS),
    _set,
    ("Clocks that already run keep the dates they were given.",),
    "set-policy",
)

router = policy_router(
    PolicyPage(
        address="/action-policy",
        title="Clocks of actions",
        first="The clocks that Caseloop starts with.",
        note="A clock that already runs keeps the date it was given.",
        button="Change the clocks",
        stream=ACTION_POLICY_STREAM,
        step=SET,
        held=_held,
        rows=number_rows(CLOCKS, LABELS),
    )
)
