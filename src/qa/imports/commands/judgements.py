"""Commands that bring in audits and moderations made elsewhere.

The rows come checked by the reader of the file; here they meet what is already on record. One
unit of work takes the whole batch, so that a file is in or it is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.audit_tools import loading as audit_tools
from qa.audits.events import CaseAuditImported, case_audit_stream
from qa.audits.judgements import ImportedJudgement
from qa.audits.loading import load_audit
from qa.audits.moderation_events import ModerationImported
from qa.audits.state import CaseAudit
from qa.authorisation.context import Desk, Once, Work, command
from qa.authorisation.policy import can
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.naming import reference_key
from qa.core.words import SOMEWHERE, Actor, Resource
from qa.imports import decisions
from qa.imports.commands.batches import File, close_batch
from qa.imports.rows import (
    ImportedAudit,
    ImportedModeration,
    imported_audit_id,
    imported_moderation_id,
    imported_person_id,
)
from qa.people.loading import load_organisation
from qa.store.unit import Receipt


def _in_reach(
    work: Work, row: ImportedAudit | ImportedModeration, service: str, team: str, child: str
) -> None:
    where = Resource(service=service, team=team, child=reference_key(child))
    held = can(work.by, "import", where)
    decisions.row_in_reach(held.allowed, row=row.row, value=row.reference)


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
        work.require("import", SOMEWHERE)
        audit_tools.tool_version(work, tool, tool_version)
        organisation = load_organisation(work)
        batch = work.new_id()
        faults: list[Fault] = []
        events: list[tuple[str, CaseAuditImported, ImportedAudit]] = []
        already = 0
        children: dict[str, str] = {}
        for row in audits:
            audit = imported_audit_id(row.reference)
            state = load_audit(work, audit)
            row = replace(row, child=_child(work, state, row.child, children))
            event = decisions.imported(row, tool, tool_version, organisation)
            try:
                _in_reach(work, row, event.service, event.team, row.child)
                if state.exists:
                    _in_reach(work, row, state.service, state.team, state.child)
                if decisions.audit_on_record(state, event, row):
                    already += 1
                else:
                    events.append((audit, event, row))
            except Refused as refused:
                faults += refused.faults
        refuse_any(faults)
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


def _child(work: Work, state: CaseAudit, child: str, children: dict[str, str]) -> str:
    """A child's reference as this audit has it, or as it was first typed: here or in the file."""
    key = reference_key(child)
    if reference_key(state.child) == key:
        return state.child
    if key not in children:
        children[key] = work.desk.lookups.child_as_typed(work.unit.connection, child)
    return children[key]


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
        work.require("import", SOMEWHERE)
        batch = work.new_id()
        faults: list[Fault] = []
        already = done = 0
        for row in moderations:
            held = desk.lookups.audit_with_reference(work.unit.connection, row.audit)
            audit = held or imported_audit_id(row.audit)
            state = load_audit(work, audit)
            moderation = imported_moderation_id(row.reference)
            try:
                _in_reach(work, row, state.service, state.team, state.child)
                if decisions.moderation_on_record(state, moderation, row):
                    already += 1
                    continue
            except Refused as refused:
                faults += refused.faults
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
        refuse_any(faults)
        close_batch(work, batch, "moderations", file, done, already)
    return work.receipt
