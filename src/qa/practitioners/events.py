"""Facts of what a practitioner says to an audit of their own case (stream ``response:<audit>``)."""

from __future__ import annotations

from typing import ClassVar, Literal

from qa.core.event import Event
from qa.core.frozen import SealedText

Outcome = Literal["put-right", "stands"]


def response_stream(audit: str) -> str:
    return f"response:{audit}"


class PractitionerReflected(Event):
    """What the practitioner takes from the audit. It stands beside the judgement for good."""

    TYPE: ClassVar[str] = "PractitionerReflected"
    audit: str
    text: SealedText


class FactDisputed(Event):
    """The practitioner says that the audit states a fact wrongly: what, and how it is."""

    TYPE: ClassVar[str] = "FactDisputed"
    audit: str
    dispute: str
    stated: SealedText
    should_be: SealedText


class FactDisputeAnswered(Event):
    """The auditor or a QA lead put it right, or said why it stands."""

    TYPE: ClassVar[str] = "FactDisputeAnswered"
    dispute: str
    outcome: Literal["put-right", "stands"]
    answer: SealedText
