"""The steps of reminders and escalation: what is in force, and the form that sets the next."""

from __future__ import annotations

from collections.abc import Sequence

from api.web.boxes import Box, FormValues
from api.web.context import Reading
from api.web.policies import PolicyPage, number_boxes, numbers_in, policy_router
from api.web.steps import FormStep, Sent
from projections.notifications import queries
from qa.notifications import commands
from qa.notifications.events import ReminderPolicySet
from qa.notifications.steps import DEFAULT_REMINDER_POLICY, REMINDER_POLICY_STREAM
from qa.notifications.words import LABELS
from qa.store.unit import Receipt

_NUMBERS = ("soon_days", "manager_days", "head_days", "most")
_YES = {"yes": "Yes", "no": "No"}


def _held(reading: Reading) -> tuple[ReminderPolicySet, int]:
    found = queries.in_force(reading.connection, position=reading.at.position)
    return found or (DEFAULT_REMINDER_POLICY, 0)


def _days(policy: ReminderPolicySet) -> str:
    return ", ".join(map(str, policy.late_days))


def _boxes(now: ReminderPolicySet) -> Sequence[Box]:
    numbers = {box.name: box for box in number_boxes(_NUMBERS, LABELS)(now)}
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


def _late_days(asked: FormValues) -> tuple[int, ...]:
    typed = asked.text("late_days").replace(",", " ").split()
    if not all(one.isdecimal() and len(one) < 4 for one in typed):
        sentence = "Enter whole numbers with commas between them, like 1, 5, 10."
        asked.refuse("late_days", "number-invalid", sentence)
        return ()
    return tuple(map(int, typed))


def _set(_: ReminderPolicySet, asked: FormValues, sent: Sent) -> Receipt:
    numbers = numbers_in(asked, _NUMBERS, "Enter a whole number.")
    on_the_day = asked.one_of("on_the_day", list(_YES), "Choose yes or no.") == "yes"
    late = _late_days(asked)
    asked.done()
    policy = ReminderPolicySet.model_validate(
        {"policy_version": 0, **numbers, "on_the_day": on_the_day, "late_days": late}
    )
    return commands.set_policy(policy=policy, **sent)


SET: FormStep[ReminderPolicySet] = FormStep(
    "Change the steps of reminders",
    "Set the steps",
    "The steps are set.",
    _boxes,
    _set,
    ("What was sent is not sent again. Days are working days of England.",),
    "set-policy",
)


def _rows(now: ReminderPolicySet) -> list[tuple[str, str]]:
    shown = {**now.model_dump(), "late_days": _days(now) or "Never"}
    shown["on_the_day"] = _YES["yes" if now.on_the_day else "no"]
    return [(label, str(shown[name])) for name, label in LABELS.items()]


router = policy_router(
    PolicyPage(
        address="/reminder-policy",
        title="Steps of reminders",
        first="The steps that Caseloop starts with.",
        note="Reminders stop when the work is done. While a deputy stands in, they are reminded "
        "instead.",
        button="Change the steps",
        stream=REMINDER_POLICY_STREAM,
        step=SET,
        held=_held,
        rows=_rows,
    )
)
