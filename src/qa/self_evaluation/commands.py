"""What can be asked of a self-evaluation."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel

from qa.core.command import Command
from qa.core.fields import FieldWords, choice, day, derived, reason_text, short_text, target
from qa.core.frozen import Frozen
from qa.publishing.events import PublishedLetterhead, ReportAsked
from qa.quarterly.events import RowPart
from qa.self_evaluation.events import (
    ClaimArea,
    ClaimId,
    EvidenceId,
    EvidenceRecordKind,
    FigureAsTied,
    FigureSeenAgain,
    HowKnown,
    Known,
    WillDo,
)

At = Annotated[int, derived("The entry of the log that it is known at.")]
OnDay = Annotated[date, derived("The day that it is known at.")]


EvaluationTitle = Annotated[
    str,
    short_text(
        "Title",
        "For example, Self-evaluation 2026/27",
        missing="Give the self-evaluation a title.",
        longest=160,
    ),
]
FirstDay = Annotated[date, day("First day of the period", missing="Enter the first day.")]
LastDay = Annotated[date, day("Last day of the period", missing="Enter the last day.")]


class SelfEvaluationMade(Frozen):
    """The id of the self-evaluation."""

    evaluation: str


class StartSelfEvaluation(Command):
    """Begin a self-evaluation."""

    WRITES: ClassVar[str] = "self-evaluation:{evaluation}"
    RESULT: ClassVar[type[BaseModel]] = SelfEvaluationMade
    title: EvaluationTitle
    council: Annotated[
        str, short_text("Council", missing="Say which council it is of.", longest=120)
    ]
    start: FirstDay
    end: LastDay


class OfSelfEvaluation(Command):
    """What is asked of a self-evaluation that there is."""

    STREAM: ClassVar[str] = "self-evaluation:{of}"
    of: Annotated[str, target("The id of the self-evaluation.")]


class ChangeSelfEvaluation(OfSelfEvaluation):
    """Give a draft another title or period. Copies that were frozen keep theirs."""

    title: EvaluationTitle
    start: FirstDay
    end: LastDay


class EvaluationClaimResult(Frozen):
    """The id of the claim."""

    claim: str


class MakeEvaluationClaim(OfSelfEvaluation):
    """Add a claim under a judgement area."""

    RESULT: ClassVar[type[BaseModel]] = EvaluationClaimResult
    area: ClaimArea
    known: Known
    how_known: HowKnown
    will_do: WillDo


class ChangeEvaluationClaim(OfSelfEvaluation):
    """Word a claim otherwise, or put it under another area."""

    claim: ClaimId
    area: ClaimArea
    known: Known
    how_known: HowKnown
    will_do: WillDo


class WithdrawEvaluationClaim(OfSelfEvaluation):
    """Take a claim back, with its evidence. Copies that were frozen keep it."""

    claim: ClaimId
    reason: Annotated[str, reason_text(missing="Say why it is no longer claimed.")]


class EvidenceResult(Frozen):
    """The number of the piece of evidence, such as E4."""

    evidence: str


class TieEvaluationFigure(OfSelfEvaluation):
    """Tie a claim to a figure of a report as it is now. Refused for a report or a figure that the
    caller may not see."""

    RESULT: ClassVar[type[BaseModel]] = EvidenceResult
    claim: ClaimId
    asked: Annotated[ReportAsked, FieldWords(label="Report", target=True)]
    figure: Annotated[str, choice("Figure", missing="Choose a figure of the report.")]
    row: tuple[RowPart, ...] = ()
    told: Annotated[FigureAsTied, derived("The figure as it is now.")]
    position: At
    as_at: OnDay


class TieEvaluationRecord(OfSelfEvaluation):
    """Tie a claim to an audit, to an action of an audit or to an action of a plan. Refused alike
    for a record that the caller may not open and for one that there is not."""

    RESULT: ClassVar[type[BaseModel]] = EvidenceResult
    claim: ClaimId
    named: Annotated[
        str,
        short_text(
            "Audit or action",
            "The reference of an audit, or the address of the page of an audit or an action, "
            "copied from your browser.",
            missing="Say which audit or action it is.",
            longest=400,
        ),
    ]
    kind: Annotated[EvidenceRecordKind, derived("What is named.")]
    record: Annotated[str, derived("The id of what is named.")]
    position: At
    as_at: OnDay


class UntieEvaluationEvidence(OfSelfEvaluation):
    """Take a piece of evidence away from a claim."""

    claim: ClaimId
    evidence: EvidenceId
    reason: Annotated[str, reason_text(missing="Say why it no longer bears the claim out.")]


class ConfirmEvaluationClaim(OfSelfEvaluation):
    """Say that a claim whose evidence moved is still true. Refused while some of what moved is
    closed to the caller."""

    claim: ClaimId
    note: Annotated[
        str,
        reason_text(
            "Why is the claim still true?",
            "Weigh what changed. Name no child and no worker.",
            missing="Say why the claim is still true.",
        ),
    ]
    moved: Annotated[int, derived("How many pieces of its evidence moved.")]
    figures: Annotated[tuple[FigureSeenAgain, ...], derived("Its figures as they are now.")]
    position: At
    as_at: OnDay


class SendEvaluationForReview(OfSelfEvaluation):
    """Ask somebody else to review it as known at the moment of the request. Refused while the
    evidence of a claim has moved, and with 503 while a read model that it is made from is
    behind."""

    reviewer: Annotated[
        str, choice("Who reviews it?", "Somebody other than you.", missing="Say who reviews it.")
    ]
    moved: Annotated[int, derived("How many claims have evidence that moved.")]
    position: At
    as_at: OnDay
    sha256: Annotated[str, derived("The SHA-256 of its JSON for readers outside.")]
    rendering: Annotated[int, derived("The version of the layout that its files are written by.")]
    letterhead: Annotated[PublishedLetterhead, derived("Whose files they are.")] = (
        PublishedLetterhead()
    )


class ReturnSelfEvaluation(OfSelfEvaluation):
    """Send it back to be changed."""

    reason: Annotated[
        str, reason_text("What has to be changed?", missing="Say what has to be changed.")
    ]


class CopyFrozen(Frozen):
    """The number of the copy."""

    copy_number: int


class FreezeSelfEvaluation(OfSelfEvaluation):
    """Agree it as it was sent for review: it is frozen as a copy that never changes."""

    RESULT: ClassVar[type[BaseModel]] = CopyFrozen
    sha256: Annotated[str, derived("The SHA-256 of its JSON, made again.")]
