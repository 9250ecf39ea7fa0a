"""The working days of the council: what is in force, and the form that sets the next version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.web.boxes import Box, FormValues
from api.web.context import Reading
from api.web.moments import day_typed
from api.web.policies import PolicyPage, policy_router
from api.web.steps import FormStep, Sent
from api.web.template_engine import day
from projections.working_days import queries
from qa.core.errors import Refused
from qa.store.unit import Receipt
from qa.working_days import commands
from qa.working_days.events import WORKING_DAYS_STREAM, WorkingDaysSet
from qa.working_days.words import LABELS


def _held(reading: Reading) -> tuple[WorkingDaysSet, int]:
    return queries.in_force(reading.connection, position=reading.at.position)


def _boxes(now: WorkingDaysSet) -> Sequence[Box]:
    closed = "\n".join(one.isoformat() for one in now.closed)
    hint = "One day a line, like 24/12/2026. Days that are over stay as they are."
    return [Box("closed", LABELS["closed"], "lines", hint=hint, value=closed)]


def _days(asked: FormValues) -> list[date]:
    found = []
    for line in asked.lines("closed"):
        try:
            typed = day_typed(line, field="closed")
        except Refused:
            asked.refuse("closed", "date-impossible", f"{line} is no date like 24/12/2026.")
            continue
        if typed is not None:
            found.append(typed)
    return found


def _set(_: WorkingDaysSet, asked: FormValues, sent: Sent) -> Receipt:
    closed = _days(asked)
    asked.done()
    return commands.set_working_days(closed=closed, **sent)


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
    return [(LABELS["closed"], ", ".join(map(day, now.closed)) or "None")]


router = policy_router(
    PolicyPage(
        address="/working-days",
        title="Working days",
        first="Monday to Friday without the bank holidays of England.",
        note="Due dates and reminders are counted in these days. Days that are over never change.",
        button="Change the working days",
        stream=WORKING_DAYS_STREAM,
        step=SET,
        held=_held,
        rows=_rows,
    )
)
