"""The forms of a self-evaluation: its claims, their evidence, its review and its copies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from api.publishing.reviewing import ReviewedView, reviewed_step, worked_step
from api.self_evaluation.reading import KEEP, REVIEW
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Options, Sent, carry_out, command_box
from qa.audit_tools.definition import JudgementArea
from qa.quarterly.events import RowPart
from qa.self_evaluation import handlers
from qa.self_evaluation.commands import TieEvaluationFigure
from qa.store.unit import Receipt

AREAS: Options = tuple((area.value, area.label) for area in JudgementArea)


_AREA: Mapping[str, Callable[[ReviewedView], Options]] = {"area": lambda _: AREAS}

START = reviewed_step(
    handlers.start,
    "Start a self-evaluation",
    "Start the self-evaluation",
    "The self-evaluation is started. Make its first claim.",
    KEEP,
)
CLAIM = reviewed_step(
    handlers.make_claim,
    "Make a claim",
    "Make the claim",
    "The claim is made. Link it to evidence.",
    KEEP,
    choices=_AREA,
)


def _figure_boxes(view: ReviewedView) -> Sequence[Box]:
    return (command_box(TieEvaluationFigure, "figure", view.choices, view.chosen),)


def figure_code(figure: str, group: Mapping[str, str]) -> str:
    """A figure of a report as the value of a choice."""
    return json.dumps({"figure": figure, "row": dict(group)}, ensure_ascii=False, sort_keys=True)


def _tie_figure(view: ReviewedView, form: FormValues, sent: Sent) -> Receipt:
    typed = form.text("figure")
    if typed not in {code for code, _ in view.choices}:
        form.refuse("figure", "figure-missing", "Choose a figure of the report.")
        form.done()
    meant = json.loads(typed)
    row = tuple(RowPart(name=name, value=value) for name, value in meant["row"].items())
    worked = view.worked(meant["figure"], row)
    command = TieEvaluationFigure(**view.target, figure=meant["figure"], row=row, **worked)
    return carry_out(handlers.tie_figure, command, sent)


FIGURE: FormStep[ReviewedView] = FormStep(
    title="Link the claim to a figure",
    button="Link it",
    done="The claim is linked to the figure.",
    boxes=_figure_boxes,
    do=_tie_figure,
    verb=KEEP,
)


OF_CLAIM: Mapping[str, FormStep[ReviewedView]] = {
    "change": reviewed_step(
        handlers.change_claim,
        "Change the claim",
        "Save",
        "The claim is changed.",
        KEEP,
        choices=_AREA,
    ),
    "record": worked_step(
        handlers.tie_record,
        "Link the claim to an audit or an action",
        "Link it",
        "The claim is linked to the record.",
        KEEP,
        asks=("named",),
        intro=(
            "What it shows now is kept beside the claim. When that changes, the claim is "
            "marked, so that somebody looks at it again.",
        ),
    ),
    "confirm": worked_step(
        handlers.confirm,
        "Is the claim still true?",
        "It is still true",
        "The claim is no longer marked.",
        KEEP,
        asks=("note",),
        intro=(
            "Look at what changed first. If the claim is no longer true, change it, or "
            "withdraw it.",
        ),
    ),
    "withdraw": reviewed_step(
        handlers.withdraw_claim,
        "Withdraw the claim",
        "Withdraw the claim",
        "The claim is withdrawn.",
        KEEP,
        intro=("Its evidence goes with it. Copies that were frozen keep both.",),
        warns=True,
    ),
}
"""The forms of one claim, by the end of their address; `FIGURE` is another."""

UNTIE = reviewed_step(
    handlers.untie,
    "Take the evidence away",
    "Take it away",
    "The evidence is taken away.",
    KEEP,
    warns=True,
)


OF_EVALUATION: Mapping[str, FormStep[ReviewedView]] = {
    "claim": CLAIM,
    "period": reviewed_step(
        handlers.change,
        "Change title or period",
        "Save",
        "Title and period are changed.",
        KEEP,
    ),
    "review": worked_step(
        handlers.send,
        "Send for review",
        "Send for review",
        "It is sent for review.",
        KEEP,
        asks=("reviewer",),
        intro=(
            "What is reviewed is frozen as it is now. Nothing is changed until the review is over.",
        ),
    ),
    "freeze": worked_step(
        handlers.freeze,
        "Agree it",
        "Agree and freeze a copy",
        "It is agreed. The copy stands below and never changes.",
        REVIEW,
        intro=(
            "You have read every claim and looked at its evidence. It is frozen as a copy "
            "that never changes, and the self-evaluation goes on.",
        ),
    ),
    "return": reviewed_step(
        handlers.send_back,
        "Send it back to be changed",
        "Send back",
        "It can be changed again.",
        "return-self-evaluation",
    ),
}
"""The forms of the whole, by the end of their address."""
OFFERED: Mapping[str, tuple[str, ...]] = {
    "draft": ("claim", "period", "review"),
    "review": ("freeze", "return"),
}
"""The forms that fit where it stands."""
