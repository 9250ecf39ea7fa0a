"""The clocks of actions: what is in force, and the form that sets the next version."""

from __future__ import annotations

from api.web.boxes import Box, FormValues
from api.web.context import Reading
from api.web.policies import PolicyPage, number_boxes, number_rows, numbers_in, policy_router
from api.web.steps import FormStep, Sent
from projections.actions import queries
from qa.actions.clocks import ACTION_POLICY_STREAM, DEFAULT_ACTION_POLICY, EVIDENCE_FIELDS
from qa.actions.commands import actions
from qa.actions.events import ActionPolicySet
from qa.actions.words import EVIDENCE_LABELS, LABELS, evidence_in_words
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
    evidence = {field: asked.several(field) for field in EVIDENCE_FIELDS}
    for field, kinds in evidence.items():
        if not set(kinds) <= EVIDENCE_LABELS.keys():
            asked.refuse(field, "choice-unknown", "Choose from the list.")
    asked.done()
    policy = ActionPolicySet.model_validate({"policy_version": 0, **days, **evidence})
    return actions.set_policy(policy=policy, **sent)


def _boxes(now: ActionPolicySet) -> list[Box]:
    hint = "One piece of any of these kinds will do, unless another is asked for by hand."
    kinds = list(EVIDENCE_LABELS.items())
    return [
        *number_boxes(CLOCKS, LABELS)(now),
        *(
            Box(field, LABELS[field], "several", hint, kinds, value="\n".join(getattr(now, field)))
            for field in EVIDENCE_FIELDS
        ),
    ]


def _rows(now: ActionPolicySet) -> list[tuple[str, str]]:
    evidence = [
        (LABELS[field], evidence_in_words(getattr(now, field))) for field in EVIDENCE_FIELDS
    ]
    return [*number_rows(CLOCKS, LABELS)(now), *evidence]


SET: FormStep[ActionPolicySet] = FormStep(
    "Change the clocks and the evidence of actions",
    "Set them",
    "The clocks and the evidence are set.",
    _boxes,
    _set,
    ("Actions that are raised already keep their dates, and the evidence they ask for.",),
    "set-policy",
)

router = policy_router(
    PolicyPage(
        address="/action-policy",
        title="Clocks and evidence of actions",
        first="The clocks and the evidence that Caseloop starts with.",
        note="An action that is raised already keeps its dates and the evidence it asks for.",
        button="Change them",
        stream=ACTION_POLICY_STREAM,
        step=SET,
        held=_held,
        rows=_rows,
    )
)
