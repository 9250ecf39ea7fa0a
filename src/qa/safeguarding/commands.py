"""What can be asked of an immediate safeguarding concern, and of the clock of all of them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel

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


class RaiseConcern(Command):
    """Raise a concern from an audit; with `manager` and `how`, say at once who was told."""

    WRITES: ClassVar[str] = "safeguarding:{audit}"
    RESULT: ClassVar[type[BaseModel]] = ConcernRaised
    audit: AuditId
    what: Feared
    manager: Manager = ""
    how: Annotated[ToldHow | None, choice("How you told them")] = None


class TellManager(Command):
    """Record that a named manager was told."""

    STREAM: ClassVar[str] = "safeguarding:{audit}"
    audit: AuditId
    concern: ConcernId
    manager: Manager
    how: Annotated[ToldHow, choice("How you told them", missing="Say how you told them.")]


class AcknowledgeConcern(Command):
    """Answer for a concern, and say what is being done."""

    STREAM: ClassVar[str] = "safeguarding:{audit}"
    audit: AuditId
    concern: ConcernId
    doing: BeingDone


class EscalateConcerns(Command):
    """Tell the next ones up of every concern of the audit that nobody acknowledged in time.

    Nothing is saved where nothing is due, so it may run as often as one likes.
    """

    audit: AuditId


class ImportConcerns(Command):
    """Import concerns that were raised elsewhere, with what became of them."""

    RESULT: ClassVar[type[BaseModel]] = BatchMade
    file: Annotated[File, FieldWords(label="File")]
    rows: Annotated[tuple[ImportedConcern, ...], FieldWords(label="Rows")]


class SetSafeguardingPolicy(Command):
    """Set the next version of the time limit for concerns."""

    STREAM: ClassVar[str] = "safeguarding-policy"
    acknowledge_within_minutes: AcknowledgeWithin
    escalate_every_minutes: EscalateEvery
    escalations_at_most: EscalationsAtMost
