"""The steps of reminders and escalation: what is in force, and the form that sets the next."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from api import reading as readings
from api.pages.kit.boxes import Asked, Box
from api.pages.kit.context import Reader, Reading
from api.pages.kit.csrf import Posted
from api.pages.kit.steps import At, Sent, Step, send, show
from api.reminder_words import LABELS
from projections import case_history, reminder_policy
from qa.clock import from_microseconds
from qa.commands import reminders as commands
from qa.facts.reminder import ReminderPolicySet
from qa.policy import can, require
from qa.reminder_policy import DEFAULT_REMINDER_POLICY, REMINDER_POLICY_STREAM
from qa.store import Receipt

router = APIRouter(prefix="/reminder-policy")

_NUMBERS = ("soon_days", "manager_days", "head_days", "most")
_YES = {"yes": "Yes", "no": "No"}


def held(reading: Reading, position: int | None = None) -> tuple[ReminderPolicySet, int]:
    """The policy in force and the version of its stream."""
    found = reminder_policy.in_force(reading.connection, position=position)
    return found or (DEFAULT_REMINDER_POLICY, 0)


def _days(policy: ReminderPolicySet) -> str:
    return ", ".join(map(str, policy.late_days))


def _boxes(now: ReminderPolicySet) -> Sequence[Box]:
    numbers = {name: Box(name, LABELS[name], "whole", value=str(getattr(now, name)))
               for name in _NUMBERS}  # fmt: skip
    on_the_day = Box(
        "on_the_day",
        LABELS["on_the_day"],
        "choice",
        items=list(_YES.items()),
        value="yes" if now.on_the_day else "no",
    )
    late = Box("late_days", LABELS["late_days"], hint="For example: 1, 5, 10", value=_days(now))
    return [
        numbers["soon_days"], on_the_day, late, numbers["manager_days"], numbers["head_days"],
        numbers["most"],
    ]  # fmt: skip


def _late_days(asked: Asked) -> tuple[int, ...]:
    typed = asked.text("late_days").replace(",", " ").split()
    if not all(one.isdecimal() and len(one) < 4 for one in typed):
        sentence = "Enter whole numbers with commas between them, like 1, 5, 10."
        asked.refuse("late_days", "number-invalid", sentence)
        return ()
    return tuple(map(int, typed))


def _set(_: ReminderPolicySet, asked: Asked, sent: Sent) -> Receipt:
    numbers = {}
    for name in _NUMBERS:
        numbers[name] = asked.whole(name)
        if numbers[name] is None and not asked.text(name):
            asked.refuse(name, "number-missing", "Enter a whole number.")
    on_the_day = asked.one_of("on_the_day", list(_YES), "Choose yes or no.") == "yes"
    late = _late_days(asked)
    asked.done()
    policy = ReminderPolicySet.model_validate(
        {"policy_version": 0, **numbers, "on_the_day": on_the_day, "late_days": late}
    )
    return commands.set_policy(policy=policy, **sent)


SET: Step[ReminderPolicySet] = Step(
    "Change the steps of reminders",
    "Set the steps",
    "The steps are set.",
    _boxes,
    _set,
    ("What was sent is not sent again. Days are working days of England.",),
    "set-policy",
)


@router.get("")
def show_policy(reading: Reader) -> Response:
    require(reading.actor, "read-tool")
    now, _ = held(reading, reading.at.position)
    entries = case_history.entries(
        reading.connection,
        streams=[REMINDER_POLICY_STREAM],
        position=reading.at.position,
        limit=500,
    )
    shown = {**now.model_dump(), "late_days": _days(now) or "Never"}
    shown["on_the_day"] = _YES["yes" if now.on_the_day else "no"]
    return reading.page(
        "work/reminder_policy.html",
        title="Steps of reminders",
        version=now.policy_version,
        rows=[(label, str(shown[name])) for name, label in LABELS.items()],
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


def _form(reading: Reading) -> tuple[Step[ReminderPolicySet], ReminderPolicySet, At]:
    now, version = held(reading)
    return SET, now, At("/reminder-policy/edit", "/reminder-policy", version)


@router.get("/edit")
def edit(reading: Reader) -> Response:
    return show(reading, *_form(reading))


@router.post("/edit")
def save(reading: Reader, form: Posted) -> Response:
    return send(reading, *_form(reading), form)
