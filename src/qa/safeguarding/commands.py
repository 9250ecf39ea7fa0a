"""What can be asked of an immediate safeguarding concern, and of the clock of all of them."""

from __future__ import annotations

from typing import Annotated

from qa.core.command import Command
from qa.core.fields import FieldWords, choice, target
from qa.core.frozen import Frozen
from qa.imports.commands.batches import BatchMade, File
from qa.safeguarding.events import (
    AcknowledgeWithin,
    BeingDone,
    EscalateEvery,
    EscalationsAtMost,
    Feared,
    ToldHow,
)
from qa.safeguarding.rows import ImportedConcern

AuditId = Annotated[str, target("The id of the audit.")]
ConcernId = Annotated[str, target("The id of the concern.")]
Manager = Annotated[str, choice("Manager you told")]


class ConcernRaised(Frozen):
    """The id of the concern, and of its audit."""

    concern: str
    audit: str


class RaiseConcern(Command, writes="safeguarding:{audit}", result=ConcernRaised):
    """Raise a concern from an audit; with `manager` and `how`, say at once who was told."""

    audit: AuditId
    what: Feared
    manager: Manager = ""
    how: Annotated[ToldHow | None, choice("How you told them")] = None


class TellManager(Command, stream="safeguarding:{audit}"):
    """Record that a named manager was told."""

    audit: AuditId
    concern: ConcernId
    manager: Manager
    how: Annotated[ToldHow, choice("How you told them", missing="Say how you told them.")]


class AcknowledgeConcern(Command, stream="safeguarding:{audit}"):
    """Answer for a concern, and say what is being done."""

    audit: AuditId
    concern: ConcernId
    doing: BeingDone


class EscalateConcerns(Command):
    """Tell the next ones up of every concern of the audit that nobody acknowledged in time.

    Nothing is saved where nothing is due, so it may run as often as one likes.
    """

    audit: AuditId


class ImportConcerns(Command, result=BatchMade):
    """Import concerns that were raised elsewhere, with what became of them."""

    file: Annotated[File, FieldWords(label="File")]
    rows: Annotated[tuple[ImportedConcern, ...], FieldWords(label="Rows")]


class SetSafeguardingPolicy(Command, stream="safeguarding-policy"):
    """Set the next version of the time limit for concerns."""

    acknowledge_within_minutes: AcknowledgeWithin
    escalate_every_minutes: EscalateEvery
    escalations_at_most: EscalationsAtMost
