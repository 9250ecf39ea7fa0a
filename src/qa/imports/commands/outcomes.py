"""What became of imported audits: what is asked for, and how it is carried out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from qa.audits.events import (
    CaseAuditReopened,
    CaseAuditVoided,
    CaseAuditWithdrawn,
    case_audit_stream,
)
from qa.audits.loading import load_audit
from qa.audits.reacting import tell_ended
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.authorisation.policy import can
from qa.core.command import Command
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.event import Event
from qa.core.fields import FieldWords
from qa.core.naming import reference_key
from qa.core.words import SOMEWHERE, Resource
from qa.imports import decisions
from qa.imports.commands.batches import BatchMade, File, close_batch
from qa.imports.commands.judgements import with_audits
from qa.imports.outcome_decisions import (
    ImportedOutcome,
    bring_outcome,
)


class ImportAuditOutcomes(Command, result=BatchMade):
    """Say of imported audits which grade is final, and which of them do not count."""

    file: Annotated[File, FieldWords(label="File")]
    rows: Annotated[tuple[ImportedOutcome, ...], FieldWords(label="Rows")]


def audit_where(state: CaseAudit) -> Resource:
    """Where an audit is, for the reach of whoever sends or undoes a file."""
    return Resource(service=state.service, team=state.team, child=reference_key(state.child))


@handles(ImportAuditOutcomes)
def import_outcomes(command: ImportAuditOutcomes, work: Work) -> BatchMade:
    work.require("import", SOMEWHERE)
    batch = work.new_id()
    faults: list[Fault] = []
    brought: list[tuple[ImportedOutcome, CaseAudit, Sequence[Event]]] = []
    for row, audit in with_audits(work, command.rows):
        state = load_audit(work, audit)
        try:
            allowed = can(work.by, "import", audit_where(state)).allowed
            decisions.row_in_reach(allowed, row=row.row, value=row.audit)
            found = bring_outcome(state, row, corrects=bool(command.file.corrects))
        except Refused as refused:
            faults += refused.faults
            continue
        brought.append((row, state, found))
    refuse_any(faults)
    corrected = 0
    for row, state, events in brought:
        again = any(isinstance(event, CaseAuditReopened) for event in events)
        work.append(
            case_audit_stream(state.id),
            *events,
            about=state.about,
            effective_on=row.on,
            reason=command.file.corrects if again else row.reason,
            source=command.file.source(batch, row.row),
        )
        corrected += again
        for event in events:
            if isinstance(event, CaseAuditWithdrawn | CaseAuditVoided):
                withdrawn = isinstance(event, CaseAuditWithdrawn)
                tell_ended(work, state, "audit-withdrawn" if withdrawn else "audit-voided")
    new = sum(bool(events) for *_, events in brought) - corrected
    already = len(brought) - new - corrected
    return close_batch(work, batch, "audit-outcomes", command.file, new, already, corrected)
