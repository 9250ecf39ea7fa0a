"""The form that opens an improvement plan."""

from __future__ import annotations

from api.actions.steps import due_in
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Options, Sent, carry_out, command_box
from qa.plans.commands import OpenPlan
from qa.plans.handlers import plans
from qa.store.unit import Receipt

Scales = Options


def _boxes(scales: Scales) -> list[Box]:
    return [
        command_box(OpenPlan, "title", owed=True),
        command_box(OpenPlan, "board", owed=True),
        command_box(OpenPlan, "tiers", value="Theme\nOutcome", owed=True),
        command_box(OpenPlan, "scale", scales),
        command_box(OpenPlan, "since"),
    ]


def _open(_: Scales, asked: FormValues, sent: Sent) -> Receipt:
    since = due_in(asked, "since", "Enter the first day of the plan.")
    command = OpenPlan(
        title=asked.text("title"),
        board=asked.text("board"),
        tiers=asked.lines("tiers"),
        scale=asked.text("scale"),
        since=since,
    )
    return carry_out(plans.open_plan, command, sent)


OPEN: FormStep[Scales] = FormStep(
    "Open an improvement plan",
    "Open the plan",
    "The plan is open.",
    _boxes,
    _open,
    ("A plan in your own terms: name its tiers, add its parts, and put actions under them.",),
)
