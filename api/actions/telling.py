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
        story = tuple(
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
                story,
            )
        )
    return found


def _lines(step: ActionStepRow, opened: OpenedAction) -> list[str]:
    lines = [*_describe(step.type, step.fields, opened)]
    return [*lines, f"Reason: {step.reason}"] if step.reason else lines


def _describe(kind: str, fields: Mapping[str, Any], opened: OpenedAction) -> list[str]:
    match kind:
        case "ActionRaised":
            return [fields["text"], f"Due {_day(fields['due_on'])}."]
        case "ActionCorrected":
            owner = opened.name(fields["new_owner"])
            return [fields["new_text"], f"{owner}, due {_day(fields['new_due_on'])}."]
        case "ActionChallenged" | "EvidenceReturned":
            return [fields["why"]]
        case "ActionProgressed":
            return [fields["note"]]
        case "ActionContributorsNamed":
            return [", ".join(opened.name(one) for one in fields["new"]) or "Nobody"]
        case "ActionRescheduled":
            return [f"From {_day(fields['old'])} to {_day(fields['new'])}."]
        case "ActionTransferred":
            return [f"From {opened.name(fields['old'])} to {opened.name(fields['new'])}."]
        case "ActionClaimedDone":
            return [_piece(one) for one in fields["evidence"]]
        case "EvidenceAccepted":
            return [f"Impact can be checked from {_day(fields['verify_from'])}."]
        case "ImpactConfirmed" | "ImpactNotSeen" | "ImpactTooEarly":
            return _impact(fields)
        case "ActionReopened":
            return [fields["finding"]]
        case _:
            return []


def _impact(fields: Mapping[str, Any]) -> list[str]:
    proof = PROOF_LABELS[fields["proof"]]
    lines = [f"{proof}: {fields['reference']}" if fields["reference"] else proof, fields["note"]]
    if "verify_from" in fields:
        lines.append(f"To be looked at again from {_day(fields['verify_from'])}.")
    return lines


def _piece(piece: Mapping[str, Any]) -> str:
    where = f" ({piece['where']})" if piece["where"] else ""
    return f"{EVIDENCE_LABELS[piece['kind']]}: {piece['what']}{where}"


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso))
