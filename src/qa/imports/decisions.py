"""Decisions on what a file brings: lasting ids, what is on record, what is undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import starmap
from typing import Any

from qa.audits.comparison import GradesGiven
from qa.audits.correction import supersede_completed
from qa.audits.events import CaseAuditImportCorrected, CaseAuditImported, CaseAuditVoided
from qa.audits.judgements import ImportedJudgement, StatedAudit, StatedText
from qa.audits.moderation_events import (
    ModerationCancelled,
    ModerationImported,
    ModerationSuperseded,
)
from qa.audits.state import CaseAudit
from qa.core.carry import carry
from qa.core.errors import Fault, Forbidden, NotFound, NotNow, Refused
from qa.core.event import Event, RecordedEvent
from qa.core.words import AuditStatus, ModerationStatus, code_of, imported_person_id
from qa.imports.changes import (
    ChangedCell,
    as_text,
    changed_cells,
    differs,
    speaks_of,
)
from qa.imports.events import ImportBatchRecorded, ImportBatchReversed
from qa.imports.reversal_commands import ReverseImport
from qa.imports.rows import ImportedAudit, ImportedModeration
from qa.people.teams import Organisation


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


@lru_cache(4096)
def imported_judgement(domain: str, grade: str) -> ImportedJudgement:
    """One that never changes: a file says the same few thousands of times."""
    return ImportedJudgement(domain=domain, grade=grade)


def imported(
    row: ImportedAudit, tool: str, tool_version: int, organisation: Organisation
) -> CaseAuditImported:
    code = code_of(row.team)
    known = organisation.teams.get(code)
    service, service_name = code, row.team
    if row.service:
        named = {
            name.casefold(): service_code for service_code, name in organisation.services.items()
        }
        service = named.get(row.service.casefold(), code_of(row.service))
        service_name = organisation.services.get(service, row.service)
    elif known is not None:
        service, service_name = known.service, known.service_name
    return carry(
        CaseAuditImported,
        row,
        tool=tool,
        tool_version=tool_version,
        auditor=imported_person_id(row.auditor),
        auditor_as_written=row.auditor,
        team=code,
        team_name=row.team if known is None else known.name,
        service=service,
        service_name=service_name,
        judgements=tuple(starmap(imported_judgement, row.judgements.items())),
        texts=tuple(StatedText(part=part, text=text) for part, text in row.texts.items()),
    )


BRINGS = (CaseAuditImported, ModerationImported)
_BY_COLUMN: Mapping[str, tuple[str, ...]] = {
    "audit_date": ("audit_date",),
    "auditor": ("auditor", "auditor_as_written"),
    "team": ("team", "team_name"),
    "service": ("service", "service_name"),
    "overall": ("overall",),
    "submitted_on": ("submitted_on",),
    "practice_from": ("practice_from",),
    "practice_to": ("practice_to",),
}
"""The columns of a file of audits, each with the fields of the event: the first is compared, the
last is told."""


def brought_audit(
    state: CaseAudit,
    event: CaseAuditImported,
    row: ImportedAudit,
    *,
    columns: Collection[str] | None,
    corrects: bool,
) -> list[Event]:
    """What a row brings to an audit; nothing where it is on record as the row states it. A file
    says nothing of the fields that it has no column for; without `columns` it has one for each.

    Raises:
        Refused: made here, of another child or tool, or withdrawn; or on record with other values,
            unless it `corrects` them.
    """
    if not state.exists:
        return [event]
    earlier = state.imported
    if earlier is None:
        raise _unfit(row, "audit-made-here", "was made in Caseloop: a file cannot change it")
    if earlier.child != event.child:
        raise _unfit(row, "other-child", "is on record as an audit of another child")
    if earlier.tool != event.tool:
        raise _unfit(row, "other-tool", f"is on record as made with the tool {earlier.tool}")
    old, new = earlier.stated, _stated_anew(earlier.stated, event.stated, columns)
    cells = [
        ChangedCell(column, as_text(getattr(old, names[-1])), as_text(getattr(new, names[-1])))
        for column, names in _BY_COLUMN.items()
        if getattr(old, names[0]) != getattr(new, names[0])
    ]
    cells += changed_cells(*(_by_domain(one.judgements) for one in (old, new)))
    cells += changed_cells(*({t.part: t.text for t in one.texts} for one in (old, new)))
    if not cells:
        return []
    if not state.stands:
        sentence = "no longer counts, and the file states it otherwise"
        raise _unfit(row, "audit-withdrawn", sentence)
    if not corrects:
        raise Refused([differs(row.row, "reference", row.reference, cells)])
    corrected = CaseAuditImportCorrected(old=old, new=new)
    lapses = corrected.regraded or old.auditor != new.auditor
    return [corrected, *(supersede_completed(state, cause="corrected") if lapses else ())]


def _unfit(row: ImportedAudit, code: str, words: str) -> Refused:
    sentence = f"{row.reference} {words}."
    return Refused([Fault("reference", code, sentence, row=row.row, value=row.reference)])


def _stated_anew(
    old: StatedAudit, new: StatedAudit, columns: Collection[str] | None
) -> StatedAudit:
    """What is on record with what a file says in its columns, in their place."""
    moves = speaks_of(columns, "team") and old.team != new.team
    taken = {
        name: getattr(new, name)
        for column, names in _BY_COLUMN.items()
        if speaks_of(columns, column) or (column == "service" and moves)
        if getattr(old, names[0]) != getattr(new, names[0])
        for name in names
    }
    for name, key in (("judgements", _column_of), ("texts", _part_of)):
        cells, stated = ({key(one): one for one in getattr(side, name)} for side in (old, new))
        for column in dict.fromkeys((*cells, *stated)):
            if speaks_of(columns, column):
                cells.pop(column, None)
                cells |= {column: stated[column]} if column in stated else {}
        taken[name] = tuple(cells.values())
    return old.model_copy(update=taken)


def _column_of(judged: ImportedJudgement) -> str:
    return f"domain:{judged.domain}"


def _part_of(stated: StatedText) -> str:
    return stated.part


def _by_domain(judgements: Iterable[ImportedJudgement]) -> Mapping[str, str]:
    return {f"domain:{one.domain}": one.grade for one in judgements}


def brought_moderation(
    state: CaseAudit,
    event: ModerationImported,
    row: ImportedModeration,
    *,
    moderator: str,
    began_by: Collection[str],
    columns: Collection[str] | None,
    corrects: bool,
) -> list[Event]:
    """What a row brings to the audit that it moderates; nothing where it is on record so.
    `moderator` and `began_by` are who the moderator, and whoever began the audit, count as.

    Raises:
        Refused: no such audit, one the moderator began, another moderation of it; or on record
            with other values, unless it `corrects` them.
    """

    def refused(column: str, code: str, sentence: str, value: str) -> Refused:
        return Refused([Fault(column, code, sentence, row=row.row, column=column, value=value)])

    if not state.stands:
        sentence = f"There is no audit {row.audit} on record."
        raise refused("audit_id", "audit-unknown", sentence, row.audit)
    if moderator in began_by:
        sentence = "Nobody moderates an audit they began."
        raise refused("moderator", "began-audit", sentence, row.moderator)
    given, own = GradesGiven.of(event.overall, event.judgements), state.grades
    if own is not None and bool(given.overall) != bool(own.overall):
        has = "an" if own.overall else "no"
        sentence = f"The tool of the audit {row.audit} has {has} overall grade. Say which tool."
        raise refused("audit_id", "other-tool", sentence, row.audit)
    if own is not None and not given.overall and own.domains.keys().isdisjoint(given.domains):
        sentence = f"The moderator graded no domain that the auditor of {row.audit} graded."
        raise refused("audit_id", "nothing-compared", sentence, row.audit)
    known = state.moderations.get(event.moderation)
    if known is not None and known.imported is not None and known.status.completed:
        before, wanted = (_moderation_cells(one, columns) for one in (known.imported, event))
        cells = changed_cells(before, wanted)
        if not cells:
            return []
        if not corrects:
            raise Refused([differs(row.row, "reference", row.reference, cells)])
        return [ModerationSuperseded(moderation=known.id, cause="restated"), event]
    current = state.current_moderation
    if current is not None and current.id != event.moderation:
        sentence = f"The audit {row.audit} already has a moderation."
        raise refused("audit_id", "already-moderated", sentence, row.audit)
    return [event]


def _moderation_cells(
    event: ModerationImported, columns: Collection[str] | None
) -> Mapping[str, object]:
    values = {
        "moderator": event.moderator,
        "moderated_on": event.moderated_on,
        "overall": event.overall,
        "stated_agreed": event.stated_agreed,
        **_by_domain(event.judgements),
    }
    return {name: value for name, value in values.items() if speaks_of(columns, name)}


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """A batch as its events leave it; `reversed_in` is the unit of work that undid it."""

    kind: str = ""
    recorded: bool = False
    reversed: bool = False
    reversed_in: str = ""


def evolve(state: ImportBatch, recorded: RecordedEvent[Any]) -> ImportBatch:
    match recorded.event:
        case ImportBatchRecorded() as event:
            return ImportBatch(event.kind, recorded=True)
        case ImportBatchReversed():
            return ImportBatch(state.kind, True, True, recorded.meta.correlation_id)
        case _:
            return state


def reversible(batch: ImportBatch, command: ReverseImport) -> None:
    """Raises `NotFound` for no batch, `NotNow` for one reversed, `Refused` without a reason."""
    if not batch.recorded:
        raise NotFound("There is no such import batch.")
    if batch.reversed:
        raise NotNow("This batch is already reversed.", code="already-reversed")
    command.refuse_faults()


def goes_on(batch: ImportBatch) -> None:
    """Raises `NotNow` where a batch was undone before the rest of its file came."""
    if batch.reversed:
        raise NotNow("The import was undone before it was through.", code="batch-undone")


@dataclass(frozen=True, slots=True)
class BroughtEvents:
    """What one batch brought to an audit, and the imported moderations that stood before it."""

    batch: str
    events: tuple[Event, ...] = ()
    before: Mapping[str, ModerationImported] = field(default_factory=dict)


def evolve_brought(state: BroughtEvents, recorded: RecordedEvent[Any]) -> BroughtEvents:
    event, source = recorded.event, recorded.meta.source
    if source is not None and source.batch == state.batch:
        return replace(state, events=(*state.events, event))
    if state.events:
        return state
    match event:
        case ModerationImported():
            return replace(state, before={**state.before, event.moderation: event})
        case ModerationCancelled() | ModerationSuperseded():
            left = {m: each for m, each in state.before.items() if m != event.moderation}
            return replace(state, before=left)
        case _:
            return state


def undo(audit: CaseAudit, brought: BroughtEvents) -> list[Event]:
    """What takes back what a batch brought: an imported audit becomes void, an imported moderation
    cancelled, and what was corrected is again as it was before, unless it changed since."""
    if audit.status is AuditStatus.VOIDED:
        return []
    undone: list[Event] = []
    ended = (ModerationStatus.CANCELLED, ModerationStatus.SUPERSEDED)
    live = [m.id for m in audit.moderations.values() if m.status not in ended]
    for event in brought.events:
        match event:
            case CaseAuditImported():
                return [*(ModerationCancelled(moderation=m) for m in live), CaseAuditVoided()]
            case CaseAuditImportCorrected() if (
                audit.imported is not None and audit.imported.stated == event.new
            ):
                back = CaseAuditImportCorrected(old=event.new, new=event.old)
                undone.append(back)
                if back.regraded:
                    undone += supersede_completed(audit, cause="corrected")
            case ModerationImported() if (
                event.moderation in live and audit.moderations[event.moderation].imported == event
            ):
                before = brought.before.get(event.moderation)
                if before is None:
                    undone.append(ModerationCancelled(moderation=event.moderation))
                else:
                    again = ModerationSuperseded(moderation=event.moderation, cause="restated")
                    undone += [again, before]
    return undone
