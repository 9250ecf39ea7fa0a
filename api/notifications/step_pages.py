"""The steps of reminders and escalation: what is in force, and the form that sets the next."""

from __future__ import annotations

from collections.abc import Sequence

from api.web.boxes import Box, FormValues
from api.web.policies import PolicyPage, as_known, numbers_in, policy_router
from api.web.steps import FormStep, Sent, carry_out, command_box
from projections.notifications import queries
from qa.core.fields import field_words
from qa.notifications import handlers
from qa.notifications.commands import SetReminderPolicy
from qa.notifications.events import ReminderPolicySet
from qa.notifications.steps import DEFAULT_REMINDER_POLICY, REMINDER_POLICY_STREAM
from qa.store.unit import Receipt

_NUMBERS = ("soon_days", "manager_days", "head_days", "most")
_YES = {"yes": "Yes", "no": "No"}


def _days(policy: ReminderPolicySet) -> str:
    return ", ".join(map(str, policy.late_days))


def _boxes(now: ReminderPolicySet) -> Sequence[Box]:
    values = {name: str(getattr(now, name)) for name in _NUMBERS}
    values |= {"on_the_day": "yes" if now.on_the_day else "no", "late_days": _days(now)}
    return [
        command_box(
            SetReminderPolicy, name, [*_YES.items()] if name == "on_the_day" else (), values[name]
        )
        for name in field_words(SetReminderPolicy)
    ]


def _late_days(form: FormValues) -> tuple[int, ...]:
    typed = form.text("late_days").replace(",", " ").split()
    if not all(one.isdecimal() and len(one) < 4 for one in typed):
        sentence = "Enter whole numbers with commas between them, like 1, 5, 10."
        form.refuse("late_days", "number-invalid", sentence)
        return ()
    return tuple(map(int, typed))


def _set(_: ReminderPolicySet, form: FormValues, sent: Sent) -> Receipt:
    numbers = numbers_in(form, _NUMBERS, "Enter a whole number.")
    on_the_day = form.one_of("on_the_day", list(_YES), "Choose yes or no.") == "yes"
    late = _late_days(form)
    form.done()
    command = SetReminderPolicy.model_validate(
        {**numbers, "on_the_day": on_the_day, "late_days": late}
    )
    return carry_out(handlers.set_policy, command, sent)


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
    words = field_words(SetReminderPolicy)
    return [(each.label, str(shown[name])) for name, each in words.items()]


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
        in_force=as_known(queries.in_force, DEFAULT_REMINDER_POLICY),
        rows=_rows,
    )
)
