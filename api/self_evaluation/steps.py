"""The forms of a self-evaluation: its claims, their evidence, its review and its copies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from api.self_evaluation.reading import KEEP, REVIEW
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Options, Sent, carry_out, command_box, command_step
from projections.self_evaluation.tables import (
    EvaluationClaimRow,
    EvaluationEvidenceRow,
    SelfEvaluationRow,
)
from qa.audit_tools.definition import JudgementArea
from qa.authorisation.handling import CommandHandler
from qa.publishing.events import ReportAsked
from qa.quarterly.events import RowPart
from qa.self_evaluation import handlers
from qa.self_evaluation.commands import (
    ConfirmEvaluationClaim,
    SendEvaluationForReview,
    TieEvaluationFigure,
    TieEvaluationRecord,
)
from qa.store.unit import Receipt

AREAS: Options = tuple((area.value, area.label) for area in JudgementArea)
Worked = Callable[..., Mapping[str, Any]]
"""Works out, when a form is sent, what is not typed in it."""


@dataclass(frozen=True, slots=True)
class EvaluationView:
    """What the forms are given. `people` are those who can review; `asked` is the report whose
    `figures` can be tied; `worked` works out what is not typed, and `initial` stands in the boxes
    at first."""

    row: SelfEvaluationRow | None
    claim: EvaluationClaimRow | None = None
    evidence: EvaluationEvidenceRow | None = None
    people: Options = ()
    asked: ReportAsked | None = None
    figures: Options = ()
    initial: Any = None
    worked: Worked = field(default=dict)

    @property
    def of(self) -> dict[str, str]:
        """What the address names."""
        assert self.row is not None
        named = {"of": self.row.evaluation}
        if self.claim is not None:
            named["claim"] = self.claim.claim
        if self.evidence is not None:
            named["evidence"] = self.evidence.evidence
        return named


def _step(
    handler: CommandHandler[Any], title: str, done: str, **more: Any
) -> FormStep[EvaluationView]:
    more = {"button": "Save", "verb": KEEP, "target": lambda view: view.of, **more}
    step: FormStep[EvaluationView] = command_step(handler, title=title, done=done, **more)
    return step


_AREA: Mapping[str, Callable[[EvaluationView], Options]] = {"area": lambda _: AREAS}

START: FormStep[EvaluationView] = command_step(
    handlers.start,
    title="Start a self-evaluation",
    button="Start",
    done="The self-evaluation is started. Make its first claim.",
    verb=KEEP,
    initial=lambda view: view.initial,
)
CLAIM = _step(
    handlers.make_claim,
    "Make a claim",
    "The claim is made. Tie it to evidence.",
    button="Make the claim",
    choices=_AREA,
    initial=lambda view: view.initial,
)


class _Frame(NamedTuple):
    """What a draft is called and of which days it is."""

    title: str
    start: date
    end: date

    @classmethod
    def of(cls, view: EvaluationView) -> _Frame:
        assert view.row is not None
        return cls(view.row.title, *view.row.days)


def _none(_: EvaluationView) -> Sequence[Box]:
    return ()


def _figure_boxes(view: EvaluationView) -> Sequence[Box]:
    return (command_box(TieEvaluationFigure, "figure", view.figures),)


def figure_code(figure: str, group: Mapping[str, str]) -> str:
    """A figure of a report as the value of a choice."""
    return json.dumps({"figure": figure, "row": dict(group)}, ensure_ascii=False, sort_keys=True)


def _tie_figure(view: EvaluationView, asked: FormValues, sent: Sent) -> Receipt:
    typed = asked.text("figure")
    if typed not in {code for code, _ in view.figures}:
        asked.refuse("figure", "figure-missing", "Choose a figure of the report.")
        asked.done()
    meant = json.loads(typed)
    row = tuple(RowPart(name=name, value=value) for name, value in meant["row"].items())
    worked = view.worked(meant["figure"], row)
    command = TieEvaluationFigure(
        **view.of, asked=view.asked, figure=meant["figure"], row=row, **worked
    )
    return carry_out(handlers.tie_figure, command, sent)


FIGURE: FormStep[EvaluationView] = FormStep(
    title="Tie the claim to a figure",
    button="Tie it",
    done="The claim is tied to the figure.",
    boxes=_figure_boxes,
    do=_tie_figure,
    verb=KEEP,
)


def _record_boxes(_: EvaluationView) -> Sequence[Box]:
    return (command_box(TieEvaluationRecord, "named"),)


def _tie_record(view: EvaluationView, asked: FormValues, sent: Sent) -> Receipt:
    named = asked.text("named")
    command = TieEvaluationRecord(**view.of, named=named, **view.worked(named))
    return carry_out(handlers.tie_record, command, sent)


def _confirm_boxes(_: EvaluationView) -> Sequence[Box]:
    return (command_box(ConfirmEvaluationClaim, "note"),)


def _confirm(view: EvaluationView, asked: FormValues, sent: Sent) -> Receipt:
    command = ConfirmEvaluationClaim(**view.of, note=asked.text("note"), **view.worked())
    return carry_out(handlers.confirm, command, sent)


OF_CLAIM: Mapping[str, FormStep[EvaluationView]] = {
    "change": _step(
        handlers.change_claim,
        "Change the claim",
        "The claim is changed.",
        choices=_AREA,
        initial=lambda view: view.claim,
    ),
    "record": FormStep(
        title="Tie the claim to an audit or an action",
        button="Tie it",
        done="The claim is tied to the record.",
        boxes=_record_boxes,
        do=_tie_record,
        verb=KEEP,
        intro=("What it shows now is kept beside the claim. When that changes, the claim is "
               "marked, so that somebody looks at it again.",),
    ),
    "confirm": FormStep(
        title="Is the claim still true?",
        button="It is still true",
        done="The claim is no longer marked.",
        boxes=_confirm_boxes,
        do=_confirm,
        verb=KEEP,
        intro=("Look at what changed first. If the claim is no longer true, change it, or take "
               "it back.",),
    ),
    "withdraw": _step(
        handlers.withdraw_claim,
        "Take the claim back",
        "The claim is taken back.",
        button="Take the claim back",
        warns=True,
        intro=("Its evidence goes with it. Copies that were frozen keep both.",),
    ),
}  # fmt: skip
"""The forms of one claim, by the end of their address; `FIGURE` is another."""

UNTIE = _step(
    handlers.untie,
    "Take the evidence away",
    "The evidence is taken away.",
    button="Take it away",
    warns=True,
)


def _review_boxes(view: EvaluationView) -> Sequence[Box]:
    return (command_box(SendEvaluationForReview, "reviewer", view.people),)


def _review(view: EvaluationView, asked: FormValues, sent: Sent) -> Receipt:
    command = SendEvaluationForReview(**view.of, reviewer=asked.text("reviewer"), **view.worked())
    return carry_out(handlers.send, command, sent)


def _freeze(view: EvaluationView, asked: FormValues, sent: Sent) -> Receipt:
    return carry_out(handlers.freeze, handlers.freeze.command(**view.of, **view.worked()), sent)


OF_EVALUATION: Mapping[str, FormStep[EvaluationView]] = {
    "claim": CLAIM,
    "period": _step(
        handlers.change,
        "Change title or period",
        "Title and period are changed.",
        initial=lambda view: _Frame.of(view),
    ),
    "review": FormStep(
        title="Send for review",
        button="Send for review",
        done="It is sent for review.",
        boxes=_review_boxes,
        do=_review,
        verb=KEEP,
        intro=("What is reviewed is frozen as it is now. Nothing is changed until the review is "
               "over.",),
    ),
    "freeze": FormStep(
        title="Agree it",
        button="Agree and freeze a copy",
        done="It is agreed. The copy stands below and never changes.",
        boxes=_none,
        do=_freeze,
        verb=REVIEW,
        intro=("You have read every claim and looked at its evidence. It is frozen as a copy "
               "that never changes, and the self-evaluation goes on.",),
    ),
    "return": _step(
        handlers.send_back,
        "Send it back to be changed",
        "It can be changed again.",
        button="Send back",
        verb="return-self-evaluation",
    ),
}  # fmt: skip
"""The forms of the whole, by the end of their address."""
OFFERED: Mapping[str, tuple[str, ...]] = {
    "draft": ("claim", "period", "review"),
    "review": ("freeze", "return"),
}
"""The forms that fit where it stands."""
