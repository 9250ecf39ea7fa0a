"""Events of the immediate safeguarding concerns that an audit led to (stream
``safeguarding:<audit>``), and of the policy behind their clock (stream ``safeguarding-policy``).

A concern does not wait for the audit: it is an event while the audit is still a draft.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from qa.core.event import Event
from qa.core.fields import FieldWords, day, long_text, short_text, whole
from qa.core.frozen import Frozen, SealedText

ToldHow = Literal["in-person", "telephone", "message"]

Feared = Annotated[
    SealedText,
    long_text("What you fear for the child", missing="Say what you fear for the child, and why."),
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

    concern: str
    audit: str
    reference: str
    child: str
    team: str
    service: str
    what: Feared


class SafeguardingManagerTold(Event):
    """A named manager was told, and how. They acknowledge it by `acknowledge_by` (UTC)."""

    concern: str
    manager: Annotated[str, FieldWords(label="Managers informed")]
    how: Annotated[ToldHow, FieldWords(label="Told how")]
    acknowledge_by: AcknowledgeBy


class SafeguardingConcernEscalated(Event):
    """Nobody acknowledged it in time: `to` are told as well, by rung `rung` of the policy."""

    concern: str
    rung: Annotated[int, FieldWords(label="Rung of the escalation")]
    to: Annotated[tuple[str, ...], FieldWords(label="Managers informed")]
    acknowledge_by: AcknowledgeBy


class SafeguardingTeamChanged(Event):
    """The team was closed while nobody had acknowledged the concern: another one took over."""

    concern: str
    old_team: str
    new_team: str
    old_service: str
    new_service: str


class SafeguardingConcernAcknowledged(Event):
    """One of those who were told answers for it from now on, and says what is being done."""

    concern: str
    doing: BeingDone


class StatedConcern(Frozen):
    """What a file states of a concern: days, for it has no times, and people as it writes them."""

    what: Feared
    raised_on: Annotated[date, day("Raised on")]
    raised_by: Annotated[str, short_text("Raised by, as written in the file")] = ""
    manager: Annotated[str, short_text("Told, as written in the file")] = ""
    told_on: Annotated[date | None, day("Told on")] = None
    how: Annotated[ToldHow | None, FieldWords(label="Told how")] = None
    acknowledged_by: Annotated[str, short_text("Acknowledged by, as written in the file")] = ""
    acknowledged_on: Annotated[date | None, day("Acknowledged on")] = None
    doing: Annotated[SealedText, long_text("What is being done")] = ""

    @property
    def counted_from(self) -> date:
        """The day from which the time to acknowledge it runs."""
        return self.told_on or self.raised_on

    @property
    def last_day(self) -> date:
        return self.acknowledged_on or self.counted_from


class SafeguardingConcernImported(Event):
    """A file states that a concern was raised from an audit, and what became of it. Its
    `acknowledge_by` counts from the beginning of a day; nobody is told of it, and nothing waits."""

    concern: str
    audit: str
    reference: str
    child: str
    team: str
    service: str
    source: str
    stated: StatedConcern
    acknowledge_by: AcknowledgeBy


class SafeguardingConcernRestated(Event):
    """A later file says more of an imported concern, or, as a correction, says it otherwise."""

    concern: str
    old: StatedConcern
    new: StatedConcern
    acknowledge_by: AcknowledgeBy


class SafeguardingConcernImportWithdrawn(Event):
    """The file that brought the concern in was a mistake, for the reason in the envelope."""

    concern: str


class SafeguardingPolicySet(Event):
    """The time limit for concerns. Time runs day and night: no child waits for office hours."""

    policy_version: int
    acknowledge_within_minutes: AcknowledgeWithin
    escalate_every_minutes: EscalateEvery
    escalations_at_most: EscalationsAtMost


def safeguarding_stream(audit: str) -> str:
    return f"safeguarding:{audit}"
