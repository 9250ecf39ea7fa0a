"""The chain of an action in words: every step with who, when, why, and the days since the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.actions.reading import OpenedAction
from projections.actions.tables import ActionStepRow
from qa.actions.states import ActionState
from qa.actions.words import EVIDENCE_LABELS, PROOF_LABELS
from qa.core.dates_in_words import day

TITLES = {
    "ActionRaised": "Raised",
    "ActionAccepted": "Accepted by its owner",
    "ActionChallenged": "Challenged",
    "ActionCorrected": "What was typed wrong put right",
    "ActionContributorsNamed": "Contributors named",
    "ActionDiscussionAsked": "To be discussed in the owner’s supervision",
    "ActionFindingLinked": "Answers a further finding",
    "ActionProgressed": "Progress",
    "ActionRescheduled": "Due date moved",
    "ActionTransferred": "Handed over",
    "ActionTeamChanged": "Another team took over",
    "ActionClaimedDone": "Claimed done",
    "EvidenceAccepted": "Evidence accepted",
    "EvidenceReturned": "Evidence returned",
    "ImpactConfirmed": "Impact confirmed: the loop is closed",
    "ImpactNotSeen": "Impact not seen: another action follows",
    "ImpactTooEarly": "Too early to tell",
    "ActionReopened": "Reopened: the loop was not closed",
    "ActionNoLongerApplicable": "No longer applicable",
}


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step. `days` are the days since the step before it, None for the first."""

    title: str
    on: date
    by: str
    days: int | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionStory:
    """One action of the chain with its steps; `days` from its first step to its last."""

    action: str
    text: str
    owner: str
    state: str
    here: bool
    days: int
    steps: tuple[StoryStep, ...]


def links(opened: OpenedAction) -> list[ActionStory]:
    """The chain from the first action that was raised to the last."""
    found = []
    for row in opened.chain:
        steps = opened.steps.get(row.action, ())
        told = tuple(
            StoryStep(
                TITLES[step.type],
                step.day,
                opened.name(step.by),
                None if at == 0 else (step.day - steps[at - 1].day).days,
                tuple(_lines(step, opened)),
            )
            for at, step in enumerate(steps)
        )
        found.append(
            ActionStory(
                row.action,
                row.text,
                opened.name(row.owner),
                ActionState(row.state).label,
                row.action == opened.row.action,
                (steps[-1].day - steps[0].day).days if steps else 0,
                told,
            )
        )
    return found


def _lines(step: ActionStepRow, opened: OpenedAction) -> list[str]:
    said = [*_said(step.type, step.fields, opened)]
    return [*said, f"Reason: {step.reason}"] if step.reason else said


def _said(kind: str, held: Mapping[str, Any], opened: OpenedAction) -> list[str]:
    match kind:
        case "ActionRaised":
            return [held["text"], f"Due {_day(held['due_on'])}."]
        case "ActionCorrected":
            owner = opened.name(held["new_owner"])
            return [held["new_text"], f"{owner}, due {_day(held['new_due_on'])}."]
        case "ActionChallenged" | "EvidenceReturned":
            return [held["why"]]
        case "ActionProgressed":
            return [held["note"]]
        case "ActionContributorsNamed":
            return [", ".join(opened.name(one) for one in held["new"]) or "Nobody"]
        case "ActionRescheduled":
            return [f"From {_day(held['old'])} to {_day(held['new'])}."]
        case "ActionTransferred":
            return [f"From {opened.name(held['old'])} to {opened.name(held['new'])}."]
        case "ActionClaimedDone":
            return [_piece(one) for one in held["evidence"]]
        case "EvidenceAccepted":
            return [f"Impact can be checked from {_day(held['verify_from'])}."]
        case "ImpactConfirmed" | "ImpactNotSeen" | "ImpactTooEarly":
            return _impact(held)
        case "ActionReopened":
            return [held["finding"]]
        case _:
            return []


def _impact(held: Mapping[str, Any]) -> list[str]:
    proof = PROOF_LABELS[held["proof"]]
    said = [f"{proof}: {held['reference']}" if held["reference"] else proof, held["note"]]
    if "verify_from" in held:
        said.append(f"To be looked at again from {_day(held['verify_from'])}.")
    return said


def _piece(held: Mapping[str, Any]) -> str:
    where = f" ({held['where']})" if held["where"] else ""
    return f"{EVIDENCE_LABELS[held['kind']]}: {held['what']}{where}"


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso))
