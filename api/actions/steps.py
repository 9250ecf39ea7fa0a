"""The forms that move one action along: what its owner, its managers and its checkers do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from api.actions.reading import OpenedAction
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Options, Sent, carry_out, command_box, command_step
from qa.actions import handlers
from qa.actions.commands import (
    ClaimActionDone,
    LinkActionFinding,
    Next,
    ReopenAction,
    ReportNoImpact,
)
from qa.actions.events import Evidence
from qa.actions.states import OPEN_STATES, OWED, ActionState
from qa.actions.words import EVIDENCE_LABELS, PROOF_LABELS, evidence_in_words
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import can
from qa.core.errors import Refused
from qa.core.words import Actor
from qa.store.unit import Receipt

PIECES = 3


@dataclass(frozen=True, slots=True)
class ActionView:
    """What the forms of an action are given: the action, who could own it, and the teams."""

    opened: OpenedAction
    everybody: Sequence[tuple[str, str]]
    teams: Sequence[tuple[str, str]]
    today: date
    find_audit: Callable[[str], str | None]

    @property
    def id(self) -> str:
        return self.opened.row.action

    @property
    def state(self) -> ActionState:
        return ActionState(self.opened.row.state)


def _step(
    handler: CommandHandler[Any],
    title: str,
    button: str,
    done: str,
    verb: str,
    *intro: str,
    **more: Any,
) -> FormStep[ActionView]:
    return command_step(
        handler, title=title, button=button, done=done, verb=verb, intro=intro,
        target=lambda view: {"action": view.id}, **more,
    )  # fmt: skip


def _claim_boxes(view: ActionView) -> list[Box]:
    owed = view.opened.row.evidence_wanted
    hint = f"Asked for: {evidence_in_words(owed)}" if owed else ""
    found = []
    for at in range(PIECES):
        which = "Evidence" if at == 0 else f"Evidence {at + 1} (optional)"
        found += [
            Box(f"evidence.{at}.kind", f"{which}: kind", "choice", hint if at == 0 else "",
                list(EVIDENCE_LABELS.items()),
                value=owed[0] if len(owed) == 1 and at == 0 else ""),
            Box(f"evidence.{at}.what", f"{which}: what it is", "long"),
            Box(f"evidence.{at}.where", f"{which}: where it can be seen (optional)"),
        ]  # fmt: skip
    return found


def _claim(view: ActionView, form: FormValues, sent: Sent) -> Receipt:
    pieces = [
        Evidence(
            kind=cast(Any, form.text(f"evidence.{at}.kind")),
            what=form.text(f"evidence.{at}.what"),
            where=form.text(f"evidence.{at}.where"),
        )
        for at in range(PIECES)
        if form.text(f"evidence.{at}.what")
        and form.one_of(
            f"evidence.{at}.kind", tuple(EVIDENCE_LABELS), f"Choose the kind of evidence {at + 1}."
        )
        in EVIDENCE_LABELS
    ]
    form.done()
    try:
        command = ClaimActionDone(action=view.id, evidence=tuple(pieces))
        return carry_out(handlers.claim_done, command, sent)
    except Refused as refused:
        part = {"evidence-missing": "what", "evidence-kind": "kind"}
        raise Refused(
            replace(fault, field=f"evidence.0.{part[fault.code]}") if fault.code in part else fault
            for fault in refused.faults
        ) from None


def _everybody(view: ActionView) -> Options:
    return view.everybody


def _helpers(view: ActionView) -> list[tuple[str, str]]:
    return [one for one in view.everybody if one[0] != view.opened.row.owner]


def _link(view: ActionView, form: FormValues, sent: Sent) -> Receipt:
    audit = view.find_audit(form.text("audit"))
    if audit is None:
        form.refuse("audit", "audit-unknown", "There is no audit with this reference.")
    form.done()
    command = LinkActionFinding(action=view.id, audit=audit or "")
    return carry_out(handlers.link_finding, command, sent)


def _proofs(_: ActionView) -> Options:
    return list(PROOF_LABELS.items())


def next_boxes(view: ActionView) -> list[Box]:
    return [
        command_box(Next, "text", at="next_text"),
        command_box(Next, "owner", view.everybody, view.opened.row.owner, "next_owner"),
        command_box(Next, "due_on", at="next_due_on"),
    ]


def _next(form: FormValues) -> Next:
    due_on = form.day_owed("next_due_on", "Enter a date for what must be done now.")
    return Next(text=form.text("next_text"), owner=form.text("next_owner"), due_on=due_on)


def _following(do: Callable[[], Receipt]) -> Receipt:
    """Say faults of the action that follows at its own boxes."""
    try:
        return do()
    except Refused as refused:
        raise Refused(
            replace(fault, field=f"next_{fault.field}")
            if fault.field in Next.model_fields
            else fault
            for fault in refused.faults
        ) from None


def _not_seen(view: ActionView, form: FormValues, sent: Sent) -> Receipt:
    proof = form.one_of("proof", tuple(PROOF_LABELS), "Say how you looked.")
    command = ReportNoImpact(
        action=view.id,
        next=_next(form),
        proof=cast(Any, proof),
        reference=form.text("reference"),
        note=form.text("note"),
    )
    return _following(lambda: carry_out(handlers.impact_not_seen, command, sent))


def _reopen(view: ActionView, form: FormValues, sent: Sent) -> Receipt:
    command = ReopenAction(
        action=view.id,
        finding=form.text("finding"),
        next=_next(form),
        reason=form.text("reason"),
    )
    return _following(lambda: carry_out(handlers.reopen, command, sent))


STEPS: Mapping[str, FormStep[ActionView]] = {
    "accept": _step(
        handlers.accept,
        "Accept this action",
        "Accept it",
        "The action is accepted.",
        "work-action",
        "You answer for this action from now on.",
    ),
    "challenge": _step(
        handlers.challenge,
        "Challenge this action",
        "Challenge it",
        "The challenge is recorded.",
        "work-action",
    ),
    "progress": _step(
        handlers.progress,
        "Say how it goes",
        "Record it",
        "The progress is recorded.",
        "note-progress",
    ),
    "claim": FormStep(
        "Claim this action done",
        "Claim it done",
        "Claimed. Somebody outside your line checks the evidence.",
        _claim_boxes,
        _claim,
        ("The action is not complete yet: somebody else accepts the evidence or returns it.",),
        "work-action",
    ),
    "accept-evidence": _step(
        handlers.accept_evidence,
        "Accept the evidence",
        "Accept the evidence",
        "The evidence is accepted. The impact is checked later.",
        "check-evidence",
        "You say that it was done. Whether it changed anything is checked later.",
    ),
    "return-evidence": _step(
        handlers.return_evidence,
        "Return the evidence",
        "Return it",
        "The evidence is returned to the owner.",
        "check-evidence",
    ),
    "ask-supervision": _step(
        handlers.ask_discussion,
        "Ask for it to be discussed in supervision",
        "Ask supervision to discuss it",
        "Your request is recorded. The effect can be checked once a session has discussed it.",
        "verify-impact",
        "Nobody can check its effect before the owner’s supervisor has recorded that session.",
    ),
    "confirm-impact": _step(
        handlers.confirm_impact,
        "Confirm the impact",
        "Close the loop",
        "The impact is confirmed: the loop is closed.",
        "verify-impact",
        "It changed something for children.",
        choices={"proof": _proofs},
    ),
    "impact-not-seen": FormStep(
        "No impact was seen",
        "Raise what must be done now",
        "Recorded. Another action follows in the same chain.",
        lambda view: [*STEPS["too-early"].boxes(view), *next_boxes(view)],
        _not_seen,
        ("It was done and changed nothing: say what must be done now.",),
        "verify-impact",
    ),
    "too-early": _step(
        handlers.impact_too_early,
        "Too early to tell",
        "Look again later",
        "Recorded. The interval begins again.",
        "verify-impact",
        choices={"proof": _proofs},
    ),
    "contributors": _step(
        handlers.name_contributors,
        "Name contributors",
        "Record them",
        "The contributors are recorded.",
        "name-contributors",
        "One person is accountable, even where others help.",
        choices={"contributors": _helpers},
        initial=lambda view: view.opened,
    ),
    "move": _step(
        handlers.reschedule,
        "Move the due date",
        "Move it",
        "The due date is moved. The first one stays on record.",
        "run-action",
        "Lateness is counted by the first date and by the current date.",
    ),
    "correct": _step(
        handlers.correct,
        "Correct a mistake",
        "Put it right",
        "It is put right. What was typed stays in the history.",
        "correct-action",
        "Until somebody acts on it. After that, move it, hand it over or end it.",
        choices={"owner": _everybody},
        initial=lambda view: view.opened.row,
    ),
    "transfer": _step(
        handlers.transfer,
        "Hand the action over",
        "Hand it over",
        "The action is handed over; the new owner has yet to accept it.",
        "run-action",
        choices={"owner": _everybody, "team": lambda view: view.teams},
        initial=lambda view: view.opened.row._replace(owner=""),
    ),
    "link": FormStep(
        "Link a further finding",
        "Link it",
        "The finding is linked.",
        lambda view: [command_box(LinkActionFinding, "audit")],
        _link,
        ("One action may answer the findings of several audits.",),
        "run-action",
    ),
    "drop": _step(
        handlers.drop,
        "It no longer applies",
        "End it",
        "The action is ended.",
        "run-action",
    ),
    "reopen": FormStep(
        "The loop was not closed",
        "Reopen it",
        "Recorded. Another action follows in the same chain.",
        lambda view: [
            command_box(ReopenAction, "finding"),
            *next_boxes(view),
            command_box(ReopenAction, "reason"),
        ],
        _reopen,
        (),
        "run-action",
    ),
}

_WORKING = {ActionState.ACCEPTED, ActionState.IN_PROGRESS, ActionState.RETURNED}
_WHEN: Mapping[str, frozenset[ActionState]] = {
    "accept": frozenset({ActionState.RAISED, ActionState.CHALLENGED}),
    **dict.fromkeys(("challenge", "correct"), frozenset({ActionState.RAISED})),
    "progress": frozenset(_WORKING),
    "claim": frozenset(_WORKING),
    "accept-evidence": frozenset({ActionState.CLAIMED}),
    "return-evidence": frozenset({ActionState.CLAIMED}),
    **dict.fromkeys(
        ("confirm-impact", "impact-not-seen", "too-early"),
        frozenset({ActionState.VERIFICATION_DUE}),
    ),
    **dict.fromkeys(("move", "transfer"), OWED),
    **dict.fromkeys(("contributors", "link", "drop", "ask-supervision"), OPEN_STATES),
    "reopen": frozenset({ActionState.EFFECTIVE}),
}


def fits(view: ActionView, step: str) -> bool:
    """Whether a form fits where the action stands."""
    return view.state in _WHEN[step]


_BY_OTHERS = ("check-evidence", "verify-impact")


def offered(view: ActionView, actor: Actor) -> list[tuple[str, str]]:
    """The forms that fit where the action stands and that this reader may send."""
    found = []
    for name, step in STEPS.items():
        if not fits(view, name):
            continue
        if not can(actor, step.verb, view.opened.resource).allowed:
            continue
        if step.verb in _BY_OTHERS and not view.opened.outside:
            continue
        if name == "ask-supervision":
            if view.opened.row.discuss:
                continue
        elif (
            step.verb == "verify-impact"
            and (view.opened.row.verify_from or "") > view.today.isoformat()
        ):
            continue
        if name == "move" and actor.person == view.opened.row.owner:
            continue
        found.append((name, step.title))
    return found
