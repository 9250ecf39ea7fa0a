"""How often supervision is owed: what is in force, and the form that sets the next version."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from api import reading as readings
from api import supervision as opened
from api.pages.kit.boxes import Asked, Box
from api.pages.kit.context import Reader, Reading
from api.pages.kit.csrf import Posted
from api.pages.kit.steps import At, Sent, Step, send, show
from api.supervision_words import LABELS
from projections import case_history
from qa.clock import from_microseconds
from qa.commands import supervision as commands
from qa.facts.supervision import SupervisionPolicySet
from qa.policy import can, require
from qa.store import Receipt
from qa.supervision_policy import SUPERVISION_POLICY_STREAM

router = APIRouter(prefix="/supervision-policy")

NUMBERS = (
    "regular_days",
    "newly_qualified_days",
    "case_supervision_months",
    "prompt_within_days",
)


def _boxes(now: SupervisionPolicySet) -> Sequence[Box]:
    return [Box(name, LABELS[name], "whole", value=str(getattr(now, name))) for name in NUMBERS]


def _set(_: SupervisionPolicySet, asked: Asked, sent: Sent) -> Receipt:
    numbers = {}
    for name in NUMBERS:
        numbers[name] = asked.whole(name)
        if numbers[name] is None and not asked.text(name):
            asked.refuse(name, "number-missing", "Enter a whole number.")
    asked.done()
    policy = SupervisionPolicySet.model_validate({"policy_version": 0, **numbers})
    return commands.set_policy(policy=policy, **sent)


SET: Step[SupervisionPolicySet] = Step(
    "Change how often supervision is owed",
    "Set the policy",
    "The policy is set.",
    _boxes,
    _set,
    ("Sessions counted from a day before today keep the days they were given.",),
    "set-policy",
)


@router.get("")
def show_policy(reading: Reader) -> Response:
    require(reading.actor, "read-tool")
    now = opened.policies(reading.connection, reading.at).on(reading.at.on)
    entries = case_history.entries(
        reading.connection,
        streams=[SUPERVISION_POLICY_STREAM],
        position=reading.at.position,
        limit=500,
    )
    return reading.page(
        "supervision/policy.html",
        title="How often supervision is owed",
        version=now.policy_version,
        rows=[(LABELS[name], str(getattr(now, name))) for name in NUMBERS],
        may_set=can(reading.actor, "set-policy").allowed and not reading.at.is_past,
        said=SET.done if reading.request.query_params.get("done") == "edit" else "",
        history=[
            {
                "title": entry["said"],
                "by": entry["by_name"],
                "at": from_microseconds(entry["recorded_us"]),
                "body": "",
                "id": None,
            }
            for entry in readings.with_names(reading.connection, entries)[::-1]
        ],
    )


def _form(reading: Reading) -> tuple[Step[SupervisionPolicySet], SupervisionPolicySet, At]:
    held = opened.policies(reading.connection, reading.at)
    at = At("/supervision-policy/edit", "/supervision-policy", held.version)
    return SET, held.on(reading.at.on), at


@router.get("/edit")
def edit(reading: Reader) -> Response:
    return show(reading, *_form(reading))


@router.post("/edit")
def save(reading: Reader, form: Posted) -> Response:
    step, now, at = _form(reading)
    return send(reading, step, now, at, form)
