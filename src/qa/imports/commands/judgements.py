"""Commands that bring in audits and moderations made elsewhere, and that undo a batch.

The rows come checked by the reader of the file; here they meet what is already on record. One
unit of work takes the whole batch, so that a file is in or it is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qa.audit_tools import commands as audit_tools
from qa.audits import state as audit_state
from qa.audits.commands.loading import load_audit
from qa.audits.events import CaseAuditImported, CaseAuditVoided, case_audit_stream
from qa.audits.judgements import ImportedJudgement
from qa.audits.moderation_events import ModerationCancelled, ModerationImported
from qa.audits.state import CaseAudit
from qa.authorisation.context import Desk, Once, Work, command, reactions
from qa.core.errors import Fault, NotFound, NotNow, Refused
from qa.core.event import Event, RecordedEvent
from qa.core.words import Actor, AuditStatus, ModerationStatus, Resource, code_of
from qa.imports.commands.batches import BatchReversal, File, close_batch, differs, imported_id
from qa.imports.events import ImportBatchRecorded, ImportBatchReversed, batch_stream
from qa.people.commands.loading import load_organisation
from qa.people.decisions import Organisation
from qa.store.unit import Receipt


def imported_audit_id(reference: str) -> str:
    """The id of the audit that an imported reference stands for: the same for ever."""
    return imported_id("audit", reference)


def imported_moderation_id(reference: str) -> str:
    return imported_id("moderation", reference)


def imported_person_id(written: str) -> str:
    """The id under which a person named only in a file is kept: no account, no guess who it is."""
    return "written-" + code_of(written)


@dataclass(frozen=True, slots=True)
class ImportedAudit:
    """One audit as its file states it. `row` is its row under the headings."""

    row: int
    reference: str
    child: str
    auditor: str
    team: str
    audit_date: date
    overall: str
    judgements: Mapping[str, str] = field(default_factory=dict)
    practice_from: date | None = None
    practice_to: date | None = None
    submitted_on: date | None = None


@dataclass(frozen=True, slots=True)
class ImportedModeration:
    """One moderation as its file states it."""

    row: int
    reference: str
    audit: str
    moderator: str
    moderated_on: date
    overall: str
    judgements: Mapping[str, str] = field(default_factory=dict)
    stated_agreed: bool | None = None


@command
def import_audits(
    desk: Desk,
    *,
    file: File,
    tool: str,
    tool_version: int,
    audits: Sequence[ImportedAudit],
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Bring in audits. The response counts ``imported`` and ``already_there``.

    Raises:
        Refused: a reference is on record with other values; each such row is named.
    """
    with desk.work(by, once=once) as work:
        work.require("import", Resource())
        audit_tools.tool_version(work, tool, tool_version)
        organisation = load_organisation(work)
        batch = work.new_id()
        faults: list[Fault] = []
        events: list[tuple[str, CaseAuditImported, ImportedAudit]] = []
        already = 0
        for row in audits:
            audit = imported_audit_id(row.reference)
            state = load_audit(work, audit)
            event = _imported(row, tool, tool_version, organisation)
            if state.exists and state.status is not AuditStatus.VOIDED:
                if _same_audit(state, event):
                    already += 1
                else:
                    faults.append(differs(row.row, "audit_id", row.reference))
                continue
            events.append((audit, event, row))
        if faults:
            raise Refused(faults)
        for audit, event, row in events:
            work.append(
                case_audit_stream(audit),
                event,
                about=f"child:{row.child}",
                effective_on=row.audit_date,
                source=file.source(batch, row.row),
            )
        close_batch(work, batch, "audits", file, len(events), already)
    return work.receipt


def _imported(
    row: ImportedAudit, tool: str, tool_version: int, organisation: Organisation
) -> CaseAuditImported:
    code = code_of(row.team)
    known = organisation.teams.get(code)
    return CaseAuditImported(
        reference=row.reference,
        child=row.child,
        tool=tool,
        tool_version=tool_version,
        auditor=imported_person_id(row.auditor),
        auditor_as_written=row.auditor,
        team=code,
        team_name=row.team if known is None else known.name,
        service=code if known is None else known.service,
        service_name=row.team if known is None else known.service_name,
        audit_date=row.audit_date,
        submitted_on=row.submitted_on,
        practice_from=row.practice_from,
        practice_to=row.practice_to,
        judgements=tuple(
            ImportedJudgement(domain=domain, grade=grade)
            for domain, grade in row.judgements.items()
        ),
        overall=row.overall,
    )


def _same_audit(state: CaseAudit, event: CaseAuditImported) -> bool:
    held = state.imported
    if held is None:
        return False
    labels = {"team_name", "service_name", "service"}
    return held.model_dump(exclude=labels) == event.model_dump(exclude=labels)


@command
def import_moderations(
    desk: Desk,
    *,
    file: File,
    moderations: Sequence[ImportedModeration],
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Bring in moderations of audits that were imported or made here.

    Raises:
        Refused: unknown audit, own moderation, or a reference on record with other values.
    """
    with desk.work(by, once=once) as work:
        work.require("import", Resource())
        batch = work.new_id()
        faults: list[Fault] = []
        already = done = 0
        for row in moderations:
            held = desk.lookups.audit_with_reference(work.unit.connection, row.audit)
            audit = held or imported_audit_id(row.audit)
            state = load_audit(work, audit)
            moderation = imported_moderation_id(row.reference)
            fault = _moderation_fault(state, moderation, row)
            if fault is not None:
                faults.append(fault)
                continue
            known = state.moderations.get(moderation)
            if known is not None and known.status.completed:
                already += 1
                continue
            work.append(
                case_audit_stream(audit),
                ModerationImported(
                    moderation=moderation,
                    reference=row.reference,
                    moderator=imported_person_id(row.moderator),
                    moderator_as_written=row.moderator,
                    moderated_on=row.moderated_on,
                    overall=row.overall,
                    judgements=tuple(
                        ImportedJudgement(domain=domain, grade=grade)
                        for domain, grade in row.judgements.items()
                    ),
                    stated_agreed=row.stated_agreed,
                ),
                about=state.about,
                effective_on=row.moderated_on,
                source=file.source(batch, row.row),
            )
            done += 1
        if faults:
            raise Refused(faults)
        close_batch(work, batch, "moderations", file, done, already)
    return work.receipt


def _moderation_fault(state: CaseAudit, moderation: str, row: ImportedModeration) -> Fault | None:
    def fault(column: str, code: str, sentence: str, value: str) -> Fault:
        return Fault(column, code, sentence, row=row.row, column=column, value=value)

    if not state.exists or state.status in (AuditStatus.VOIDED, AuditStatus.WITHDRAWN):
        return fault(
            "audit_id", "audit-unknown", f"There is no audit {row.audit} on record.", row.audit
        )
    if imported_person_id(row.moderator) in state.began_by:
        return fault(
            "moderator",
            "began-audit",
            "Nobody moderates an audit they began.",
            row.moderator,
        )
    known = state.moderations.get(moderation)
    if known is not None and known.status.completed:
        if (known.overall, known.moderator) != (row.overall, imported_person_id(row.moderator)):
            return differs(row.row, "moderation_id", row.reference)
        return None
    current = state.current_moderation
    if current is not None and current.id != moderation:
        return fault(
            "audit_id",
            "already-moderated",
            f"The audit {row.audit} already has a moderation.",
            row.audit,
        )
    return None


@command
def reverse_import(
    desk: Desk,
    *,
    batch: str,
    reason: str,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Undo a batch by later events: its audits become void, its moderations are cancelled, its
    actions leave their plan, its reviews and measures are withdrawn, its indicators and their
    values are taken back.

    Raises:
        NotFound: no such batch.   NotNow: already reversed, or of a kind that stays.
        Refused: no reason given.
    """
    with desk.work(by, once=once, reason=reason) as work:
        work.require("reverse-import", Resource())
        if not reason.strip():
            raise Refused("Say why the batch is undone.", field="reason", code="reason-missing")
        state = work.unit.load(batch_stream(batch), _evolve_batch, _Batch())
        if not state.recorded:
            raise NotFound("There is no such import batch.")
        if state.reversed:
            raise NotNow("This batch is already reversed.", code="already-reversed")
        brought = desk.lookups.records_of_batch(work.unit.connection, batch)
        streams = [stream for stream, _ in brought]
        if state.kind in ("audits", "moderations"):
            records = _undo_audits(work, brought)
        else:
            (undoing,) = (one for one in reactions(BatchReversal) if state.kind in one.kinds)
            records = undoing.undo(work, batch, streams)
        work.append(batch_stream(batch), ImportBatchReversed(batch=batch, records=records))
        work.unit.respond(batch=batch, records=records)
    return work.receipt


def _undo_audits(work: Work, brought: Sequence[tuple[str, str | None]]) -> int:
    """Void the audits and cancel the moderations that a batch brought; how many records."""
    records = 0
    for stream, moderation in brought:
        audit = work.unit.load(stream, audit_state.evolve, CaseAudit())
        undone = _undo(audit, moderation)
        work.append(stream, *undone, about=audit.about)
        records += bool(undone)
    return records


@dataclass(frozen=True, slots=True)
class _Batch:
    kind: str = ""
    recorded: bool = False
    reversed: bool = False


def _evolve_batch(state: _Batch, recorded: RecordedEvent[Any]) -> _Batch:
    match recorded.event:
        case ImportBatchRecorded() as event:
            return _Batch(event.kind, recorded=True)
        case ImportBatchReversed():
            return _Batch(state.kind, recorded=True, reversed=True)
        case _:
            return state


def _undo(audit: CaseAudit, moderation: str | None) -> list[Event]:
    """What takes an imported audit, or one imported moderation of it, out of the figures."""
    ended = (ModerationStatus.CANCELLED, ModerationStatus.SUPERSEDED)
    live = [m.id for m in audit.moderations.values() if m.status not in ended]
    if moderation is not None:
        return [ModerationCancelled(moderation=moderation)] if moderation in live else []
    if audit.status is AuditStatus.VOIDED:
        return []
    return [*(ModerationCancelled(moderation=m) for m in live), CaseAuditVoided()]
