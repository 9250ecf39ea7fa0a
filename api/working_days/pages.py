"""The working days of the council: what is in force, and the form that sets the next version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.web.boxes import Box, FormValues
from api.web.moments import day_typed
from api.web.policies import PolicyPage, as_known, policy_router
from api.web.steps import FormStep, Sent, carry_out, command_box
from projections.working_days import queries
from qa.core.dates_in_words import day
from qa.core.errors import Refused
from qa.core.event_words import label
from qa.core.fields import typed
from qa.store.unit import Receipt
from qa.working_days import handlers
from qa.working_days.commands import SetWorkingDays
from qa.working_days.events import WORKING_DAYS_STREAM, WorkingDaysSet


def _boxes(now: WorkingDaysSet) -> Sequence[Box]:
    return [command_box(SetWorkingDays, "closed", value=typed(now.closed))]


def _days(form: FormValues) -> list[date]:
    found = []
    for line in form.lines("closed"):
        try:
            one = day_typed(line, field="closed")
        except Refused:
            form.refuse("closed", "date-impossible", f"{line} is no date like 24/12/2026.")
            continue
        if one is not None:
            found.append(one)
    return found


def _set(_: WorkingDaysSet, form: FormValues, sent: Sent) -> Receipt:
    closed = tuple(_days(form))
    form.done()
    return carry_out(handlers.set_working_days, SetWorkingDays(closed=closed), sent)


SET: FormStep[WorkingDaysSet] = FormStep(
    "Change the working days",
    "Set the working days",
    "The working days are set.",
    _boxes,
    _set,
    ("Dates that were given already stay. What is given from now on is counted by these days.",),
    "set-policy",
)


def _rows(now: WorkingDaysSet) -> list[tuple[str, str]]:
    return [(label("closed"), ", ".join(map(day, now.closed)) or "None")]


router = policy_router(
    PolicyPage(
        address="/working-days",
        title="Working days",
        first="Monday to Friday without the bank holidays of England.",
        note="Due dates and reminders are counted in these days. Days that are over never change.",
        button="Change the working days",
        stream=WORKING_DAYS_STREAM,
        step=SET,
        in_force=as_known(queries.in_force),
        rows=_rows,
    )
)
