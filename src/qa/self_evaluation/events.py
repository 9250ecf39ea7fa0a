"""Events of a self-evaluation (stream ``self-evaluation:<id>``).

A claim stands under a judgement area and answers three questions: what do we know, how do we know
it, what will we do. It is tied to evidence as known at an entry of the log. Once somebody else has
reviewed it, the whole is frozen as a numbered copy, and the live one goes on.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from qa.audit_tools.definition import JudgementArea
from qa.core.event import Event
from qa.core.fields import FieldWords, choice, long_text
from qa.core.frozen import Frozen
from qa.publishing.events import PublishedLetterhead, ReportAsked
from qa.quarterly.events import RowPart


def self_evaluation_stream(evaluation: str) -> str:
    return f"self-evaluation:{evaluation}"


EvidenceRecordKind = Literal["audit", "action", "plan-action"]
"""The records that a claim can be tied to, beside figures."""

ClaimId = Annotated[str, FieldWords(label="Claim", target=True, pattern=r"^[0-9a-f]{32}$")]
EvidenceId = Annotated[
    str, FieldWords(label="Piece of evidence", target=True, pattern=r"^E[0-9]{1,5}$")
]
ClaimArea = Annotated[
    JudgementArea,
    choice("Judgement area", missing="Choose the judgement area of the claim."),
]
Known = Annotated[
    str,
    long_text(
        "What do we know?",
        "One claim about practice or its effect. Name no child and no worker.",
        missing="Say what you know.",
        longest=4000,
    ),
]
HowKnown = Annotated[
    str,
    long_text(
        "How do we know it?",
        "What the evidence shows, and how far it carries. Name no child and no worker.",
        missing="Say how you know it.",
        longest=4000,
    ),
]
WillDo = Annotated[
    str,
    long_text(
        "What will we do?",
        "What happens in the next twelve months, and by when.",
        missing="Say what you will do.",
        longest=4000,
    ),
]


class FigureAsTied(Frozen):
    """A figure as it was when somebody looked at it: its counts, its value in its own precision and
    as a page shows it."""

    numerator: int | None
    denominator: int | None
    value: str | None
    shown: str


class FigureSeenAgain(Frozen):
    """What the figure of a piece of evidence was when its claim was looked at again."""

    evidence: str
    told: FigureAsTied


class SelfEvaluationStarted(Event):
    """A self-evaluation of the council `council` was begun, of the period from `start` to `end`."""

    TYPE: ClassVar[str] = "SelfEvaluationStarted"
    evaluation: str
    title: str
    council: Annotated[str, FieldWords(label="Council")]
    start: Annotated[date, FieldWords(label="First day of the period")]
    end: Annotated[date, FieldWords(label="Last day of the period")]


class SelfEvaluationChanged(Event):
    """A draft has another title, or is of another period. Copies that were frozen keep theirs."""

    TYPE: ClassVar[str] = "SelfEvaluationChanged"
    title: str
    start: Annotated[date, FieldWords(label="First day of the period")]
    end: Annotated[date, FieldWords(label="Last day of the period")]


class EvaluationClaimMade(Event):
    """A claim was added under a judgement area."""

    TYPE: ClassVar[str] = "EvaluationClaimMade"
    claim: ClaimId
    area: ClaimArea
    known: Known
    how_known: HowKnown
    will_do: WillDo


class EvaluationClaimChanged(Event):
    """A claim is worded otherwise, or stands under another area."""

    TYPE: ClassVar[str] = "EvaluationClaimChanged"
    claim: ClaimId
    area: ClaimArea
    known: Known
    how_known: HowKnown
    will_do: WillDo


class EvaluationClaimWithdrawn(Event):
    """A claim is no longer made, and its evidence is gone with it; the reason is in the
    envelope."""

    TYPE: ClassVar[str] = "EvaluationClaimWithdrawn"
    claim: ClaimId


class EvaluationFigureTied(Event):
    """A claim was tied to one figure of a report, as recorded up to `position` on the day
    `as_at`. `row` names the row of the report."""

    TYPE: ClassVar[str] = "EvaluationFigureTied"
    claim: ClaimId
    evidence: EvidenceId
    asked: ReportAsked
    figure: Annotated[str, FieldWords(label="Figure")]
    row: tuple[RowPart, ...]
    told: FigureAsTied
    position: int
    as_at: Annotated[date, FieldWords(label="Recorded up to")]


class EvaluationRecordTied(Event):
    """A claim was tied to an audit or to an action, as recorded up to `position` on the day
    `as_at`. What the record was then is read there, by people it is open to."""

    TYPE: ClassVar[str] = "EvaluationRecordTied"
    claim: ClaimId
    evidence: EvidenceId
    kind: EvidenceRecordKind
    record: str
    position: int
    as_at: Annotated[date, FieldWords(label="Recorded up to")]


class EvaluationEvidenceUntied(Event):
    """A piece of evidence no longer bears a claim out; the reason is in the envelope."""

    TYPE: ClassVar[str] = "EvaluationEvidenceUntied"
    claim: ClaimId
    evidence: EvidenceId


class EvaluationClaimConfirmed(Event):
    """Somebody looked at evidence that had moved, and the claim is still true: its evidence is
    from now on as recorded up to `position` on the day `as_at`."""

    TYPE: ClassVar[str] = "EvaluationClaimConfirmed"
    claim: ClaimId
    note: str
    figures: tuple[FigureSeenAgain, ...]
    position: int
    as_at: Annotated[date, FieldWords(label="Recorded up to")]


class EvaluationSentForReview(Event):
    """Somebody was asked to review it as recorded up to `position`; `sha256` is that of its JSON
    for readers outside."""

    TYPE: ClassVar[str] = "EvaluationSentForReview"
    reviewer: Annotated[str, FieldWords(label="Who reviews it")]
    position: int
    as_at: Annotated[date, FieldWords(label="Recorded up to")]
    sha256: Annotated[str, FieldWords(label="SHA-256 of the copy")]
    rendering: int
    letterhead: PublishedLetterhead = PublishedLetterhead()


class EvaluationReturned(Event):
    """It went back to be changed; the reason is in the envelope."""

    TYPE: ClassVar[str] = "EvaluationReturned"


class SelfEvaluationFrozen(Event):
    """Its reviewer agreed it: as it was sent for review it stands for ever as the copy
    `copy_number`, and the live one goes on."""

    TYPE: ClassVar[str] = "SelfEvaluationFrozen"
    copy_number: Annotated[int, FieldWords(label="Copy")]
    position: int
    as_at: Annotated[date, FieldWords(label="Recorded up to")]
    sha256: Annotated[str, FieldWords(label="SHA-256 of the copy")]
    rendering: int
    letterhead: PublishedLetterhead = PublishedLetterhead()
