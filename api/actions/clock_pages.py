"""The clocks of actions: what is in force, and the form that sets the next version."""

from __future__ import annotations

from api.web.boxes import Box, FormValues
from api.web.policies import PolicyPage, as_known, numbers_in, policy_router
from api.web.steps import FormStep, Sent, carry_out, command_box
from projections.actions import queries
from qa.actions import handlers
from qa.actions.clocks import ACTION_POLICY_STREAM, DEFAULT_ACTION_POLICY, EVIDENCE_FIELDS
from qa.actions.commands import SetActionPolicy
from qa.actions.events import ActionPolicySet
from qa.actions.words import EVIDENCE_LABELS, evidence_in_words
from qa.core.fields import field_words, typed
from qa.store.unit import Receipt

FIELDS = field_words(SetActionPolicy)
TITLE = "Time limits and evidence for actions"
CLOCKS = [name for name in FIELDS if name not in EVIDENCE_FIELDS]


def _set(_: ActionPolicySet, form: FormValues, sent: Sent) -> Receipt:
    days = numbers_in(form, CLOCKS, "Enter a whole number of days.")
    evidence = {field: form.several(field) for field in EVIDENCE_FIELDS}
    for field, kinds in evidence.items():
        if not set(kinds) <= EVIDENCE_LABELS.keys():
            form.refuse(field, "choice-unknown", "Choose from the list.")
    form.done()
    command = SetActionPolicy.model_validate({**days, **evidence})
    return carry_out(handlers.set_policy, command, sent)


def _boxes(now: ActionPolicySet) -> list[Box]:
    kinds = list(EVIDENCE_LABELS.items())
    return [
        command_box(
            SetActionPolicy, name, () if name in CLOCKS else kinds, typed(getattr(now, name))
        )
        for name in FIELDS
    ]


def _rows(now: ActionPolicySet) -> list[tuple[str, str]]:
    shown = {name: str if name in CLOCKS else evidence_in_words for name in FIELDS}
    return [(each.label, shown[name](getattr(now, name))) for name, each in FIELDS.items()]


SET: FormStep[ActionPolicySet] = FormStep(
    "Change the time limits and evidence for actions",
    "Set them",
    "The time limits and the evidence are set.",
    _boxes,
    _set,
    ("Actions that are raised already keep their dates, and the evidence they ask for.",),
    "set-policy",
)

router = policy_router(
    PolicyPage(
        address="/action-policy",
        title=TITLE,
        first="The time limits and the evidence that Caseloop starts with.",
        note="An action that is raised already keeps its dates and the evidence it asks for.",
        button="Change them",
        stream=ACTION_POLICY_STREAM,
        step=SET,
        in_force=as_known(queries.policy, DEFAULT_ACTION_POLICY),
        rows=_rows,
    )
)
