"""Events of the immediate safeguarding concerns that an audit led to (stream
``safeguarding:<audit>``), and of the policy behind their clock (stream ``safeguarding-policy``).

A concern does not wait for the audit: it is an event while the audit is still a draft.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from qa.core.event import Event
from qa.core.fields import FieldWords, long_text, whole
from qa.core.frozen import SealedText

ToldHow = Literal["in-person", "telephone", "message"]

Feared = Annotated[
    SealedText,
    long_text("What is feared for the child", missing="Say what you fear for the child, and why."),
]
BeingDone = Annotated[
    SealedText,
    long_text("What is being done", missing="Say what is being done for the child."),
]
AcknowledgeBy = Annotated[datetime, FieldWords(label="To be acknowledged by")]


def _number(label: str, least: int, most: int) -> FieldWords:
    return whole(label, least, most, code="number-range")


AcknowledgeWithin = Annotated[int, _number("Minutes to acknowledge a concern", 5, 1440)]
EscalateEvery = Annotated[int, _number("Minutes between escalations", 5, 1440)]
EscalationsAtMost = Annotated[int, _number("Escalations at most", 1, 50)]


class SafeguardingConcernRaised(Event):
    """Somebody who read the file fears that a child is not safe now."""

    TYPE: ClassVar[str] = "SafeguardingConcernRaised"
    concern: str
    audit: str
    reference: str
    child: str
    team: str
    service: str
    what: Feared


class SafeguardingManagerTold(Event):
    """A named manager was told, and how. They acknowledge it by `acknowledge_by` (UTC)."""

    TYPE: ClassVar[str] = "SafeguardingManagerTold"
    concern: str
    manager: Annotated[str, FieldWords(label="Told")]
    how: Annotated[ToldHow, FieldWords(label="Told how")]
    acknowledge_by: AcknowledgeBy


class SafeguardingConcernEscalated(Event):
    """Nobody acknowledged it in time: `to` are told as well, by rung `rung` of the policy."""

    TYPE: ClassVar[str] = "SafeguardingConcernEscalated"
    concern: str
    rung: Annotated[int, FieldWords(label="Rung of the escalation")]
    to: Annotated[tuple[str, ...], FieldWords(label="Told")]
    acknowledge_by: AcknowledgeBy


class SafeguardingTeamChanged(Event):
    """The team was closed while nobody had acknowledged the concern: another one took over."""

    TYPE: ClassVar[str] = "SafeguardingTeamChanged"
    concern: str
    old_team: str
    new_team: str
    old_service: str
    new_service: str


class SafeguardingConcernAcknowledged(Event):
    """One of those who were told answers for it from now on, and says what is being done."""

    TYPE: ClassVar[str] = "SafeguardingConcernAcknowledged"
    concern: str
    doing: BeingDone


class SafeguardingPolicySet(Event):
    """The time limit for concerns. Time runs day and night: no child waits for office hours."""

    TYPE: ClassVar[str] = "SafeguardingPolicySet"
    policy_version: int
    acknowledge_within_minutes: AcknowledgeWithin
    escalate_every_minutes: EscalateEvery
    escalations_at_most: EscalationsAtMost


def safeguarding_stream(audit: str) -> str:
    return f"safeguarding:{audit}"
