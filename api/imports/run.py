"""Carries an import out: reads, checks against the store, and records it, or only shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy.engine import Connection

from api.imports.audits import FIELDS as AUDIT_FIELDS
from api.imports.audits import AuditRow, domain_fields, plan_audits
from api.imports.mapping import Field
from api.imports.moderations import FIELDS as MODERATION_FIELDS
from api.imports.moderations import PREFIXES, KnownAudit, ModerationRow, plan_moderations
from api.imports.plan import Plan
from api.imports.reading import SheetRows
from api.services import Services
from projections import audit_tools, case_audits
from qa.commands import imports as commands
from qa.commands.desk import Once
from qa.errors import Refused
from qa.tool_definition import ToolDefinition
from qa.words import Actor

Kind = Literal["audits", "moderations"]
DEFAULT_TOOL = "whole-case-file"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do.

    `facts` are the facts to be written, each with the row it comes from; `result` is what the
    command answered, None for a dry run.
    """

    plan: Plan[Any]
    facts: Sequence[Mapping[str, Any]]
    result: Mapping[str, Any] | None


def fields(connection: Connection, kind: Kind, tool: str) -> tuple[Field, ...]:
    """Every field that a heading of such a file can be read as.

    Raises:
        Refused: there is no such published tool.
    """
    definition, _ = _tool(connection, tool)
    if kind == "audits":
        return (*AUDIT_FIELDS, *domain_fields(definition))
    return (*MODERATION_FIELDS, *domain_fields(definition, PREFIXES))


def _tool(connection: Connection, tool: str) -> tuple[ToolDefinition, int]:
    row = audit_tools.tool(connection, tool)
    if row is None or row["latest"] == 0:
        raise Refused(f"There is no published tool {tool}.", field="tool", code="tool-unknown")
    definition = audit_tools.definition(connection, tool, row["latest"])
    if definition is None:
        raise Refused(f"There is no published tool {tool}.", field="tool", code="tool-unknown")
    return definition, row["latest"]


def _known(connection: Connection, reference: str) -> KnownAudit | None:
    audit = case_audits.by_reference(connection, reference)
    view = None if audit is None else case_audits.audit(connection, audit)
    if view is None or view.row["overall"] is None or view.row["audit_date"] is None:
        return None
    if view.row["status"] in ("voided", "withdrawn"):
        return None
    return KnownAudit(reference, date.fromisoformat(view.row["audit_date"]), view.row["overall"])


def run(
    services: Services,
    kind: Kind,
    sheet: SheetRows,
    said: Mapping[str, str],
    *,
    tool: str = DEFAULT_TOOL,
    dry_run: bool = False,
    skip_bad: bool = False,
    keep_contradicted: bool = False,
    by: Actor,
    once: Once | None = None,
) -> Outcome:
    """Bring a sheet in. Without `skip_bad` one bad row refuses the whole file.

    Raises:
        Refused: columns missing, or rows with faults; each named by row and column.
    """
    today = services.desk.today()
    with services.store.reading() as connection:
        definition, number = _tool(connection, tool)
        plan: Plan[Any]
        if kind == "audits":
            plan = plan_audits(sheet, said, tool=definition, today=today)
        else:
            plan = plan_moderations(
                sheet,
                said,
                tool=definition,
                today=today,
                audit_of=lambda reference: _known(connection, reference),
            )
    if dry_run:
        bad = {fault.row for fault in plan.standing(keep_contradicted)}
        rows = [row for row in plan.rows if row.row not in bad]
        return Outcome(plan, [_preview(row) for row in rows], None)
    accepted: list[Any] = list(plan.accept(skip_bad=skip_bad, keep_contradicted=keep_contradicted))
    file = commands.File(
        name=sheet.name,
        sha256=sheet.file_sha256,
        rows=len(sheet.rows),
        rejected=len(plan.rejected(keep_contradicted)),
        mapping=dict(plan.mapping.pairs()),
    )
    if kind == "audits":
        done = commands.import_audits(
            services.desk,
            file=file,
            tool=tool,
            tool_version=number,
            audits=[_audit(row) for row in accepted],
            by=by,
            once=once,
        )
    else:
        done = commands.import_moderations(
            services.desk,
            file=file,
            moderations=[_moderation(row) for row in accepted],
            by=by,
            once=once,
        )
    return Outcome(plan, [_preview(row) for row in accepted], done.response)


def _audit(row: AuditRow) -> commands.ImportedAudit:
    return commands.ImportedAudit(
        row=row.row,
        reference=row.reference,
        child=row.child,
        auditor=row.auditor,
        team=row.team or row.service or "not stated",
        audit_date=row.audit_date,
        overall=row.overall,
        judgements=row.judgements,
        practice_from=row.practice_from,
        practice_to=row.practice_to,
        submitted_on=row.submitted_on,
    )


def _moderation(row: ModerationRow) -> commands.ImportedModeration:
    return commands.ImportedModeration(
        row=row.row,
        reference=row.reference,
        audit=row.audit,
        moderator=row.moderator,
        moderated_on=row.moderated_on,
        overall=row.overall,
        judgements=row.judgements,
        stated_agreed=row.stated_agreed,
    )


def _preview(row: AuditRow | ModerationRow) -> dict[str, Any]:
    """The fact a row becomes, in short."""
    audit = isinstance(row, AuditRow)
    data = row.model_dump(mode="json", exclude={"line"}, exclude_none=True)
    return {"fact": "CaseAuditImported" if audit else "ModerationImported", **data}
