"""A sheet of case audits made elsewhere, as typed rows ready to be brought in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from api.audits.named_audits import open_audits
from api.imports.about import AboutPlan
from api.imports.files.tables import Cell, SheetRows, text_of
from api.imports.importers import CheckedFile, Importer, SentFile, asked_once
from api.imports.mapping import (
    CHILD_NAMES,
    DOMAIN,
    MADE_OF_OTHERS,
    NOT_IN_FILE,
    Field,
    HeadingMap,
    map_columns,
)
from api.imports.outcome import (
    ImportRow,
    SheetOutcome,
    grades_of,
    in_order,
    name_doubles,
    not_in_future,
    overall_of,
    readers,
)
from api.imports.values import RowReader, parse_child, parse_date, parse_prose, parse_text
from projections.audit_tools import queries
from projections.audits import queries as audit_queries
from qa.audit_tools.definition import ToolDefinition
from qa.audits.words import STATED
from qa.authorisation.context import Desk, Once
from qa.core.carry import carry
from qa.core.errors import Refused
from qa.core.words import Actor, Scale
from qa.imports.commands.batches import File
from qa.imports.commands.judgements import ImportAudits, import_audits
from qa.imports.rows import ImportedAudit
from qa.store.unit import Receipt


class AuditFileRow(ImportRow):
    """One audit as its file states it. `judgements` is domain → grade, without the blanks."""

    child: str
    audit_date: date
    overall: str
    judgements: dict[str, str]
    auditor: str
    service: str | None = None
    team: str | None = None
    tool: str | None = None
    submitted_on: date | None = None
    practice_from: date | None = None
    practice_to: date | None = None
    texts: dict[str, str] = {}


CHILDLESS = "No child named"
"""Stands in a file in place of a child's reference where a result names none."""
TEXT_NAMES = {
    "rationale": (
        "rationale", "rationale for grade", "reasons", "reason for grade", "overall comments",
        "overall summary", "summary",
    ),
    "evidence": ("findings", "audit findings", "what we found"),
    "strengths": (
        "strength", "what went well", "what is working well", "whats working well",
        "good practice", "areas of strength",
    ),
    "actions": (
        "action", "actions required", "actions needed", "recommendations",
        "areas for improvement", "areas for development", "what needs to improve",
    ),
    "notes": ("note", "comments", "comment", "auditor comments", "auditors comments"),
}  # fmt: skip
"""What columns of words are called, by the part of the audit that they are."""


FIELDS = (
    Field("reference", "Audit reference", True,
          ("audit id", "audit ref", "audit number", "audit no", "audit", "ref", "id", "unique id"),
          without=MADE_OF_OTHERS, kind="reference"),
    Field("child", "Child's reference", True,
          CHILD_NAMES,
          without=" Of a return of results, which names no child, say --set child=none.",
          kind="child"),
    Field("audit_date", "Date of the audit", True,
          ("date of audit", "date audited", "audited on", "date audit completed", "date",
           "audit month", "month of audit", "month audited"),
          kind="date"),
    Field("service", "Service", False,
          ("service area", "service name", "directorate"), kind="team"),
    Field("team", "Team", False, ("team name", "social work team", "team audited"), kind="team"),
    Field("auditor", "Auditor", True,
          ("auditor name", "auditor ref", "audited by", "name of auditor", "designated auditor"),
          kind="person"),
    Field("overall", "Overall grade", True,
          ("overall judgement", "overall judgment", "overall rating", "overall audit grade",
           "overall effectiveness", "audit grade", "grade", "rating", "judgement")),
    Field("submitted_on", "Date submitted", False, ("submitted", "submission date"), kind="date"),
    Field("practice_from", "Practice period from", False,
          ("period from", "look back from"), kind="date"),
    Field("practice_to", "Practice period to", False, ("period to", "look back to"), kind="date"),
    Field("tool", "Audit tool", False, ("tool name", "audit type", "type of audit"), kind="text"),
    Field("status", "Status", False, ("audit status", "status of audit"), kind="status"),
    *(Field(part, STATED[part], False, names) for part, names in TEXT_NAMES.items()),
)  # fmt: skip


def domain_fields(tool: ToolDefinition, prefixes: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """A field for every domain of the tool, known by its title and its code."""
    fields: list[Field] = []
    for domain in tool.domains:
        names = [domain.id, domain.title]
        prefixed = [f"{prefix} {name}" for prefix in prefixes for name in names]
        rated = [f"{name} {word}" for name in names for word in ("grade", "rating", "judgement")]
        synonyms = prefixed if prefixes else [*names, *rated]
        fields.append(
            Field(
                f"{DOMAIN}{domain.id}",
                domain.title,
                False,
                tuple(synonyms),
                kind="grade",
                scale=scale_of_domain(tool, domain.id),
            )
        )
    return tuple(fields)


def evidence_fields(tool: ToolDefinition) -> tuple[Field, ...]:
    """A field for what is written of every domain of the tool."""
    return tuple(
        Field(
            f"evidence:{domain.id}",
            f"Evidence of “{domain.title}”",
            synonyms=tuple(
                called
                for name in (domain.id, domain.title)
                for word in ("evidence", "comments", "comment", "commentary", "narrative", "notes",
                             "findings", "rationale")
                for called in (f"{name} {word}", f"{word} {name}", f"{word} of {name}",
                               f"{word} for {name}", f"{word} on {name}")
            ),
        )
        for domain in tool.domains
    )  # fmt: skip


def graded_fields(
    fields: Sequence[Field], tool: ToolDefinition, prefixes: tuple[str, ...] = ()
) -> tuple[Field, ...]:
    """The fields of a file of grades that a tool gives, with those of its domains."""
    graded = (with_overall(field, tool) if field.name == "overall" else field for field in fields)
    return (*graded, *domain_fields(tool, prefixes))


def with_overall(field: Field, tool: ToolDefinition) -> Field:
    """A field of an overall grade as a tool has it; not asked where the tool has none."""
    if tool.has_overall:
        return replace(field, kind="grade", scale=tool.overall_scale)
    return replace(field, kind="text", required=False, asked=False)


def map_graded(
    sheet: SheetRows,
    fields: Sequence[Field],
    tool: ToolDefinition,
    choices: Mapping[str, str] | None,
) -> HeadingMap:
    """The columns of a file of grades, which has one of a domain where the tool grades nothing
    else."""
    mapping = map_columns(sheet, fields, choices)
    if tool.has_overall or grade_columns(mapping):
        return mapping
    first = next(field for field in fields if field.name.startswith(DOMAIN))
    return replace(mapping, missing=(*mapping.missing, first))


def scale_of_domain(tool: ToolDefinition, domain: str) -> Scale:
    """The scale of a domain. One that the tool does not have has that of the overall grade, or of
    the first domain where there is none."""
    known = tool.domain(domain) or (None if tool.has_overall else tool.domains[0])
    return (tool.scale_of(known.scale) if known else None) or tool.overall_scale


def file_fields(tool: ToolDefinition) -> tuple[Field, ...]:
    return (*graded_fields(FIELDS, tool), *evidence_fields(tool))


def plan_audits(
    sheet: SheetRows,
    choices: Mapping[str, str] | None = None,
    *,
    tool: ToolDefinition,
    today: date,
) -> SheetOutcome[AuditFileRow]:
    """Check every row of the sheet. `choices` is heading → field where a person said so.

    Raises `Refused` where a required column cannot be found; faults of rows are in the plan.
    Columns of grades are read where they are called as a domain of the tool, or said to be one.
    """
    mapping = map_graded(sheet, file_fields(tool), tool, choices).complete()
    columns = grade_columns(mapping)
    headings = {**mapping.headings, **{f"domain:{d}": h for h, d in columns.items()}}
    childless = mapping.headings["child"].endswith(NOT_IN_FILE)
    written = [name for name in mapping.headings if name.partition(":")[0] in TEXT_NAMES]
    faults = list(sheet.faults)
    rows: list[AuditFileRow] = []
    graded = grades_of(columns, partial(scale_of_domain, tool), needed=not tool.has_overall)
    graded_overall = overall_of(tool.overall_scale)
    for row, read in readers(sheet, headings, faults):
        reference = read.get("reference", lambda cell: parse_text(cell, 80), required=True)
        child = read.get("child", _child, required=not childless, quote=False)
        auditor = read.get("auditor", parse_text, required=True)
        audit_date = read.get("audit_date", parse_date, required=True)
        overall = graded_overall(read)
        dates = {
            field: read.get(field, parse_date)
            for field in ("submitted_on", "practice_from", "practice_to")
        }
        for field, day in {"audit_date": audit_date, **dates}.items():
            not_in_future(read, field, day, today)
        _check_order(read, audit_date, dates)
        judgements = graded(read)
        texts = {part: text for part in written if (text := read.get(part, parse_prose))}
        places = {field: read.get(field, parse_text) for field in ("service", "team", "tool")}
        whose = "" if childless else child
        if reference and whose is not None and auditor and audit_date and overall is not None:
            rows.append(
                AuditFileRow(
                    **row.place,
                    reference=reference,
                    child=whose,
                    auditor=auditor,
                    audit_date=audit_date,
                    overall=overall,
                    judgements=judgements,
                    **dates,
                    **places,
                    texts=texts,
                )
            )
    name_doubles(sheet, mapping.headings["reference"], faults)
    return SheetOutcome(sheet, mapping, columns, tuple(rows), in_order(faults, sheet))


def _child(cell: Cell) -> str | None:
    return "" if text_of(cell).strip().casefold() == CHILDLESS.casefold() else parse_child(cell)


def _check_order(
    read: RowReader, audit_date: date | None, dates: Mapping[str, date | None]
) -> None:
    start, end, submitted = dates["practice_from"], dates["practice_to"], dates["submitted_on"]
    if start and end and end < start:
        sentence = "The practice period ends before it begins."
        read.fault("practice_to", "dates-out-of-order", sentence, end.isoformat())
    if start and audit_date and audit_date < start:
        sentence = "The audit is dated before the practice that it judges."
        read.fault("audit_date", "dates-out-of-order", sentence, audit_date.isoformat())
    if submitted and audit_date and submitted < audit_date:
        sentence = "The audit is dated after it was submitted."
        read.fault("submitted_on", "dates-out-of-order", sentence, submitted.isoformat())


def grade_columns(mapping: HeadingMap) -> dict[str, str]:
    """Heading → domain for every column of grades of a domain."""
    return {
        heading: field.removeprefix(DOMAIN)
        for field, heading in mapping.headings.items()
        if field.startswith(DOMAIN)
    }


def published_tool(connection: Connection, tool: str) -> tuple[ToolDefinition, int]:
    """The latest version of a tool, and its number.

    Raises:
        Refused: there is no such published tool.
    """
    row = queries.tool(connection, tool)
    latest = 0 if row is None else row.latest
    definition = queries.definition(connection, tool, latest) if latest else None
    if definition is None:
        raise Refused(f"There is no published tool {tool}.", field="tool", code="tool-unknown")
    return definition, latest


def plain(code: str) -> str:
    """A code as it is read out in the preview of a row."""
    return code.replace("-", " ")


UNDOING = (
    "Its audits and their moderations are cancelled (entered in error), and their actions no "
    "longer apply. They stay readable but leave every figure."
)


def _fields(connection: Connection, tool: str) -> tuple[Field, ...]:
    return file_fields(published_tool(connection, tool)[0])


def _check(sent: SentFile) -> CheckedFile:
    definition, number = published_tool(sent.connection, sent.tool)
    outcome = plan_audits(sent.sheet, sent.choices, tool=definition, today=sent.today)

    def record(
        desk: Desk, rows: Sequence[AuditFileRow], file: File, *, by: Actor, once: Once | None
    ) -> Receipt:
        wanted = ImportAudits(
            file=file,
            tool=sent.tool,
            tool_version=number,
            audits=tuple(map(_audit, rows)),
            columns=outcome.spoken_of,
        )
        return import_audits(desk, wanted, by=by, **asked_once(once))

    return CheckedFile(outcome, _preview, record, parted=True)


def _audit(row: AuditFileRow) -> ImportedAudit:
    return carry(
        ImportedAudit, row, team=row.team or row.service or "not stated", service=row.service or ""
    )


def _preview(row: AuditFileRow) -> dict[str, Any]:
    data = row.model_dump(mode="json", exclude={"line"}, exclude_none=True)
    return {"fact": "CaseAuditImported", **data}


def _words(event: Mapping[str, Any]) -> str:
    graded = len(event["judgements"])
    whose = f"of child {event['child']}" if event["child"] else "of no child that is named"
    return (
        f"audit {event['reference']} {whose}, {event['audit_date']}, by "
        f"{event['auditor']}: {plain(event['overall']) or 'no overall grade'}, {graded} "
        f"{'domain' if graded == 1 else 'domains'} graded"
    )


def held_audits(connection: Connection, _about: AboutPlan) -> Collection[str]:
    """The references of all audits."""
    return audit_queries.all_references(connection)


IMPORTERS = Importer(
    kind="audits",
    on_record=held_audits,
    open_to=open_audits,
    named=FIELDS,
    place=10,
    title="Case audits: one row an audit",
    rows="audits",
    fields_of=_fields,
    check=_check,
    row_words=_words,
    examples=(
        {
            "reference": "A-2025-001",
            "child": "10001",
            "audit_date": "2025-05-14",
            "service": "Early Help",
            "team": "Early North",
            "auditor": "Pat Sample",
            "submitted_on": "2025-05-16",
            "practice_from": "2024-11-01",
            "practice_to": "2025-04-30",
            "status": "Complete",
        },
    ),
    undoing=UNDOING,
    onward=(
        ("See the audits", "/audits"),
        ("Import their moderations", "/imports/new?kind=moderations"),
        ("Say who the auditors are", "/people/from-files"),
        ("Read the reports", "/reports"),
    ),
)
