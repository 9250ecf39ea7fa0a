"""Carries out the undoing of import batches."""

from __future__ import annotations

from collections.abc import Sequence

from qa.audits import state as audit_state
from qa.audits.events import CaseAuditVoided
from qa.audits.reacting import tell_ended
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work, reactions
from qa.authorisation.handling import handles
from qa.authorisation.policy import can
from qa.core.words import SOMEWHERE
from qa.imports import decisions
from qa.imports.commands.batches import BatchReversal
from qa.imports.commands.outcomes import audit_where
from qa.imports.decisions import BroughtEvents, ImportBatch
from qa.imports.events import ImportBatchReversed, batch_stream
from qa.imports.outcome_decisions import BroughtOutcome, evolve_outcome, take_back_outcome
from qa.imports.reversal_commands import BatchUndone, ReverseImport


@handles(ReverseImport)
def reverse_import(command: ReverseImport, work: Work) -> BatchUndone:
    """Audits become void, moderations are cancelled; what other capabilities brought, they take
    back themselves."""
    work.require("send-file", SOMEWHERE)
    batch = command.batch
    state = work.unit.load(batch_stream(batch), decisions.evolve, ImportBatch())
    decisions.reversible(state, command)
    # Whoever takes something back says why, whatever capability it is of.
    work.reason = command.reason
    brought = work.desk.lookups.records_of_batch(work.unit.connection, batch)
    streams = [stream for stream, _ in brought]
    if state.kind in ("audits", "moderations", "audit-outcomes"):
        work.require("reverse-import", SOMEWHERE)
        records = _undo_audits(work, batch, streams, outcomes=state.kind == "audit-outcomes")
    else:
        (undoing,) = (one for one in reactions(BatchReversal) if state.kind in one.kinds)
        work.require(undoing.verb)
        records = undoing.undo(work, batch, streams)
    work.append(batch_stream(batch), ImportBatchReversed(batch=batch, records=records))
    return BatchUndone(batch=batch, records=records)


def _undo_audits(work: Work, batch: str, streams: Sequence[str], *, outcomes: bool) -> int:
    """Take back what a batch brought to audits, or said of their outcomes; how many of them."""
    records = 0
    for stream in dict.fromkeys(streams):
        audit = work.unit.load(stream, audit_state.evolve, CaseAudit())
        decisions.batch_in_reach(can(work.by, "reverse-import", audit_where(audit)).allowed)
        brought = BroughtEvents(batch)
        undone = (
            take_back_outcome(
                audit, work.unit.load(stream, evolve_outcome, BroughtOutcome(brought))
            )
            if outcomes
            else decisions.undo(audit, work.unit.load(stream, decisions.evolve_brought, brought))
        )
        work.append(stream, *undone, about=audit.about)
        if any(isinstance(event, CaseAuditVoided) for event in undone):
            tell_ended(work, audit, "audit-voided")
        records += bool(undone)
    return records
