"""What can be asked of actions, from raising to effect, and of the clocks of all of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from qa.actions import events
from qa.actions.states import ActionKind, ProofKind
from qa.core.command import Command
from qa.core.fields import (
    FieldWords,
    choice,
    day,
    long_text,
    reason_text,
    several,
    short_text,
    target,
)
from qa.core.frozen import Frozen

MOST_AT_ONCE = 200

ByHand = Literal["by-hand", "moderation", "thematic-finding", "supervision-check"]


ToDo = Annotated[str, events.to_do("What must be done")]
Due = Annotated[date, day("Due", missing="Enter the day it is due.")]


class ActionMade(Frozen):
    """The id of the action that was raised."""

    action: str


class RaiseAction(Command, writes="action:{action}", result=ActionMade):
    """Raise an action beside those that audits raise."""

    raised_by: Annotated[ByHand, choice("What raises it", missing="Say what raises it.")] = (
        "by-hand"
    )
    source: Annotated[
        str,
        events.source_text(
            "Which finding or check (optional)",
            "For example, the title of the thematic audit. No names of children.",
        ),
    ] = ""
    audit: Annotated[
        str,
        FieldWords(
            label="Reference of the audit (optional)",
            hint="With an audit, the action belongs to its child and team.",
        ),
    ] = ""
    team: Annotated[str, choice("Team", "Used where no audit is named.")] = ""
    text: ToDo
    kind: Annotated[ActionKind, choice("Kind", missing="Choose a kind.")]
    owner: Annotated[str, choice("Owner", "The one person who answers for it.")]
    due_on: Due
    evidence_asked: events.EvidenceAsked = None
    domain: Annotated[str | None, FieldWords(label="Domain")] = None


class OfAction(Command, stream="action:{action}"):
    """What is asked of an action that there is."""

    action: Annotated[str, target("The id of the action.")]


class AcceptAction(OfAction):
    """Take an action on."""


class ActionsAccepted(Frozen):
    """How many actions were accepted."""

    actions: int


class AcceptActions(Command, result=ActionsAccepted):
    """Take several actions on at once, by one cause: all of them or none."""

    actions: Annotated[
        tuple[str, ...],
        FieldWords(
            label="The ids of the actions",
            widget="several",
            missing="Choose at least one action.",
            longest=MOST_AT_ONCE,
            sentence=f"Accept {MOST_AT_ONCE} actions or fewer at once.",
            code="actions-many",
        ),
    ]
    reason: Annotated[
        str,
        short_text(
            "Reason",
            "If you like: for example, agreed in supervision. It stands with each of them.",
            longest=1000,
        ),
    ] = ""


class CorrectAction(OfAction):
    """Put right what was typed wrong when it was raised, before anybody acts on it."""

    text: ToDo
    owner: events.Owner
    due_on: Due
    reason: Annotated[str, reason_text("What was typed wrong", missing="Say what was typed wrong.")]


class ChallengeAction(OfAction):
    """Say why an action is wrong, or not one's own."""

    why: Annotated[
        str,
        reason_text(
            "Why it is wrong, or not yours", missing="Say why the action is wrong, or not yours."
        ),
    ]


class NoteActionProgress(OfAction):
    """Say how an action goes."""

    note: events.HowItGoes


class NameActionContributors(OfAction):
    """Say who helps the owner of an action."""

    contributors: Annotated[tuple[str, ...], several("Who helps the owner")]


class LinkActionFinding(OfAction):
    """Let one action answer a further finding."""

    audit: Annotated[str, FieldWords(label="Reference of the audit")]
    domain: Annotated[str | None, FieldWords(label="Domain")] = None


class RescheduleAction(OfAction):
    """Move the due date; the first one stays on record."""

    due_on: Annotated[date, day("New due date", missing="Enter the new date.")]
    reason: Annotated[str, reason_text(missing="Say why the date moves.")]


class TransferAction(OfAction):
    """Make somebody else accountable; the action stays with its team unless another is named."""

    owner: Annotated[str, choice("New owner")]
    team: Annotated[str, choice("Team")] = ""
    reason: Annotated[str, reason_text(missing="Say why the action is handed over.")]


class DropAction(OfAction):
    """Say that an action no longer applies."""

    reason: Annotated[str, reason_text(missing="Say why the action no longer applies.")]


class ClaimActionDone(OfAction):
    """Say that an action is done, with evidence."""

    evidence: Annotated[
        tuple[events.Evidence, ...], FieldWords(label="Evidence", missing="Show what was done.")
    ]


class AcceptActionEvidence(OfAction):
    """Be satisfied that an action was done."""


class ReturnActionEvidence(OfAction):
    """Send the evidence back to the owner."""

    why: Annotated[
        str, reason_text("What it does not show", missing="Say what the evidence does not show.")
    ]


class AskActionDiscussion(OfAction):
    """Ask that the owner's supervision talks it over before its effect is checked."""


class EffectCheck(OfAction):
    """How somebody looked for the impact: `reference` names the re-audit, sample or indicator."""

    proof: Annotated[ProofKind, choice("How did you look?", missing="Say how you looked.")]
    reference: Annotated[
        str,
        short_text(
            "Which re-audit, check, sample or indicator",
            longest=events.LONGEST_REFERENCE,
            code="proof-long",
        ),
    ] = ""
    note: Annotated[
        str, long_text("What you saw", missing="Say what was seen.", longest=events.LONGEST)
    ]


class ConfirmActionImpact(EffectCheck):
    """Close the loop: it changed something for children."""


class PostponeActionImpact(EffectCheck):
    """It is too early to tell: look again after another interval."""


class Next(Frozen):
    """What carries a chain on where an action had no effect: its words, owner and due date."""

    text: Annotated[str, FieldWords(label="What must be done now", widget="long")]
    owner: events.Owner
    due_on: Due


class ReportNoImpact(EffectCheck, result=ActionMade):
    """It changed nothing: raise the next action of the chain."""

    next: Annotated[Next, FieldWords(label="What must be done now")]


class ReopenAction(OfAction, result=ActionMade):
    """Say that a closed loop was not closed: raise the next action of the chain."""

    finding: Annotated[
        str,
        short_text(
            "Where the same thing was seen again",
            missing="Say where the same thing was seen again.",
            longest=events.LONGEST,
        ),
    ]
    next: Annotated[Next, FieldWords(label="What must be done now")]
    reason: Annotated[str, reason_text(missing="Say why it is the same thing again.")]


class SetActionPolicy(Command, stream="action-policy"):
    """Set the next version of the time limits of actions."""

    accept_within_working_days: events.AcceptWithin
    check_evidence_within_working_days: events.CheckWithin
    impact_after_days: events.ImpactAfter
    impact_within_days: events.ImpactWithin
    reopen_within_days: events.ReopenWithin
    evidence_of_compliance: events.OfCompliance
    evidence_of_practice: events.OfPractice
    evidence_of_outcome: events.OfOutcome
