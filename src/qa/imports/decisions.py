"""Decisions on what a file brings: lasting ids, what is on record, what is undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qa.audits.events import CaseAuditImported, CaseAuditVoided
from qa.audits.judgements import ImportedJudgement
from qa.audits.moderation_events import ModerationCancelled
from qa.audits.state import CaseAudit
from qa.core.errors import Fault, Forbidden, NotFound, NotNow, Refused
from qa.core.event import Event, RecordedEvent
from qa.core.words import AuditStatus, ModerationStatus, code_of
from qa.imports.events import ImportBatchRecorded, ImportBatchReversed
from qa.imports.reversal_commands import ReverseImport
from qa.imports.rows import ImportedAudit, ImportedModeration, imported_person_id
from qa.people.teams import Organisation


def differs(row: int, column: str, value: str) -> Fault:
    return Fault(
        column,
        "already-imported-otherwise",
        f"{value} is on record with other values. Reverse the earlier batch first, or give this "
        "row another reference.",
        row=row,
        column=column,
        value=value,
    )


def row_in_reach(allowed: bool, *, row: int, value: str) -> None:
    """Raises `Refused` for a row about a part of the council that the importer’s role does not
    reach, or about a child whose records are closed to them."""
    if not allowed:
        sentence = f"{value} is about records that your role does not reach."
        raise Refused([Fault("team", "row-out-of-reach", sentence, row=row, value=value)])


def batch_in_reach(allowed: bool) -> None:
    """Raises `Forbidden` for a batch with a record of another part of the council, or of a child
    whose records are closed to whoever undoes it: which of the two is not said."""
    if not allowed:
        sentence = "This batch holds records that your role does not reach."
        raise Forbidden(sentence, rule="reverse-import")


def on_record(held: object | None, wanted: object, *, row: int, column: str, value: str) -> bool:
    """Whether what a row states is on record already.

    Raises:
        Refused: it is, with other values.
    """
    if held is not None and held != wanted:
        raise Refused([differs(row, column, value)])
    return held is not None


def imported(
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


def audit_on_record(state: CaseAudit, event: CaseAuditImported, row: ImportedAudit) -> bool:
    """Whether the very same audit was brought in before and stands.

    Raises:
        Refused: the reference is on record with other values.
    """
    if not state.exists or state.status is AuditStatus.VOIDED:
        return False
    labels = {"team_name", "service_name", "service"}
    held = state.imported
    if held is None or held.model_dump(exclude=labels) != event.model_dump(exclude=labels):
        raise Refused([differs(row.row, "audit_id", row.reference)])
    return True


def moderation_on_record(state: CaseAudit, moderation: str, row: ImportedModeration) -> bool:
    """Whether the very same moderation of the audit was brought in before.

    Raises:
        Refused: no such audit, one the moderator began, another moderation of it, other values.
    """

    def refused(column: str, code: str, sentence: str, value: str) -> Refused:
        return Refused([Fault(column, code, sentence, row=row.row, column=column, value=value)])

    if not state.exists or state.status in (AuditStatus.VOIDED, AuditStatus.WITHDRAWN):
        sentence = f"There is no audit {row.audit} on record."
        raise refused("audit_id", "audit-unknown", sentence, row.audit)
    moderator = imported_person_id(row.moderator)
    if moderator in state.began_by:
        sentence = "Nobody moderates an audit they began."
        raise refused("moderator", "began-audit", sentence, row.moderator)
    known = state.moderations.get(moderation)
    if known is not None and known.status.completed:
        if (known.overall, known.moderator) != (row.overall, moderator):
            raise Refused([differs(row.row, "moderation_id", row.reference)])
        return True
    current = state.current_moderation
    if current is not None and current.id != moderation:
        sentence = f"The audit {row.audit} already has a moderation."
        raise refused("audit_id", "already-moderated", sentence, row.audit)
    return False


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """A batch as its events leave it."""

    kind: str = ""
    recorded: bool = False
    reversed: bool = False


def evolve(state: ImportBatch, recorded: RecordedEvent[Any]) -> ImportBatch:
    match recorded.event:
        case ImportBatchRecorded() as event:
            return ImportBatch(event.kind, recorded=True)
        case ImportBatchReversed():
            return ImportBatch(state.kind, recorded=True, reversed=True)
        case _:
            return state


def reversible(batch: ImportBatch, command: ReverseImport) -> None:
    """Raises `NotFound` for no batch, `NotNow` for one reversed, `Refused` without a reason."""
    if not batch.recorded:
        raise NotFound("There is no such import batch.")
    if batch.reversed:
        raise NotNow("This batch is already reversed.", code="already-reversed")
    command.refuse_faults()


def undo(audit: CaseAudit, moderation: str | None) -> list[Event]:
    """What takes an imported audit, or one imported moderation of it, out of the figures."""
    ended = (ModerationStatus.CANCELLED, ModerationStatus.SUPERSEDED)
    live = [m.id for m in audit.moderations.values() if m.status not in ended]
    if moderation is not None:
        return [ModerationCancelled(moderation=moderation)] if moderation in live else []
    if audit.status is AuditStatus.VOIDED:
        return []
    return [*(ModerationCancelled(moderation=m) for m in live), CaseAuditVoided()]
