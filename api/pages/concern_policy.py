"""The clock of safeguarding concerns: what is in force, and the form that sets the next version."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from api import reading as readings
from api import safeguarding as concerns
from api.concern_words import LABELS
from api.pages.kit.boxes import Asked, Box
from api.pages.kit.context import Reader, Reading
from api.pages.kit.csrf import Posted
from api.pages.kit.steps import At, Sent, Step, send, show
from projections import case_history
from qa.clock import from_microseconds
from qa.commands import safeguarding as commands
from qa.facts.safeguarding import SafeguardingPolicySet
from qa.policy import can, require
from qa.safeguarding_policy import SAFEGUARDING_POLICY_STREAM
from qa.store import Receipt

router = APIRouter(prefix="/safeguarding-policy")

PARTS = ("acknowledge_within_minutes", "escalate_every_minutes", "escalations_at_most")


def _boxes(now: SafeguardingPolicySet) -> Sequence[Box]:
    return [Box(name, LABELS[name], "whole", value=str(getattr(now, name))) for name in PARTS]


def _set(_: SafeguardingPolicySet, asked: Asked, sent: Sent) -> Receipt:
    numbers = {name: asked.whole(name) for name in PARTS}
    for name in PARTS:
        if numbers[name] is None and not asked.text(name):
            asked.refuse(name, "number-missing", "Enter a whole number.")
    asked.done()
    policy = SafeguardingPolicySet.model_validate({"policy_version": 0, **numbers})
    return commands.set_policy(policy=policy, **sent)


SET: Step[SafeguardingPolicySet] = Step(
    "Change the clock of concerns",
    "Set the clock",
    "The clock is set.",
    _boxes,
    _set,
    ("The clock runs day and night, also at weekends.",),
    "set-policy",
)


@router.get("")
def show_policy(reading: Reader) -> Response:
    require(reading.actor, "read-tool")
    now, _ = concerns.policy(reading.connection, reading.at.position)
    entries = case_history.entries(
        reading.connection,
        streams=[SAFEGUARDING_POLICY_STREAM],
        position=reading.at.position,
        limit=500,
    )
    return reading.page(
        "safeguarding/policy.html",
        title="Clock of concerns",
        version=now.policy_version,
        rows=[(LABELS[name], str(getattr(now, name))) for name in PARTS],
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


def _form(reading: Reading) -> tuple[Step[SafeguardingPolicySet], SafeguardingPolicySet, At]:
    now, version = concerns.policy(reading.connection)
    return SET, now, At("/safeguarding-policy/edit", "/safeguarding-policy", version)


@router.get("/edit")
def edit(reading: Reader) -> Response:
    return show(reading, *_form(reading))


@router.post("/edit")
def save(reading: Reader, form: Posted) -> Response:
    step, now, at = _form(reading)
    return send(reading, step, now, at, form)
