"""The forms of one pair: what its supervisor records, and what changes its supervision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from api.actions.steps import due_in
from api.supervision.reading import OpenedPair
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent
from api.web.template_engine import day
from qa.authorisation.policy import can
from qa.core.words import Actor
from qa.store.unit import Receipt
from qa.supervision.commands import checks, supervision
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
        return str(self.opened.row["pair"])


@dataclass(frozen=True, slots=True)
class BeginView:
    """What the form that begins a supervision is given."""

    everybody: Named
    teams: Named


NOTHING = [("", "Choose somebody")]
REASON = "Nothing of anybody’s health or home: reasons are not sealed as notes are."
CONFIDENTIAL = "Only the two of you, your managers and quality assurance can read this."


def _begin_boxes(view: BeginView) -> list[Box]:
    people = [*NOTHING, *view.everybody]
    return [
        Box("supervisor", "Supervisor", "choice", items=people),
        Box("practitioner", "Practitioner", "choice", items=people),
        Box("team", "Team", "choice", items=view.teams),
        Box("standard", "Standard", "choice", items=list(STANDARD_LABELS.items())),
        Box("since", "Since", "day", "The first session is counted from this day."),
    ]


def _begin(_: BeginView, asked: FormValues, sent: Sent) -> Receipt:
    standard = asked.one_of("standard", tuple(STANDARD_LABELS), "Choose a standard.")
    since = due_in(asked, "since", "Enter the first day.")
    return supervision.begin(
        supervisor=asked.text("supervisor"),
        practitioner=asked.text("practitioner"),
        team=asked.text("team"),
        standard=cast(Any, standard),
        since=since,
        desk=sent["desk"],
        by=sent["by"],
        once=sent["once"],
    )


BEGIN: FormStep[BeginView] = FormStep(
    "Say who supervises whom",
    "Record it",
    "The supervision is on record.",
    _begin_boxes,
    _begin,
    (),
    "run-supervision",
)


def _held_boxes(view: PairView) -> list[Box]:
    found = [Box("held_on", "Day of the session", "day")]
    if view.actions:
        hint = "An action that asked for it can have its effect checked once this is recorded."
        found.append(Box("actions", "Actions talked over", "several", hint, view.actions))
    return [
        *found,
        Box("cases", "Cases supervised (optional)", "lines", "One reference a line, no names."),
        Box("note", "What was noted (optional)", "long", "No names of children."),
    ]


def _held(view: PairView, asked: FormValues, sent: Sent) -> Receipt:
    return supervision.record_held(
        pair=view.id,
        held_on=due_in(asked, "held_on", "Enter the day of the session."),
        actions=asked.several("actions"),
        cases=asked.lines("cases"),
        note=asked.text("note"),
        **sent,
    )


def _not_held(view: PairView, asked: FormValues, sent: Sent) -> Receipt:
    why = asked.one_of("why", tuple(NOT_HELD_LABELS), "Say why it was not held.")
    return supervision.record_not_held(
        pair=view.id,
        planned_on=due_in(asked, "planned_on", "Enter the day that was planned."),
        why=cast(Any, why),
        note=asked.text("note"),
        **sent,
    )


def _sessions(view: PairView) -> list[tuple[str, str]]:
    return [
        (one.row["session"], f"{day(date.fromisoformat(one.row['on']))}: "
         f"{'held' if one.row['held'] else 'not held'}")
        for one in view.opened.sessions
    ]  # fmt: skip


def _withdraw(view: PairView, asked: FormValues, sent: Sent) -> Receipt:
    return supervision.withdraw_session(
        pair=view.id, session=asked.text("session"), reason=asked.text("reason"), **sent
    )


def _standard(view: PairView, asked: FormValues, sent: Sent) -> Receipt:
    standard = asked.one_of("standard", tuple(STANDARD_LABELS), "Choose a standard.")
    since = due_in(asked, "since", "Enter the first day of the new standard.")
    return supervision.switch_standard(
        pair=view.id, standard=cast(Any, standard), since=since, **sent
    )


def _end(view: PairView, asked: FormValues, sent: Sent) -> Receipt:
    on = due_in(asked, "on", "Enter the last day.")
    return supervision.end(pair=view.id, on=on, reason=asked.text("reason"), **sent)


def _check(view: PairView, asked: FormValues, sent: Sent) -> Receipt:
    return checks.schedule(
        pair=view.id,
        checker=asked.text("checker"),
        tool=asked.text("tool"),
        due_on=due_in(asked, "due_on", "Enter the day by which it is made."),
        audits=view.prompting,
        desk=sent["desk"],
        by=sent["by"],
        once=sent["once"],
    )


STEPS: Mapping[str, FormStep[PairView]] = {
    "held": FormStep(
        "Record a session that was held", "Record it", "The session is recorded.",
        _held_boxes, _held, (CONFIDENTIAL,), "record-supervision",
    ),
    "not-held": FormStep(
        "Record a session that was not held", "Record it", "It is recorded.",
        lambda view: [
            Box("planned_on", "Day that was planned", "day"),
            Box("why", "Why it was not held", "choice", items=list(NOT_HELD_LABELS.items())),
            Box("note", "In your words (optional)", "long"),
        ],
        _not_held,
        ("While a practitioner is sick or on leave no session is owed.", CONFIDENTIAL),
        "record-supervision",
    ),
    "withdraw": FormStep(
        "Withdraw a session that was recorded wrongly", "Withdraw it", "It is withdrawn.",
        lambda view: [
            Box("session", "Session", "choice", items=_sessions(view)),
            Box("reason", "What was wrong", "long", REASON),
        ],
        _withdraw, ("What was recorded stays in the history.",), "record-supervision",
    ),
    "standard": FormStep(
        "Switch the standard", "Switch it", "The standard is switched.",
        lambda view: [
            Box("standard", "Standard", "choice", items=list(STANDARD_LABELS.items())),
            Box("since", "From", "day"),
        ],
        _standard, ("Sessions counted from before this day keep the standard they had.",),
        "run-supervision",
    ),
    "check": FormStep(
        "Ask for a check of this supervision", "Ask for it", "The check is asked for.",
        lambda view: [
            Box("tool", "Tool", "choice", items=view.tools),
            Box("checker", "Checker", "choice", "Somebody outside the pair and its line.",
                [*NOTHING, *view.everybody]),
            Box("due_on", "To be made by", "day"),
        ],
        _check, (), "run-checks",
    ),
    "end": FormStep(
        "The supervision has ended", "End it", "The supervision is ended.",
        lambda view: [Box("on", "Last day", "day"), Box("reason", "Why", "long", REASON)],
        _end, (), "run-supervision",
    ),
}  # fmt: skip

_GOES_ON = frozenset({"standard", "check", "end"})


def offered(view: PairView, actor: Actor) -> list[tuple[str, str]]:
    """The forms that fit this pair and that the reader may send."""
    row, found = view.opened.row, []
    for name, step in STEPS.items():
        if name in _GOES_ON and row["ended_on"] is not None:
            continue
        if name == "withdraw" and not view.opened.sessions:
            continue
        if can(actor, step.verb, view.opened.resource).allowed:
            found.append((name, step.title))
    return found
