"""Carries an import out: reads, checks against the store, and records it, or only shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy.engine import Connection

from api.audits.importer import FIELDS as AUDIT_FIELDS
from api.audits.importer import AuditRow, domain_fields, plan_audits
from api.imports.about import AboutPlan
from api.imports.mapping import Field
from api.imports.outcome import SheetOutcome
from api.imports.reading import SheetRows, read_sheet
from api.indicators import import_run
from api.indicators.import_run import FIELDS as INDICATOR_FIELDS
from api.indicators.import_run import IndicatorKind
from api.moderation.importer import FIELDS as MODERATION_FIELDS
from api.moderation.importer import PREFIXES, KnownAudit, ModerationRow, plan_moderations
from api.plans.importers import run as importers_run
from api.plans.importers.rag_scales import read_scale
from api.plans.importers.run import FIELDS as PLAN_FIELDS
from api.plans.importers.run import CheckedSheet, PlanKind
from api.services import Services
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from qa.audit_tools.definition import ToolDefinition
from qa.authorisation.context import Once
from qa.core.errors import Refused
from qa.core.words import Actor
from qa.imports.commands import judgements
from qa.imports.commands.batches import File
from qa.imports.rows import ImportedAudit, ImportedModeration

Kind = Literal["audits", "moderations"] | PlanKind | IndicatorKind
KINDS: Mapping[Kind, str] = {
    "audits": "Case audits: one row an audit",
    "moderations": "Moderations of audits that are on record",
    "rag-scale": "A RAG scale: one row a level",
    "plan": "An improvement plan: one row an action, or one row a part",
    "assessments": "Ratings of the actions of a plan",
    "measures": "Success measures of the actions of a plan",
    "measure-reports": "What is said of success measures",
    "indicators": "Indicators: one row an indicator, with its target",
    "observations": "Values of indicators: one row a period, or one column a period",
}
DEFAULT_TOOL = "whole-case-file"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do.

    `events` are the events to be written, each with the row it comes from; `result` is what the
    command answered, None for a dry run.
    """

    plan: SheetOutcome[Any]
    events: Sequence[Mapping[str, Any]]
    result: Mapping[str, Any] | None


def read_rows(
    kind: Kind, name: str, data: bytes, *, sheet: str | None = None
) -> tuple[SheetRows, Mapping[str, str]]:
    """The rows of a file, and what a YAML file of a scale says of the scale as a whole.

    Raises:
        Refused: the file as a whole is no table.
    """
    if kind == "rag-scale":
        return read_scale(name, data, sheet=sheet)
    return read_sheet(name, data, sheet=sheet), {}


def fields(connection: Connection, kind: Kind, tool: str) -> tuple[Field, ...]:
    """Every field that a heading of such a file can be read as.

    Raises:
        Refused: there is no such published tool.
    """
    if kind == "indicators" or kind == "observations":
        return INDICATOR_FIELDS[kind]
    if kind != "audits" and kind != "moderations":
        return PLAN_FIELDS[kind]
    definition, _ = _tool(connection, tool)
    if kind == "audits":
        return (*AUDIT_FIELDS, *domain_fields(definition))
    return (*MODERATION_FIELDS, *domain_fields(definition, PREFIXES))


def _tool(connection: Connection, tool: str) -> tuple[ToolDefinition, int]:
    row = tool_queries.tool(connection, tool)
    if row is None or row["latest"] == 0:
        raise Refused(f"There is no published tool {tool}.", field="tool", code="tool-unknown")
    definition = tool_queries.definition(connection, tool, row["latest"])
    if definition is None:
        raise Refused(f"There is no published tool {tool}.", field="tool", code="tool-unknown")
    return definition, row["latest"]


def _known(connection: Connection, reference: str) -> KnownAudit | None:
    audit = audit_queries.by_reference(connection, reference)
    view = None if audit is None else audit_queries.audit(connection, audit)
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
    about: AboutPlan | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    keep_contradicted: bool = False,
    by: Actor,
    once: Once | None = None,
) -> Outcome:
    """Bring a sheet in. Without `skip_bad` one bad row refuses the whole file.

    `tool` matters to audits and moderations, `about` to plans and what belongs to them, and to
    indicators.

    Raises:
        Refused: columns missing, or rows with faults; each named by row and column.
    """
    today = services.desk.today()
    if kind == "indicators" or kind == "observations":
        given = about or AboutPlan()
        with services.store.reading() as connection:
            found = import_run.check(connection, kind, sheet, said, given, today=today)
        taken = found.accept(skip_bad=dry_run or skip_bad)
        shown = [import_run.preview(kind, row) for row in taken]
        if dry_run:
            return Outcome(found, shown, None)
        recorded = import_run.record(
            services.desk, taken, _file(found), kind=kind, by=by, once=once
        )
        return Outcome(found, shown, recorded.response)
    if kind != "audits" and kind != "moderations":
        with services.store.reading() as connection:
            checked = importers_run.check(
                connection, kind, sheet, said, about or AboutPlan(), today=today
            )
        return _of_plan(services, checked, dry_run=dry_run, skip_bad=skip_bad, by=by, once=once)
    with services.store.reading() as connection:
        definition, number = _tool(connection, tool)
        plan: SheetOutcome[Any]
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
    file = _file(plan, keep_contradicted)
    if kind == "audits":
        done = judgements.import_audits(
            services.desk,
            file=file,
            tool=tool,
            tool_version=number,
            audits=[_audit(row) for row in accepted],
            by=by,
            once=once,
        )
    else:
        done = judgements.import_moderations(
            services.desk,
            file=file,
            moderations=[_moderation(row) for row in accepted],
            by=by,
            once=once,
        )
    return Outcome(plan, [_preview(row) for row in accepted], done.response)


def _of_plan(
    services: Services,
    checked: CheckedSheet,
    *,
    dry_run: bool,
    skip_bad: bool,
    by: Actor,
    once: Once | None,
) -> Outcome:
    """The same for what belongs to a plan."""
    plan, kind = checked.plan, checked.kind
    # A scale without one of its levels would be another scale.
    rows = plan.accept(skip_bad=dry_run or (skip_bad and kind != "rag-scale"))
    shown = [importers_run.preview(kind, row) for row in rows]
    if dry_run:
        return Outcome(plan, shown, None)
    done = importers_run.record(services.desk, checked, rows, _file(plan), by=by, once=once)
    return Outcome(plan, shown, done.response)


def _file(plan: SheetOutcome[Any], keep_contradicted: bool = False) -> File:
    return File(
        name=plan.sheet.name,
        sha256=plan.sheet.file_sha256,
        rows=len(plan.sheet.rows),
        rejected=len(plan.rejected(keep_contradicted)),
        mapping=dict(plan.mapping.pairs()),
    )


def _audit(row: AuditRow) -> ImportedAudit:
    return ImportedAudit(
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


def _moderation(row: ModerationRow) -> ImportedModeration:
    return ImportedModeration(
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
    """The event a row becomes, in short."""
    audit = isinstance(row, AuditRow)
    data = row.model_dump(mode="json", exclude={"line"}, exclude_none=True)
    return {"fact": "CaseAuditImported" if audit else "ModerationImported", **data}
