"""Supervision checks: the list, one check with its judgement and its moderation, and the forms that
move it along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, cast

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.actions import reading as action_reading
from api.actions.pages import everybody
from api.lists.declaration import RecordList
from api.lists.files import list_files
from api.lists.page import list_page
from api.supervision import reading as supervision_reading
from api.supervision.check_forms import judged, judging_boxes, moderated, moderating_boxes, shown
from api.supervision.listing import check_list
from api.supervision.pages import may_list
from api.supervision.reading import OpenedCheck
from api.supervision.steps import NOTHING
from api.web.boxes import Box, FormValues
from api.web.context import Reader
from api.web.steps import (
    At,
    FormStep,
    Sent,
    carry_out,
    command_box,
    command_step,
    form_routes,
)
from projections.actions.queries import ActionFilter
from projections.supervision.tables import SupervisionCheckRow
from qa.actions.states import ActionKind, ActionState, EvidenceKind
from qa.actions.words import EVIDENCE_LABELS
from qa.audits.words import ACTION_KINDS
from qa.authorisation.policy import can, require
from qa.core.errors import NotFound
from qa.core.words import Actor
from qa.store.unit import Receipt
from qa.supervision import handlers
from qa.supervision.check_events import CheckContent, source_of
from qa.supervision.commands import (
    AssignSupervisionModerator,
    CorrectSupervisionCheck,
    GiveSupervisionFeedback,
    ModerateSupervisionCheck,
    RaiseSupervisionAction,
    SubmitSupervisionCheck,
)
from qa.supervision.states import BEFORE_JUDGEMENT, COUNTED, CheckState

router = APIRouter(prefix="/supervision-checks")

CheckId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


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
        held = self.opened.row.judgement
        return None if held is None else CheckContent.model_validate(held)


def _judge(view: CheckView, asked: FormValues, sent: Sent) -> Receipt:
    command = SubmitSupervisionCheck(check=view.id, content=judged(view.opened.tool, asked))
    return carry_out(handlers.submit, command, sent)


def _correct(view: CheckView, asked: FormValues, sent: Sent) -> Receipt:
    content, reason = judged(view.opened.tool, asked), asked.text("reason")
    command = CorrectSupervisionCheck(check=view.id, content=content, reason=reason)
    return carry_out(handlers.correct, command, sent)


def _assign(view: CheckView, asked: FormValues, sent: Sent) -> Receipt:
    command = AssignSupervisionModerator(
        check=view.id,
        moderator=asked.text("moderator"),
        due_on=asked.day_owed("due_on", "Enter the day by which it is moderated."),
    )
    return carry_out(handlers.assign_moderator, command, sent)


def _moderate(view: CheckView, asked: FormValues, sent: Sent) -> Receipt:
    judgements, overall, comment = moderated(view.opened.tool, asked)
    command = ModerateSupervisionCheck(
        check=view.id, judgements=tuple(judgements), overall=overall, comment=comment
    )
    return carry_out(handlers.moderate, command, sent)


def _feedback(view: CheckView, asked: FormValues, sent: Sent) -> Receipt:
    given_on = asked.day_owed("given_on", "Enter the day of the feedback.")
    command = GiveSupervisionFeedback(check=view.id, given_on=given_on, note=asked.text("note"))
    return carry_out(handlers.give_feedback, command, sent)


def _action(view: CheckView, asked: FormValues, sent: Sent) -> Receipt:
    kind = asked.one_of("kind", tuple(ACTION_KINDS), "Choose a kind.")
    command = RaiseSupervisionAction(
        check=view.id,
        text=asked.text("text"),
        due_on=asked.day_owed("due_on", "Enter the day it is due."),
        kind=cast(ActionKind, kind),
        owner=asked.text("owner"),
        evidence_asked=cast(EvidenceKind | None, asked.maybe("evidence_asked")),
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
        intro=("You have access to the sessions of this pair.",), verb="make-check", target=_check,
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
        "Ask for a moderation", "Ask for it", "The moderation is asked for.",
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


def offered(view: CheckView, actor: Actor) -> list[tuple[str, str]]:
    """The forms that fit where the check stands and that this reader may send."""
    row, found = view.opened.row, []
    if actor.person in (row.supervisor, row.practitioner):
        return []
    for name, step in STEPS.items():
        waits = bool(row.waiting)
        if (name == "moderate" and not waits) or (name == "feedback" and waits):
            continue
        may = can(actor, step.verb, view.opened.resource).allowed
        if view.state in _WHEN[name] and may:
            found.append((name, step.title))
    return found


def _listed(reading: Reader) -> RecordList[SupervisionCheckRow]:
    may_list(reading)
    return check_list(reading.connection, reading.actor, reading.at)


@router.get("")
def list_checks(reading: Reader) -> Response:
    """The checks that the reader may know of, newest first."""
    links = [("Supervision, where a check is asked for", reading.link("/supervision"))]
    return list_page(reading, _listed(reading), links=links)


list_files(router, "", _listed)


@router.get("/{check}")
def show_check(check: CheckId, reading: Reader) -> Response:
    """One check: its judgement, the moderator's grades beside it, and the actions it raised."""
    found = supervision_reading.open_check(reading.connection, reading.actor, check, reading.at)
    supervision_reading.note(reading.services, reading.actor, found, reading.at)
    row, tool, at = found.row, found.tool, reading.at
    raised = action_reading.listed(
        reading.connection, reading.actor,
        ActionFilter(raised_by="supervision-check", source=source_of(check)), at,
    )  # fmt: skip
    done = reading.request.query_params.get("done", "")
    overall = tool.overall_scale.label
    return reading.page(
        "supervision/check.html",
        title=f"Check of the supervision of {found.name(row.practitioner)}",
        record_name=f"supervision-check:{check}",
        row=row,
        tool=f"{tool.title}, version {row.tool_version}",
        names={who: found.name(getattr(row, who)) for who in
               ("supervisor", "practitioner", "checker", "moderator", "feedback_by")},
        state=CheckState(row.state).label,
        audits=found.audits,
        areas=shown(tool, row),
        overall=overall(row.overall) if row.overall else "",
        moderated=overall(row.moderated_overall) if row.moderated_overall else "",
        agrees=row.moderated_overall == row.overall,
        actions=[
            (one.action, one.text or "Opens on its own page", ActionState(one.state).label)
            for one in raised
        ],
        steps=[] if at.is_past else offered(CheckView(found, (), at.on), reading.actor),
        said=STEPS[done].done if done in STEPS
        else "The check is asked for." if done == "check" else "",
    )  # fmt: skip


def _step(reading: Reader, check: CheckId, step: str) -> tuple[FormStep[CheckView], CheckView, At]:
    if step not in STEPS:
        raise NotFound("There is no such page.")
    found = supervision_reading.open_check(reading.connection, reading.actor, check, reading.at)
    require(reading.actor, STEPS[step].verb, found.resource)
    supervision_reading.note(reading.services, reading.actor, found, reading.at)
    row = found.row
    at = At(
        f"/supervision-checks/{check}/{step}",
        f"/supervision-checks/{check}",
        row.stream_version,
        f"Supervision of {found.name(row.practitioner)}",
        found.resource,
    )
    return STEPS[step], CheckView(found, everybody(reading), reading.at.on), at


form_routes(router, "/{check}/{step}", _step)
