"""The form that opens an improvement plan."""

from __future__ import annotations

from collections.abc import Sequence

from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent
from qa.plans.commands import plans
from qa.store.unit import Receipt

Scales = Sequence[tuple[str, str]]


def _boxes(scales: Scales) -> list[Box]:
    return [
        Box("title", "Title of the plan", owed=True),
        Box("board", "Board that it answers to", owed=True),
        Box(
            "tiers",
            "What its parts are called, from the top, one a line",
            "lines",
            "For example: Ambition, then Outcome. Actions hang under any of them.",
            value="Theme\nOutcome",
            owed=True,
        ),
        Box("scale", "Scale that actions are rated on", "choice", items=scales),
        Box("since", "First day of the plan", "day"),
    ]


def _open(_: Scales, asked: FormValues, sent: Sent) -> Receipt:
    since = asked.day("since")
    if since is None and not asked.faults:
        asked.refuse("since", "date-missing", "Enter the first day of the plan.")
    asked.done()
    assert since is not None
    return plans.open_plan(
        title=asked.text("title"),
        board=asked.text("board"),
        tiers=asked.lines("tiers"),
        scale=asked.text("scale"),
        since=since,
        desk=sent["desk"],
        by=sent["by"],
        once=sent["once"],
    )


OPEN: FormStep[Scales] = FormStep(
    "Open an improvement plan",
    "Open the plan",
    "The plan is open.",
    _boxes,
    _open,
    ("A plan in your own terms: name its tiers, add its parts, and put actions under them.",),
)
