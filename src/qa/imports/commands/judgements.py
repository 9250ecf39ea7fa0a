"""Audits and moderations made elsewhere: what is asked for, and how it is carried out.

The rows come checked by the reader of the file; here they meet what is already on record. One
unit of work takes the whole batch, so that a file is in or it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from itertools import starmap
from typing import Annotated, Protocol, TypeVar

from qa.audit_tools import loading as audit_tools
from qa.audits.events import case_audit_stream
from qa.audits.loading import load_audit
from qa.audits.moderation_events import ModerationImported
from qa.audits.state import CaseAudit, sealed_under
from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.authorisation.policy import can
from qa.core.carry import carry
from qa.core.command import Command
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.event import Event
from qa.core.fields import FieldWords
from qa.core.naming import reference_key
from qa.core.words import SOMEWHERE, AuditStatus, Resource, imported_person_id
from qa.imports import decisions
from qa.imports.commands.batches import BatchMade, File, close_batch
from qa.imports.events import batch_stream
from qa.imports.rows import (
    ImportedAudit,
    ImportedModeration,
    imported_audit_id,
    imported_moderation_id,
)
from qa.people.loading import counts_as, load_organisation

AT_ONCE = 500
"""Streams that are read in one round trip."""
Columns = Annotated[tuple[str, ...] | None, FieldWords(label="Columns")]


class ImportAudits(Command, result=BatchMade):
    """Import audits made elsewhere. `columns` are the fields that the file has a column for: it
    says nothing of the others. Without, every field is spoken of."""

    file: Annotated[File, FieldWords(label="File")]
    tool: Annotated[str, FieldWords(label="Tool")]
    tool_version: Annotated[int, FieldWords(label="Version of the tool")]
    audits: Annotated[tuple[ImportedAudit, ...], FieldWords(label="Rows")]
    columns: Columns = None


class ImportModerations(Command, result=BatchMade):
    """Import moderations of audits that were imported or made here."""

    file: Annotated[File, FieldWords(label="File")]
    moderations: Annotated[tuple[ImportedModeration, ...], FieldWords(label="Rows")]
    columns: Columns = None


def begun_batch(work: Work, file: File) -> str:
    """The batch that this begins or goes on with."""
    if not file.batch:
        return work.new_id()
    # Nothing follows its reversal.
    last = work.unit.newest(batch_stream(file.batch))
    if last is not None:
        decisions.goes_on(decisions.evolve(decisions.ImportBatch(), last))
    return file.batch


class NamesAudit(Protocol):
    @property
    def audit(self) -> str: ...


R = TypeVar("R", bound=NamesAudit)


def with_audits(
    work: Work, rows: Sequence[R], beside: Callable[[R, str], str] | None = None
) -> Iterator[tuple[R, str]]:
    """Each row with the id of the audit whose reference it gives, whether or not there is one.
    `beside` names the stream that is loaded with it."""
    audits: dict[str, str] = {}
    for at, row in enumerate(work.each(rows)):
        if at % AT_ONCE == 0:
            block = rows[at : at + AT_ONCE]
            named = {one.audit for one in block}
            ids = work.desk.lookups.audits_with_references(work.unit.connection, named)
            audits = {one: ids.get(one) or imported_audit_id(one) for one in named}
            also = [] if beside is None else [beside(one, audits[one.audit]) for one in block]
            work.unit.read_ahead(*map(case_audit_stream, audits.values()), *also)
        yield row, audits[row.audit]


def _in_reach(
    work: Work, row: ImportedAudit | ImportedModeration, service: str, team: str, child: str
) -> None:
    where = Resource(service=service, team=team, child=reference_key(child))
    decision = can(work.by, "import", where)
    decisions.row_in_reach(decision.allowed, row=row.row, value=row.reference)


_Brought = tuple[ImportedAudit | ImportedModeration, str, str, Sequence[Event]]
"""A row, whose key seals what it says, its audit, and the events it becomes."""


@handles(ImportAudits)
def import_audits(command: ImportAudits, work: Work) -> BatchMade:
    work.require("import", SOMEWHERE)
    audit_tools.tool_version(work, command.tool, command.tool_version)
    organisation = load_organisation(work)
    batch = begun_batch(work, command.file)
    faults: list[Fault] = []
    brought: list[_Brought] = []
    children: dict[str, str] = {}
    ids = [imported_audit_id(row.reference) for row in command.audits]
    streams = [case_audit_stream(audit) for audit in ids]
    for at, (row, audit) in enumerate(zip(work.each(command.audits), ids, strict=True)):
        if at % AT_ONCE == 0:
            work.unit.read_ahead(*streams[at : at + AT_ONCE])
            block = [one.child for one in command.audits[at : at + AT_ONCE]]
            known = work.desk.lookups.children_as_typed(work.unit.connection, block)
            children = {**known, **children}
        state = load_audit(work, audit)
        child = _child(state, row.child, children)
        if child != row.child:
            row = replace(row, child=child)
        event = decisions.imported(row, command.tool, command.tool_version, organisation)
        try:
            _in_reach(work, row, event.service, event.team, row.child)
            if state.exists:
                _in_reach(work, row, state.service, state.team, state.child)
            found = decisions.brought_audit(
                CaseAudit() if _undone(work, state) else state,
                event,
                row,
                columns=command.columns,
                corrects=bool(command.file.corrects),
            )
        except Refused as refused:
            faults += refused.faults
            continue
        brought.append((row, sealed_under(audit, row.child), audit, found))
    refuse_any(faults)
    return _save(work, batch, "audits", command.file, brought)


def _undone(work: Work, state: CaseAudit) -> bool:
    """Whether the audit is void because its batch was undone: a file may bring it anew."""
    if state.status is not AuditStatus.VOIDED or not state.batch:
        return False
    batch = work.unit.load(batch_stream(state.batch), decisions.evolve, decisions.ImportBatch())
    return batch.reversed_in in state.ended_in


def _child(state: CaseAudit, child: str, children: dict[str, str]) -> str:
    """A child's reference as this audit has it, or as it was first typed: here or in the file."""
    key = reference_key(child)
    if reference_key(state.child) == key:
        return state.child
    return children.setdefault(key, child)


@handles(ImportModerations)
def import_moderations(command: ImportModerations, work: Work) -> BatchMade:
    work.require("import", SOMEWHERE)
    batch = begun_batch(work, command.file)
    faults: list[Fault] = []
    brought: list[_Brought] = []
    who = cache(partial(counts_as, work))
    for row, audit in with_audits(work, command.moderations):
        state = load_audit(work, audit)
        event = carry(
            ModerationImported,
            row,
            moderation=imported_moderation_id(row.reference),
            moderator=imported_person_id(row.moderator),
            moderator_as_written=row.moderator,
            judgements=tuple(starmap(decisions.imported_judgement, row.judgements.items())),
        )
        try:
            _in_reach(work, row, state.service, state.team, state.child)
            found = decisions.brought_moderation(
                state,
                event,
                row,
                moderator=who(event.moderator),
                began_by={who(one) for one in state.began_by},
                columns=command.columns,
                corrects=bool(command.file.corrects),
            )
        except Refused as refused:
            faults += refused.faults
            continue
        brought.append((row, state.about, audit, found))
    refuse_any(faults)
    return _save(work, batch, "moderations", command.file, brought)


def _save(work: Work, batch: str, kind: str, file: File, brought: Sequence[_Brought]) -> BatchMade:
    corrected = 0
    for at, (row, about, audit, events) in enumerate(brought):
        if at % AT_ONCE == 0:
            block = brought[at : at + AT_ONCE]
            work.unit.keys_ahead({key for one, key, _, new in block if new and _speaks(one)})
        corrects = len(events) > 0 and not isinstance(events[0], decisions.BRINGS)
        work.append(
            case_audit_stream(audit),
            *events,
            about=about,
            effective_on=_day(row),
            reason=file.corrects if corrects else None,
            source=file.source(batch, row.row),
        )
        corrected += corrects
    new = sum(bool(events) for *_, events in brought) - corrected
    return close_batch(work, batch, kind, file, new, len(brought) - new - corrected, corrected)


def _speaks(row: ImportedAudit | ImportedModeration) -> bool:
    """Whether it holds text that is sealed."""
    return isinstance(row, ImportedAudit) and bool(row.texts)


def _day(row: ImportedAudit | ImportedModeration) -> date:
    return row.audit_date if isinstance(row, ImportedAudit) else row.moderated_on
