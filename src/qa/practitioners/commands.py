"""What practitioners can ask on the audits of their own cases, and how they are answered."""

from __future__ import annotations

from typing import Annotated

from qa.core.command import Command
from qa.core.fields import target
from qa.core.frozen import Frozen
from qa.practitioners.events import (
    DisputeAnswer,
    DisputeOutcome,
    Reflection,
    ShouldBe,
    StatedWrongly,
)

AuditId = Annotated[str, target("The id of the audit.")]


class ReflectOnAudit(Command, stream="response:{audit}"):
    """Say what one takes from the audit of one's own case."""

    audit: AuditId
    text: Reflection


class FactDisputeMade(Frozen):
    """The id of the dispute."""

    dispute: str


class DisputeFact(Command, stream="response:{audit}", result=FactDisputeMade):
    """Say that the audit of one's own case states a fact wrongly."""

    audit: AuditId
    stated: StatedWrongly
    should_be: ShouldBe


class AnswerFactDispute(Command, stream="response:{audit}"):
    """Answer where a fact of the audit is disputed: put right (by a correction of its own), or why
    it stands."""

    audit: AuditId
    dispute: Annotated[str, target("The id of the dispute.")]
    outcome: DisputeOutcome
    answer: DisputeAnswer
