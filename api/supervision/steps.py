"""The forms of one pair: what its supervisor records, and what changes its supervision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from api.supervision.reading import OpenedPair
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent, carry_out, command_box
from qa.authorisation.policy import can
from qa.core.dates_in_words import day
from qa.core.words import Actor
from qa.store.unit import Receipt
from qa.supervision import commands, handlers
from qa.supervision.states import NotHeldWhy
from qa.supervision.words import NOT_HELD_LABELS, STANDARD_LABELS

Named = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PairView:
    """What the forms of a pair are given: the pair, its practitioner's open actions, who could
    check it, the tools, and the weak audits that prompted a check."""

    opened: OpenedPair
    actions: Named
    everybody: Named
    tools: Named
    prompting: Sequence[str] = ()

    @property
    def id(self) -> str:
        return self.opened.row.pair


@dataclass(frozen=True, slots=True)
class BeginView:
    """What the form that begins a supervision is given."""

    everybody: Named
    teams: Named


NOTHING = [("", "Choose somebody")]
CONFIDENTIAL = "Only the two of you, your managers and quality assurance can read this."
STANDARDS = tuple(STANDARD_LABELS.items())


def _begin_boxes(view: BeginView) -> list[Box]:
    offered = {
        "supervisor": [*NOTHING, *view.everybody],
        "practitioner": [*NOTHING, *view.everybody],
        "team": view.teams,
        "standard": STANDARDS,
        "since": (),
    }
    return [command_box(commands.BeginSupervision, name, items) for name, items in offered.items()]


def _begin(_: BeginView, form: FormValues, sent: Sent) -> Receipt:
    command = commands.BeginSupervision(
        supervisor=form.text("supervisor"),
        practitioner=form.text("practitioner"),
        team=form.text("team"),
        **_standard_since(form, "Enter the first day."),
    )
    return carry_out(handlers.begin, command, sent)


def _standard_since(form: FormValues, sentence: str) -> dict[str, Any]:
    standard = form.one_of("standard", tuple(STANDARD_LABELS), "Choose a standard.")
    return {"standard": standard, "since": form.day_owed("since", sentence)}


BEGIN: FormStep[BeginView] = FormStep(
    "Say who supervises whom",
    "Record it",
    "The supervision is on record.",
    _begin_boxes,
    _begin,
    (),
    "run-supervision",
)


def _session_boxes(view: PairView) -> list[Box]:
    names = ("held_on", "actions", "cases", "note")
    return [
        command_box(commands.RecordSession, name, view.actions if name == "actions" else ())
        for name in names
        if view.actions or name != "actions"
    ]


def _record_held(view: PairView, form: FormValues, sent: Sent) -> Receipt:
    command = commands.RecordSession(
        pair=view.id,
        held_on=form.day_owed("held_on", "Enter the day of the session."),
        actions=form.several("actions"),
        cases=form.lines("cases"),
        note=form.text("note"),
    )
    return carry_out(handlers.record_held, command, sent)


def _record_not_held(view: PairView, form: FormValues, sent: Sent) -> Receipt:
    why = form.one_of("why", tuple(NOT_HELD_LABELS), "Say why it did not take place.")
    command = commands.RecordSessionNotHeld(
        pair=view.id,
        planned_on=form.day_owed("planned_on", "Enter the day that was planned."),
        why=cast(NotHeldWhy, why),
        note=form.text("note"),
    )
    return carry_out(handlers.record_not_held, command, sent)


def _sessions(view: PairView) -> list[tuple[str, str]]:
    return [
        (row.session, f"{day(date.fromisoformat(row.on))}: {'held' if row.held else 'not held'}")
        for row in (one.row for one in view.opened.sessions)
    ]


def _withdraw(view: PairView, form: FormValues, sent: Sent) -> Receipt:
    session, reason = form.text("session"), form.text("reason")
    command = commands.WithdrawSession(pair=view.id, session=session, reason=reason)
    return carry_out(handlers.withdraw_session, command, sent)


def _standard(view: PairView, form: FormValues, sent: Sent) -> Receipt:
    given = _standard_since(form, "Enter the first day of the new standard.")
    return carry_out(
        handlers.switch_standard, commands.SwitchSupervisionStandard(pair=view.id, **given), sent
    )


def _end(view: PairView, form: FormValues, sent: Sent) -> Receipt:
    on = form.day_owed("on", "Enter the last day.")
    command = commands.EndSupervision(pair=view.id, on=on, reason=form.text("reason"))
    return carry_out(handlers.end, command, sent)


def _check(view: PairView, form: FormValues, sent: Sent) -> Receipt:
    command = commands.ScheduleSupervisionCheck(
        pair=view.id,
        checker=form.text("checker"),
        tool=form.text("tool"),
        due_on=form.day_owed("due_on", "Enter the day by which it is made."),
        audits=tuple(view.prompting),
    )
    return carry_out(handlers.schedule, command, sent)


STEPS: Mapping[str, FormStep[PairView]] = {
    "held": FormStep(
        "Record a session that took place", "Record it", "The session is recorded.",
        _session_boxes, _record_held, (CONFIDENTIAL,), "record-supervision",
    ),
    "not-held": FormStep(
        "Record a session that did not take place", "Record it", "It is recorded.",
        lambda view: [
            command_box(commands.RecordSessionNotHeld, "planned_on"),
            command_box(commands.RecordSessionNotHeld, "why", tuple(NOT_HELD_LABELS.items())),
            command_box(commands.RecordSessionNotHeld, "note"),
        ],
        _record_not_held,
        ("While a practitioner is sick or on leave no session is due.", CONFIDENTIAL),
        "record-supervision",
    ),
    "withdraw": FormStep(
        "Withdraw a session that was recorded wrongly", "Withdraw it", "It is withdrawn.",
        lambda view: [
            Box("session", "Session", "choice", items=_sessions(view)),
            command_box(commands.WithdrawSession, "reason"),
        ],
        _withdraw, ("What was recorded stays in the history.",), "record-supervision",
    ),
    "standard": FormStep(
        "Switch the standard", "Switch it", "The standard is switched.",
        lambda view: [
            command_box(commands.SwitchSupervisionStandard, "standard", STANDARDS),
            command_box(commands.SwitchSupervisionStandard, "since"),
        ],
        _standard, ("Sessions counted from before this day keep the standard they had.",),
        "run-supervision",
    ),
    "check": FormStep(
        "Ask for a check of this supervision", "Ask for the check", "You have asked for a check.",
        lambda view: [
            command_box(commands.ScheduleSupervisionCheck, "tool", view.tools),
            command_box(commands.ScheduleSupervisionCheck, "checker", [*NOTHING, *view.everybody]),
            command_box(commands.ScheduleSupervisionCheck, "due_on"),
        ],
        _check, (), "run-checks",
    ),
    "end": FormStep(
        "The supervision has ended", "End it", "The supervision is ended.",
        lambda view: [command_box(commands.EndSupervision, name) for name in ("on", "reason")],
        _end, (), "run-supervision",
    ),
}  # fmt: skip

_GOES_ON = frozenset({"standard", "check", "end"})


def offered(view: PairView, actor: Actor) -> list[tuple[str, str]]:
    """The forms that fit this pair and that the reader may send."""
    row, found = view.opened.row, []
    for name, step in STEPS.items():
        if name in _GOES_ON and row.ended_on is not None:
            continue
        if name == "withdraw" and not view.opened.sessions:
            continue
        if can(actor, step.verb, view.opened.resource).allowed:
            found.append((name, step.title))
    return found
