"""Events of what a practitioner says to the audit of their case (stream ``response:<audit>``)."""

from __future__ import annotations

from typing import Annotated, Literal

from qa.core.event import Event
from qa.core.fields import choice, long_text
from qa.core.frozen import SealedText

Outcome = Literal["put-right", "stands"]

Reflection = Annotated[
    SealedText,
    long_text(
        "What they take from it", missing="Say what you take from this audit.", code="text-long"
    ),
]
StatedWrongly = Annotated[
    SealedText,
    long_text(
        "What the audit states wrongly",
        missing="Say what the audit states wrongly.",
        code="text-long",
    ),
]
ShouldBe = Annotated[
    SealedText,
    long_text(
        "How it is, and where the file shows it",
        missing="Say how it is, and where the file shows it.",
        code="text-long",
    ),
]
DisputeOutcome = Annotated[Outcome, choice("Outcome", missing="Say whether it was put right.")]
DisputeAnswer = Annotated[
    SealedText,
    long_text("Answer", missing="Say what was put right, or why it stands.", code="text-long"),
]


def response_stream(audit: str) -> str:
    return f"response:{audit}"


class PractitionerReflected(Event):
    """What the practitioner takes from the audit. It stands beside the judgement for good."""

    audit: str
    text: Reflection


class FactDisputed(Event):
    """The practitioner says that the audit states a fact wrongly: what, and how it is."""

    audit: str
    dispute: str
    stated: StatedWrongly
    should_be: ShouldBe


class FactDisputeAnswered(Event):
    """The auditor or a QA lead put it right, or said why it stands."""

    dispute: str
    outcome: DisputeOutcome
    answer: DisputeAnswer
