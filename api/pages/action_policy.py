"""The clocks of actions: what is in force, and the form that sets the next version."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from api import reading as readings
from api.action_words import LABELS
from api.pages.kit.boxes import Asked, Box
from api.pages.kit.context import Reader, Reading
from api.pages.kit.csrf import Posted
from api.pages.kit.steps import At, Sent, Step, send, show
from projections import actions, case_history
from qa.action_policy import ACTION_POLICY_STREAM, DEFAULT_ACTION_POLICY
from qa.clock import from_microseconds
from qa.commands import actions as commands
from qa.facts.action import ActionPolicySet
from qa.policy import can, require
from qa.store import Receipt

router = APIRouter(prefix="/action-policy")

CLOCKS = (
    "accept_within_working_days",
    "check_evidence_within_working_days",
    "impact_after_days",
    "impact_within_days",
    "reopen_within_days",
)


def held(reading: Reading, position: int | None = None) -> tuple[ActionPolicySet, int]:
    """The clocks in force and the version of their stream."""
    found = actions.policy(reading.connection, position=position)
    return found or (DEFAULT_ACTION_POLICY, 0)


def _boxes(now: ActionPolicySet) -> Sequence[Box]:
    return [Box(name, LABELS[name], "whole", value=str(getattr(now, name))) for name in CLOCKS]


def _set(_: ActionPolicySet, asked: Asked, sent: Sent) -> Receipt:
    days = {}
    for name in CLOCKS:
        days[name] = asked.whole(name)
        if days[name] is None and not asked.text(name):
            asked.refuse(name, "number-missing", "Enter a whole number of days.")
    asked.done()
    policy = ActionPolicySet.model_validate({"policy_version": 0, **days})
    return commands.set_policy(policy=policy, **sent)


SET: Step[ActionPolicySet] = Step(
    "Change the clocks of actions",
    "Set the clocks",
    "The clocks are set.",
    _boxes,
    _set,
    ("Clocks that already run keep the dates they were given.",),
    "set-policy",
)


@router.get("")
def show_policy(reading: Reader) -> Response:
    require(reading.actor, "read-tool")
    now, _ = held(reading, reading.at.position)
    entries = case_history.entries(
        reading.connection,
        streams=[ACTION_POLICY_STREAM],
        position=reading.at.position,
        limit=500,
    )
    return reading.page(
        "actions/policy.html",
        title="Clocks of actions",
        version=now.policy_version,
        rows=[(LABELS[name], str(getattr(now, name))) for name in CLOCKS],
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


def _form(reading: Reading) -> tuple[Step[ActionPolicySet], ActionPolicySet, At]:
    now, version = held(reading)
    return SET, now, At("/action-policy/edit", "/action-policy", version)


@router.get("/edit")
def edit(reading: Reader) -> Response:
    return show(reading, *_form(reading))


@router.post("/edit")
def save(reading: Reader, form: Posted) -> Response:
    step, now, at = _form(reading)
    return send(reading, step, now, at, form)
