"""Events of moderation. They stand on the stream of the audit that is moderated.

Whether a moderator agrees is never stored: it is computed from the two judgements. A blind
moderation is proven by order: no `ModerationUnblinded` stands before its `ModerationRecorded`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from qa.audits.judgements import (
    AgreedGrade,
    ImportedJudgement,
    IndependenceException,
    ModeratedJudgement,
)
from qa.core.event import Event
from qa.core.fields import FieldWords, choice, day, several
from qa.core.frozen import SealedText


def told_why(label: str, missing: str) -> FieldWords:
    """Why a grade is what it is: owed, and of substance."""
    return FieldWords(
        label=label, widget="long", missing=missing, weighed=True, thin_is_missing=True
    )


BLIND, MODERATED_ON = choice("Blind"), day("Day of the moderation")
Moderator = Annotated[str, choice("Moderator")]
ModeratedOverall = Annotated[
    str,
    FieldWords(
        label="Moderator’s overall grade",
        widget="choice",
        coded="grade",
    ),
]
AuditQuality = Annotated[Literal["strong", "sound", "weak"] | None, choice("Quality of the audit")]
AuditQualityComment = Annotated[
    SealedText, FieldWords(label="Comment on the quality of the audit", widget="long")
]
HeldOn = Annotated[
    date,
    day("Day of the conversation", missing="Enter the day you talked."),
]
DisputeAbout = Annotated[
    tuple[str, ...], several("What is disputed", missing="Choose what the dispute is about.")
]
DisputeGrounds = Annotated[SealedText, told_why("Grounds", "Say why you challenge the grade.")]
DisputeEvidence = Annotated[SealedText, FieldWords(label="Evidence", widget="long")]
Decider = Annotated[str, choice("Who decides")]
DisputeOutcome = Annotated[
    Literal["upheld", "partly-upheld", "not-upheld"],
    choice(
        "Outcome of the dispute",
        "Upheld: the moderator’s grade does not stand.",
        missing="Choose an outcome.",
    ),
]
DisputeReason = Annotated[
    Literal["evidence-overlooked", "descriptor-misread", "new-evidence", "grade-sound", "other"],
    FieldWords(
        label="Ground of the decision", widget="choice", missing="Choose a reason.", coded="reason"
    ),
]
ReasonsOfDecision = Annotated[SealedText, told_why("Reasons", "Give the reasons for the decision.")]


class ModerationSelected(Event):
    """The audit was picked for moderation: `reasons` name the lines of the policy that picked it.

    `draw` is the audit's place in the repeatable lottery, 0–9999, below the policy's share × 100.
    """

    moderation: str
    policy_version: int
    reasons: tuple[str, ...]
    draw: int | None = None
    due_on: date


class ModerationNotSelected(Event):
    policy_version: int
    draw: int | None = None


class ModerationAssigned(Event):
    """A moderator was named. `blind`: the auditor's grades stay hidden until theirs is recorded.

    `already_seen` says that the moderator had opened the judgement before, so that the moderation
    is not called blind although it was asked to be.
    """

    moderation: str
    moderator: Moderator
    blind: Annotated[bool, BLIND]
    already_seen: bool = False
    due_on: date
    exceptions: tuple[IndependenceException, ...] = ()


class ModerationUnblinded(Event):
    """The moderator was shown the auditor's judgement before giving their own."""

    moderation: str


class ModerationRecorded(Event):
    """The moderator's own judgement, and apart from it their view of the audit's quality.

    `audit_version` is the version of the stream that was judged. `settle_by` is set where the two
    differ: by then they settle it, or dispute it.
    """

    SCHEMA: ClassVar[int] = 2
    moderation: str
    moderator: Moderator
    audit_version: int
    overall: ModeratedOverall = ""
    rationale: SealedText
    judgements: tuple[ModeratedJudgement, ...] = ()
    audit_quality: AuditQuality = None
    audit_quality_comment: AuditQualityComment = ""
    moderated_on: Annotated[date, MODERATED_ON]
    settle_by: date | None = None


class ModerationImported(Event):
    """A moderation made elsewhere was brought in. `stated_agreed` is what the file claims."""

    SCHEMA: ClassVar[int] = 2
    moderation: str
    reference: str
    moderator: str
    moderator_as_written: str
    moderated_on: date
    overall: str = ""
    judgements: tuple[ImportedJudgement, ...] = ()
    stated_agreed: bool | None = None


class ModerationConversationHeld(Event):
    moderation: str
    held_on: HeldOn
    note: SealedText = ""


class GradeReconciled(Event):
    """Auditor and moderator reached one view. Both earlier judgements stand."""

    moderation: str
    overall: str = ""
    judgements: tuple[AgreedGrade, ...] = ()
    rationale: SealedText


class GradeDisputed(Event):
    """A party challenges the grade. `about` names the domains, or "overall" where the tool has an
    overall grade."""

    moderation: str
    dispute: str
    about: DisputeAbout
    grounds: DisputeGrounds
    evidence: DisputeEvidence = ""
    due_on: date


class DisputeAssigned(Event):
    moderation: str
    dispute: str
    decider: Decider
    exceptions: tuple[IndependenceException, ...] = ()


class DisputeDecided(Event):
    """An independent decider settled the dispute. Auditor's and moderator's grades both stay."""

    moderation: str
    dispute: str
    outcome: DisputeOutcome
    overall: str = ""
    judgements: tuple[AgreedGrade, ...] = ()
    reason_code: DisputeReason
    reasons: ReasonsOfDecision


class ModerationCancelled(Event):
    """The moderation will not be finished (audit withdrawn, moderator gone). Out of every rate."""

    moderation: str


class ModerationSuperseded(Event):
    """What was moderated has since been corrected or resubmitted. Out of rates, not of history."""

    moderation: str
    cause: Literal["corrected", "returned", "reopened", "restated"]
