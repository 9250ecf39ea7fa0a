"""The forms that move a supervision check along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from api.supervision.check_forms import judged, judging_boxes, moderated, moderating_boxes
from api.supervision.reading import OpenedCheck
from api.supervision.steps import NOTHING
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent, carry_out, command_box, command_step
from qa.actions.states import ActionKind, EvidenceKind
from qa.actions.words import EVIDENCE_LABELS
from qa.audits.words import ACTION_KINDS
from qa.authorisation.policy import can
from qa.core.words import Actor
from qa.store.unit import Receipt
from qa.supervision import handlers
from qa.supervision.check_events import CheckContent
from qa.supervision.commands import (
    AssignSupervisionModerator,
    CorrectSupervisionCheck,
    GiveSupervisionFeedback,
    ModerateSupervisionCheck,
    RaiseSupervisionAction,
    SubmitSupervisionCheck,
)
from qa.supervision.states import BEFORE_JUDGEMENT, COUNTED, CheckState


@dataclass(frozen=True, slots=True)
class CheckView:
    """What the forms of a check are given."""

    opened: OpenedCheck
    everybody: Sequence[tuple[str, str]]
    today: date

    @property
    def id(self) -> str:
        return self.opened.row.check

    @property
    def state(self) -> CheckState:
        return CheckState(self.opened.row.state)

    @property
    def content(self) -> CheckContent | None:
        judgement = self.opened.row.judgement
        return None if judgement is None else CheckContent.model_validate(judgement)


def _judge(view: CheckView, form: FormValues, sent: Sent) -> Receipt:
    command = SubmitSupervisionCheck(check=view.id, content=judged(view.opened.tool, form))
    return carry_out(handlers.submit, command, sent)


def _correct(view: CheckView, form: FormValues, sent: Sent) -> Receipt:
    content, reason = judged(view.opened.tool, form), form.text("reason")
    command = CorrectSupervisionCheck(check=view.id, content=content, reason=reason)
    return carry_out(handlers.correct, command, sent)


def _assign(view: CheckView, form: FormValues, sent: Sent) -> Receipt:
    command = AssignSupervisionModerator(
        check=view.id,
        moderator=form.text("moderator"),
        due_on=form.day_owed("due_on", "Enter the day by which it is moderated."),
    )
    return carry_out(handlers.assign_moderator, command, sent)


def _moderate(view: CheckView, form: FormValues, sent: Sent) -> Receipt:
    judgements, overall, comment = moderated(view.opened.tool, form)
    command = ModerateSupervisionCheck(
        check=view.id, judgements=tuple(judgements), overall=overall, comment=comment
    )
    return carry_out(handlers.moderate, command, sent)


def _feedback(view: CheckView, form: FormValues, sent: Sent) -> Receipt:
    given_on = form.day_owed("given_on", "Enter the day of the feedback.")
    command = GiveSupervisionFeedback(check=view.id, given_on=given_on, note=form.text("note"))
    return carry_out(handlers.give_feedback, command, sent)


def _action(view: CheckView, form: FormValues, sent: Sent) -> Receipt:
    kind = form.one_of("kind", tuple(ACTION_KINDS), "Choose a kind.")
    command = RaiseSupervisionAction(
        check=view.id,
        text=form.text("text"),
        due_on=form.day_owed("due_on", "Enter the day it is due."),
        kind=cast(ActionKind, kind),
        owner=form.text("owner"),
        evidence_asked=cast(EvidenceKind | None, form.maybe("evidence_asked")),
    )
    return carry_out(handlers.raise_action, command, sent)


def _action_boxes(view: CheckView) -> list[Box]:
    offered = {
        "text": (),
        "kind": tuple(ACTION_KINDS.items()),
        "owner": (*NOTHING, *view.everybody),
        "due_on": (),
        "evidence_asked": (("", "Any kind"), *EVIDENCE_LABELS.items()),
    }
    return [command_box(RaiseSupervisionAction, name, items) for name, items in offered.items()]


def _check(view: CheckView) -> dict[str, str]:
    return {"check": view.id}


STEPS: Mapping[str, FormStep[CheckView]] = {
    "start": command_step(
        handlers.start, title="Begin this check", button="Begin", done="The check is begun.",
        intro=("You can read the sessions of this pair from now on.",),
        verb="make-check", target=_check,
    ),
    "judge": FormStep(
        "Record the check", "Submit the check", "The check is submitted.",
        lambda view: judging_boxes(view.opened.tool, None, view.today), _judge, (), "make-check",
    ),
    "correct": FormStep(
        "Correct the check", "Correct it", "The check is corrected.",
        lambda view: [
            *judging_boxes(view.opened.tool, view.content, view.today),
            command_box(CorrectSupervisionCheck, "reason"),
        ],
        _correct, ("What stood before stays in the history; a moderator looks again.",),
        "make-check",
    ),
    "moderator": FormStep(
        "Ask for a moderation", "Ask for the moderation", "You have asked for a moderation.",
        lambda view: [
            command_box(AssignSupervisionModerator, "moderator", [*NOTHING, *view.everybody]),
            command_box(AssignSupervisionModerator, "due_on"),
        ],
        _assign, (), "run-checks",
    ),
    "moderate": FormStep(
        "Give your own grades", "Record the moderation", "The moderation is recorded.",
        lambda view: moderating_boxes(view.opened.tool), _moderate,
        ("Whether you agree is worked out from the grades.",), "moderate-check",
    ),
    "action": FormStep(
        "Raise an action from this check", "Raise the action", "The action is raised.",
        _action_boxes, _action, (), "give-feedback",
    ),
    "feedback": FormStep(
        "Record the feedback to the pair", "Record it", "The feedback is recorded.",
        lambda view: [command_box(GiveSupervisionFeedback, name) for name in ("given_on", "note")],
        _feedback, (), "give-feedback",
    ),
    "close": command_step(
        handlers.close, title="Close this check", button="Close it", done="The check is closed.",
        intro=("Its actions go on by themselves.",), verb="give-feedback", target=_check,
    ),
    "cancel": command_step(
        handlers.cancel, title="Cancel this check", button="Cancel it",
        done="The check is cancelled.", verb="run-checks", target=_check,
    ),
}  # fmt: skip
_JUDGED = frozenset({CheckState.SUBMITTED, CheckState.MODERATED})
_WHEN: Mapping[str, frozenset[CheckState]] = {
    "start": frozenset({CheckState.SCHEDULED}),
    "judge": BEFORE_JUDGEMENT,
    "cancel": BEFORE_JUDGEMENT,
    "correct": _JUDGED,
    "feedback": _JUDGED,
    "moderator": frozenset({CheckState.SUBMITTED}),
    "moderate": frozenset({CheckState.SUBMITTED}),
    "action": COUNTED,
    "close": frozenset({CheckState.FEEDBACK_GIVEN}),
}


def fits(view: CheckView, name: str) -> bool:
    """Whether a form fits where the check stands."""
    waits = bool(view.opened.row.waiting)
    if (name == "moderate" and not waits) or (name == "feedback" and waits):
        return False
    return view.state in _WHEN[name]


def offered(view: CheckView, actor: Actor) -> list[tuple[str, str]]:
    """The forms that fit where the check stands and that this reader may send."""
    row, found = view.opened.row, []
    if actor.person in (row.supervisor, row.practitioner):
        return []
    for name, step in STEPS.items():
        if fits(view, name) and can(actor, step.verb, view.opened.resource).allowed:
            found.append((name, step.title))
    return found
