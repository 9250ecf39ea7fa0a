"""Events of the immediate safeguarding concerns that an audit led to (stream
``safeguarding:<audit>``), and of the policy behind their clock (stream ``safeguarding-policy``).

A concern does not wait for the audit: it is an event while the audit is still a draft.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal

from qa.core.event import Event
from qa.core.frozen import SealedText

ToldHow = Literal["in-person", "telephone", "message"]


class SafeguardingConcernRaised(Event):
    """Somebody who read the file fears that a child is not safe now."""

    TYPE: ClassVar[str] = "SafeguardingConcernRaised"
    concern: str
    audit: str
    reference: str
    child: str
    team: str
    service: str
    what: SealedText


class SafeguardingManagerTold(Event):
    """A named manager was told, and how. They acknowledge it by `acknowledge_by` (UTC)."""

    TYPE: ClassVar[str] = "SafeguardingManagerTold"
    concern: str
    manager: str
    how: ToldHow
    acknowledge_by: datetime


class SafeguardingConcernEscalated(Event):
    """Nobody acknowledged it in time: `to` are told as well, by rung `rung` of the policy."""

    TYPE: ClassVar[str] = "SafeguardingConcernEscalated"
    concern: str
    rung: int
    to: tuple[str, ...]
    acknowledge_by: datetime


class SafeguardingConcernAcknowledged(Event):
    """One of those who were told answers for it from now on, and says what is being done."""

    TYPE: ClassVar[str] = "SafeguardingConcernAcknowledged"
    concern: str
    doing: SealedText


class SafeguardingPolicySet(Event):
    """The clock of concerns. It runs day and night: a child does not wait for office hours."""

    TYPE: ClassVar[str] = "SafeguardingPolicySet"
    policy_version: int
    acknowledge_within_minutes: int
    escalate_every_minutes: int
    escalations_at_most: int


def safeguarding_stream(audit: str) -> str:
    return f"safeguarding:{audit}"
