"""The forms that move one action along: what its owner, its managers and its checkers do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from api.actions.reading import OpenedAction
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent
from qa.actions.commands import actions, checks
from qa.actions.events import Evidence
from qa.actions.states import OPEN_STATES, OWED, ActionState, EffectCheck, Next
from qa.actions.words import EVIDENCE_LABELS, PROOF_LABELS, evidence_in_words
from qa.authorisation.policy import can
from qa.core.errors import Refused
from qa.core.words import Actor
from qa.store.unit import Receipt

WHY = Box("reason", "Why", "long")
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
        return str(self.opened.row["action"])

    @property
    def state(self) -> ActionState:
        return ActionState(self.opened.row["state"])


def due_in(asked: FormValues, name: str, sentence: str) -> date:
    """The day in a box that must hold one."""
    found = asked.day(name)
    if found is None and not asked.faults:
        asked.refuse(name, "date-missing", sentence)
    asked.done()
    assert found is not None
    return found


def _challenge(view: ActionView, asked: FormValues, sent: Sent) -> Receipt:
    return actions.challenge(action_id=view.id, why=asked.text("why"), **sent)


def _claim_boxes(view: ActionView) -> list[Box]:
    owed = view.opened.row["evidence_kinds"]
    hint = f"Asked for: {evidence_in_words(owed)}" if owed else ""
    found = []
    for at in range(PIECES):
        which = "Evidence" if at == 0 else f"Evidence {at + 1} (optional)"
        found += [
            Box(f"evidence.{at}.kind", f"{which}: kind", "choice", hint if at == 0 else "",
                list(EVIDENCE_LABELS.items()), value=owed[0] if len(owed) == 1 else ""),
            Box(f"evidence.{at}.what", f"{which}: what it is", "long"),
            Box(f"evidence.{at}.where", f"{which}: where it can be seen (optional)"),
        ]  # fmt: skip
    return found


def _claim(view: ActionView, asked: FormValues, sent: Sent) -> Receipt:
    pieces = [
        Evidence(
            kind=cast(Any, asked.text(f"evidence.{at}.kind")),
            what=asked.text(f"evidence.{at}.what"),
            where=asked.text(f"evidence.{at}.where"),
        )
        for at in range(PIECES)
        if asked.text(f"evidence.{at}.what")
        and asked.one_of(f"evidence.{at}.kind", tuple(EVIDENCE_LABELS), "Choose its kind.")
        in EVIDENCE_LABELS
    ]
    asked.done()
    try:
        return actions.claim_done(action_id=view.id, evidence=pieces, **sent)
    except Refused as refused:
        part = {"evidence-missing": "what", "evidence-kind": "kind"}
        raise Refused(
            replace(fault, field=f"evidence.0.{part[fault.code]}") if fault.code in part else fault
            for fault in refused.faults
        ) from None


def _move(view: ActionView, asked: FormValues, sent: Sent) -> Receipt:
    due_on = due_in(asked, "due_on", "Enter the new date.")
    return actions.reschedule(action_id=view.id, due_on=due_on, reason=asked.text("reason"), **sent)


def _transfer(view: ActionView, asked: FormValues, sent: Sent) -> Receipt:
    return actions.transfer(
        action_id=view.id,
        owner=asked.text("owner"),
        team=asked.text("team"),
        reason=asked.text("reason"),
        **sent,
    )


def _link(view: ActionView, asked: FormValues, sent: Sent) -> Receipt:
    audit = view.find_audit(asked.text("audit"))
    if audit is None:
        asked.refuse("audit", "audit-unknown", "There is no audit with this reference.")
    asked.done()
    return actions.link_finding(action_id=view.id, audit=audit or "", **sent)


def _proof_boxes(view: ActionView) -> list[Box]:
    return [
        Box("proof", "How did you look?", "choice", items=list(PROOF_LABELS.items())),
        Box("reference", "Which re-audit, check, sample or indicator"),
        Box("note", "What you saw", "long"),
    ]


def next_boxes(view: ActionView) -> list[Box]:
    return [
        Box("next_text", "What must be done now", "long"),
        Box("next_owner", "Owner", "choice", items=view.everybody, value=view.opened.row["owner"]),
        Box("next_due_on", "Due", "day"),
    ]


def _checked(asked: FormValues) -> EffectCheck:
    proof = asked.one_of("proof", tuple(PROOF_LABELS), "Say how you looked.")
    asked.done()
    return EffectCheck(
        proof=cast(Any, proof), reference=asked.text("reference"), note=asked.text("note")
    )


def _next(asked: FormValues) -> Next:
    due_on = due_in(asked, "next_due_on", "Enter a date for what must be done now.")
    return Next(text=asked.text("next_text"), owner=asked.text("next_owner"), due_on=due_on)


_NEXT = {"text": "next_text", "owner": "next_owner", "due_on": "next_due_on"}


def _following(do: Callable[[], Receipt]) -> Receipt:
    """Say faults of the action that follows at its own boxes."""
    try:
        return do()
    except Refused as refused:
        raise Refused(
            replace(fault, field=_NEXT.get(fault.field, fault.field)) for fault in refused.faults
        ) from None


def _not_seen(view: ActionView, asked: FormValues, sent: Sent) -> Receipt:
    checked, following = _checked(asked), _next(asked)
    return _following(
        lambda: checks.impact_not_seen(
            action_id=view.id, checked=checked, following=following, **sent
        )
    )


def _reopen(view: ActionView, asked: FormValues, sent: Sent) -> Receipt:
    following = _next(asked)
    return _following(
        lambda: actions.reopen(
            action_id=view.id,
            finding=asked.text("finding"),
            following=following,
            reason=asked.text("reason"),
            **sent,
        )
    )


def _correct_boxes(view: ActionView) -> list[Box]:
    row = view.opened.row
    return [
        Box("text", "What must be done", "long", value=row["text"]),
        Box("owner", "Owner", "choice", items=view.everybody, value=row["owner"]),
        Box("due_on", "Due", "day", value=row["due_on"]),
        Box("reason", "What was typed wrong", "long"),
    ]


def _correct(view: ActionView, asked: FormValues, sent: Sent) -> Receipt:
    return actions.correct(
        action_id=view.id,
        text=asked.text("text"),
        owner=asked.text("owner"),
        due_on=due_in(asked, "due_on", "Enter the day it is due."),
        reason=asked.text("reason"),
        **sent,
    )


STEPS: Mapping[str, FormStep[ActionView]] = {
    "accept": FormStep(
        "Accept this action",
        "Accept it",
        "The action is accepted.",
        lambda view: (),
        lambda view, asked, sent: actions.accept(action_id=view.id, **sent),
        ("You answer for this action from now on.",),
        "work-action",
    ),
    "challenge": FormStep(
        "Challenge this action",
        "Challenge it",
        "The challenge is recorded.",
        lambda view: [Box("why", "Why it is wrong, or not yours", "long")],
        _challenge,
        (),
        "work-action",
    ),
    "progress": FormStep(
        "Say how it goes",
        "Record it",
        "The progress is recorded.",
        lambda view: [Box("note", "How it goes", "long")],
        lambda view, asked, sent: actions.progress(
            action_id=view.id, note=asked.text("note"), **sent
        ),
        (),
        "note-progress",
    ),
    "claim": FormStep(
        "Claim this action done",
        "Claim it done",
        "Claimed. Somebody outside your line checks the evidence.",
        _claim_boxes,
        _claim,
        ("A claim is no completion: somebody else accepts the evidence or returns it.",),
        "work-action",
    ),
    "accept-evidence": FormStep(
        "Accept the evidence",
        "Accept the evidence",
        "The evidence is accepted. The impact is checked later.",
        lambda view: (),
        lambda view, asked, sent: checks.accept_evidence(action_id=view.id, **sent),
        ("You say that it was done. Whether it changed anything is checked later.",),
        "check-evidence",
    ),
    "return-evidence": FormStep(
        "Return the evidence",
        "Return it",
        "The evidence is returned to the owner.",
        lambda view: [Box("why", "What it does not show", "long")],
        lambda view, asked, sent: checks.return_evidence(
            action_id=view.id, why=asked.text("why"), **sent
        ),
        (),
        "check-evidence",
    ),
    "ask-supervision": FormStep(
        "Ask that supervision talks it over",
        "Ask for it",
        "Asked. Its effect can be checked once a session has talked it over.",
        lambda view: (),
        lambda view, asked, sent: checks.ask_discussion(action_id=view.id, **sent),
        ("Nobody can check its effect before the owner’s supervisor has recorded that session.",),
        "verify-impact",
    ),
    "confirm-impact": FormStep(
        "Confirm the impact",
        "Close the loop",
        "The impact is confirmed: the loop is closed.",
        _proof_boxes,
        lambda view, asked, sent: checks.confirm_impact(
            action_id=view.id, checked=_checked(asked), **sent
        ),
        ("It changed something for children.",),
        "verify-impact",
    ),
    "impact-not-seen": FormStep(
        "No impact was seen",
        "Raise what must be done now",
        "Recorded. Another action follows in the same chain.",
        lambda view: [*_proof_boxes(view), *next_boxes(view)],
        _not_seen,
        ("It was done and changed nothing: say what must be done now.",),
        "verify-impact",
    ),
    "too-early": FormStep(
        "Too early to tell",
        "Look again later",
        "Recorded. The interval begins again.",
        _proof_boxes,
        lambda view, asked, sent: checks.impact_too_early(
            action_id=view.id, checked=_checked(asked), **sent
        ),
        (),
        "verify-impact",
    ),
    "contributors": FormStep(
        "Say who contributes",
        "Record them",
        "The contributors are recorded.",
        lambda view: [
            Box(
                "contributors",
                "Who helps the owner",
                "several",
                items=[one for one in view.everybody if one[0] != view.opened.row["owner"]],
            )
        ],
        lambda view, asked, sent: actions.name_contributors(
            action_id=view.id, contributors=asked.several("contributors"), **sent
        ),
        ("There is one accountable owner, whoever helps.",),
        "name-contributors",
    ),
    "move": FormStep(
        "Move the due date",
        "Move it",
        "The due date is moved. The first one stays on record.",
        lambda view: [Box("due_on", "New due date", "day"), WHY],
        _move,
        ("Lateness is told by the first date and by the one in force.",),
        "run-action",
    ),
    "correct": FormStep(
        "Put right what was typed wrong",
        "Put it right",
        "It is put right. What was typed stays in the history.",
        _correct_boxes,
        _correct,
        ("Until somebody acts on it. After that, move it, hand it over or end it.",),
        "correct-action",
    ),
    "transfer": FormStep(
        "Hand the action over",
        "Hand it over",
        "The action is handed over; the new owner has yet to accept it.",
        lambda view: [
            Box("owner", "New owner", "choice", items=view.everybody),
            Box("team", "Team", "choice", items=view.teams, value=view.opened.row["team"]),
            WHY,
        ],
        _transfer,
        (),
        "run-action",
    ),
    "link": FormStep(
        "Link a further finding",
        "Link it",
        "The finding is linked.",
        lambda view: [Box("audit", "Reference of the audit")],
        _link,
        ("One action may answer the findings of several audits.",),
        "run-action",
    ),
    "drop": FormStep(
        "It no longer applies",
        "End it",
        "The action is ended.",
        lambda view: [WHY],
        lambda view, asked, sent: actions.drop(
            action_id=view.id, reason=asked.text("reason"), **sent
        ),
        (),
        "run-action",
    ),
    "reopen": FormStep(
        "The loop was not closed",
        "Reopen it",
        "Recorded. Another action follows in the same chain.",
        lambda view: [
            Box("finding", "Where the same thing was seen again"),
            *next_boxes(view),
            WHY,
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
_BY_OTHERS = ("check-evidence", "verify-impact")


def offered(view: ActionView, actor: Actor) -> list[tuple[str, str]]:
    """The forms that fit where the action stands and that this reader may send."""
    found = []
    for name, step in STEPS.items():
        if view.state not in _WHEN[name]:
            continue
        if not can(actor, step.verb, view.opened.resource).allowed:
            continue
        if step.verb in _BY_OTHERS and not view.opened.outside:
            continue
        if name == "ask-supervision":
            if view.opened.row["discuss"]:
                continue
        elif (
            step.verb == "verify-impact" and view.opened.row["verify_from"] > view.today.isoformat()
        ):
            continue
        if name == "move" and actor.person == view.opened.row["owner"]:
            continue
        found.append((name, step.title))
    return found
