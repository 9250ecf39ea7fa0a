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
    title="Start a self-evaluation",
    done="The self-evaluation is started. Make its first claim.",
    button="Start",
    verb=KEEP,
)
CLAIM = reviewed_step(
    handlers.make_claim,
    title="Make a claim",
    verb=KEEP,
    done="The claim is made. Tie it to evidence.",
    button="Make the claim",
    choices=_AREA,
)


def _figure_boxes(view: ReviewedView) -> Sequence[Box]:
    return (command_box(TieEvaluationFigure, "figure", view.choices),)


def figure_code(figure: str, group: Mapping[str, str]) -> str:
    """A figure of a report as the value of a choice."""
    return json.dumps({"figure": figure, "row": dict(group)}, ensure_ascii=False, sort_keys=True)


def _tie_figure(view: ReviewedView, asked: FormValues, sent: Sent) -> Receipt:
    typed = asked.text("figure")
    if typed not in {code for code, _ in view.choices}:
        asked.refuse("figure", "figure-missing", "Choose a figure of the report.")
        asked.done()
    meant = json.loads(typed)
    row = tuple(RowPart(name=name, value=value) for name, value in meant["row"].items())
    worked = view.worked(meant["figure"], row)
    command = TieEvaluationFigure(**view.target, figure=meant["figure"], row=row, **worked)
    return carry_out(handlers.tie_figure, command, sent)


FIGURE: FormStep[ReviewedView] = FormStep(
    title="Tie the claim to a figure",
    button="Tie it",
    done="The claim is tied to the figure.",
    boxes=_figure_boxes,
    do=_tie_figure,
    verb=KEEP,
)


OF_CLAIM: Mapping[str, FormStep[ReviewedView]] = {
    "change": reviewed_step(
        handlers.change_claim,
        button="Save",
        title="Change the claim",
        verb=KEEP,
        done="The claim is changed.",
        choices=_AREA,
    ),
    "record": worked_step(
        handlers.tie_record,
        "named",
        title="Tie the claim to an audit or an action",
        button="Tie it",
        done="The claim is tied to the record.",
        verb=KEEP,
        intro=("What it shows now is kept beside the claim. When that changes, the claim is "
               "marked, so that somebody looks at it again.",),
    ),
    "confirm": worked_step(
        handlers.confirm,
        "note",
        title="Is the claim still true?",
        button="It is still true",
        done="The claim is no longer marked.",
        verb=KEEP,
        intro=("Look at what changed first. If the claim is no longer true, change it, or take "
               "it back.",),
    ),
    "withdraw": reviewed_step(
        handlers.withdraw_claim,
        title="Take the claim back",
        verb=KEEP,
        done="The claim is taken back.",
        button="Take the claim back",
        warns=True,
        intro=("Its evidence goes with it. Copies that were frozen keep both.",),
    ),
}  # fmt: skip
"""The forms of one claim, by the end of their address; `FIGURE` is another."""

UNTIE = reviewed_step(
    handlers.untie,
    title="Take the evidence away",
    verb=KEEP,
    done="The evidence is taken away.",
    button="Take it away",
    warns=True,
)


OF_EVALUATION: Mapping[str, FormStep[ReviewedView]] = {
    "claim": CLAIM,
    "review": worked_step(
        handlers.send,
        "reviewer",
        title="Send for review",
        button="Send for review",
        done="It is sent for review.",
        verb=KEEP,
        intro=("What is reviewed is frozen as it is now. Nothing is changed until the review is "
               "over.",),
    ),
    "freeze": worked_step(
        handlers.freeze,
        title="Agree it",
        button="Agree and freeze a copy",
        done="It is agreed. The copy stands below and never changes.",
        verb=REVIEW,
        intro=("You have read every claim and looked at its evidence. It is frozen as a copy "
               "that never changes, and the self-evaluation goes on.",),
    ),
    "return": reviewed_step(
        handlers.send_back,
        title="Send it back to be changed",
        done="It can be changed again.",
        button="Send back",
        verb="return-self-evaluation",
    ),
}  # fmt: skip
"""The forms of the whole, by the end of their address."""
OFFERED: Mapping[str, tuple[str, ...]] = {
    "draft": ("claim", "review"),
    "review": ("freeze", "return"),
}
"""The forms that fit where it stands."""
