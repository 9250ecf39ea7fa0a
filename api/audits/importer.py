"""A sheet of case audits made elsewhere, as typed rows ready to be brought in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from api.imports.importers import CheckedFile, Importer, SentFile, asked_once
from api.imports.mapping import Field, HeadingMap, map_headings, normal
from api.imports.outcome import (
    ImportRow,
    SheetOutcome,
    grades_of,
    in_order,
    looks_like_grades,
    name_doubles,
    not_in_future,
    overall_of,
    readers,
)
from api.imports.reading import SheetRows
from api.imports.values import RowReader, parse_child, parse_date, parse_text
from projections.audit_tools import queries
from qa.audit_tools.definition import ToolDefinition
from qa.authorisation.context import Desk, Once
from qa.core.errors import Fault, Refused
from qa.core.words import Actor, Scale, code_of
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


FIELDS = (
    Field(
        "reference",
        "Audit reference",
        True,
        ("audit id", "audit ref", "audit number", "audit no", "ref", "id", "unique id"),
    ),
    Field(
        "child",
        "Child's reference",
        True,
        (
            "child ref", "child reference", "child id", "case id", "case ref", "case number",
            "case no", "client id", "person id", "system id", "mosaic id", "lcs id", "ics number",
        ),
    ),
    Field(
        "audit_date",
        "Date of the audit",
        True,
        ("date of audit", "date audited", "audited on", "date audit completed", "date"),
    ),
    Field("service", "Service", False, ("service area", "service name", "directorate")),
    Field("team", "Team", False, ("team name", "social work team", "team audited")),
    Field(
        "auditor",
        "Auditor",
        True,
        ("auditor name", "auditor ref", "audited by", "name of auditor", "designated auditor"),
    ),
    Field(
        "overall",
        "Overall grade",
        True,
        (
            "overall judgement", "overall judgment", "overall rating", "overall audit grade",
            "overall effectiveness", "audit grade", "grade", "rating", "judgement",
        ),
    ),
    Field("submitted_on", "Date submitted", False, ("submitted", "submission date")),
    Field("practice_from", "Practice period from", False, ("period from", "look back from")),
    Field("practice_to", "Practice period to", False, ("period to", "look back to")),
    Field("tool", "Audit tool", False, ("tool name", "audit type", "type of audit")),
)  # fmt: skip


def domain_fields(tool: ToolDefinition, prefixes: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """A field for every domain of the tool, known by its title and its code."""
    fields: list[Field] = []
    for domain in tool.domains:
        names = [domain.id, domain.title]
        prefixed = [f"{prefix} {name}" for prefix in prefixes for name in names]
        rated = [f"{name} {word}" for name in names for word in ("grade", "rating", "judgement")]
        synonyms = prefixed if prefixes else [*names, *rated]
        fields.append(Field(f"domain:{domain.id}", domain.title, False, tuple(synonyms)))
    return tuple(fields)


def scale_of_domain(tool: ToolDefinition, domain: str) -> Scale:
    """The scale of a domain; that of the overall grade for a domain the tool does not have."""
    known = tool.domain(domain)
    return (tool.scale_of(known.scale) if known else None) or tool.overall_scale


def plan_audits(
    sheet: SheetRows,
    said: Mapping[str, str] | None = None,
    *,
    tool: ToolDefinition,
    today: date,
) -> SheetOutcome[AuditFileRow]:
    """Check every row of the sheet. `said` is heading → field where a person said so.

    Raises `Refused` where a required column cannot be found; faults of rows are in the plan.
    Columns with unknown names that hold grades become domains named after their headings.
    """
    mapping = map_headings(sheet.headings, (*FIELDS, *domain_fields(tool)), said)
    if mapping.missing:
        raise Refused(mapping.faults())
    columns, mapping = grade_columns(sheet, mapping, tool)
    headings = {**mapping.headings, **{f"domain:{d}": h for h, d in columns.items()}}
    faults = list(sheet.faults)
    rows: list[AuditFileRow] = []
    for row, read in readers(sheet, headings, faults):
        reference = read.get("reference", lambda cell: parse_text(cell, 80), required=True)
        child = read.get("child", parse_child, required=True, quote=False)
        auditor = read.get("auditor", parse_text, required=True)
        audit_date = read.get("audit_date", parse_date, required=True)
        overall = overall_of(read, tool.overall_scale)
        dates = {
            field: read.get(field, parse_date)
            for field in ("submitted_on", "practice_from", "practice_to")
        }
        for field, day in {"audit_date": audit_date, **dates}.items():
            not_in_future(read, field, day, today)
        _check_order(read, audit_date, dates)
        judgements = grades_of(read, columns, lambda domain: scale_of_domain(tool, domain))
        texts = {field: read.get(field, parse_text) for field in ("service", "team", "tool")}
        if reference and child and auditor and audit_date and overall:
            rows.append(
                AuditFileRow(
                    row=row.number,
                    line=row.line,
                    reference=reference,
                    child=child,
                    auditor=auditor,
                    audit_date=audit_date,
                    overall=overall,
                    judgements=judgements,
                    **dates,
                    **texts,
                )
            )
    name_doubles(sheet, mapping.headings["reference"], faults)
    return SheetOutcome(sheet, mapping, columns, tuple(rows), in_order(faults, sheet))


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


def grade_columns(
    sheet: SheetRows, mapping: HeadingMap, tool: ToolDefinition, drop: tuple[str, ...] = ()
) -> tuple[dict[str, str], HeadingMap]:
    """Heading → domain for every column of domain grades, and the mapping without them.

    `drop` are words that a heading may begin with and a domain does not ("moderated").
    """
    columns = {
        heading: field.removeprefix("domain:")
        for field, heading in mapping.headings.items()
        if field.startswith("domain:")
    }
    scales = [tool.overall_scale, *(scale_of_domain(tool, domain.id) for domain in tool.domains)]
    faults: list[Fault] = []
    for heading in mapping.unmapped:
        if not looks_like_grades(sheet, heading, scales):
            continue
        words = normal(heading).split()
        domain = code_of(" ".join(words[1:] if words[0] in drop else words))
        if domain in columns.values():
            sentence = f"“{heading}” and another column both hold grades of {domain}."
            faults.append(Fault("map", "field-given-twice", sentence, column=heading))
        columns[heading] = domain
    if faults:
        raise Refused(faults)
    left = tuple(heading for heading in mapping.unmapped if heading not in columns)
    kept = HeadingMap(mapping.headings, mapping.near, left, mapping.ignored, mapping.missing)
    return columns, kept


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
    "Its audits become void and its moderations cancelled. They stay readable but leave every "
    "figure."
)


def _fields(connection: Connection, tool: str) -> tuple[Field, ...]:
    return (*FIELDS, *domain_fields(published_tool(connection, tool)[0]))


def _check(sent: SentFile) -> CheckedFile:
    definition, number = published_tool(sent.connection, sent.tool)
    outcome = plan_audits(sent.sheet, sent.said, tool=definition, today=sent.today)

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

    return CheckedFile(outcome, _preview, record)


def _audit(row: AuditFileRow) -> ImportedAudit:
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
        service=row.service or "",
    )


def _preview(row: AuditFileRow) -> dict[str, Any]:
    data = row.model_dump(mode="json", exclude={"line"}, exclude_none=True)
    return {"fact": "CaseAuditImported", **data}


def _words(event: Mapping[str, Any]) -> str:
    graded = len(event["judgements"])
    return (
        f"audit {event['reference']} of child {event['child']}, {event['audit_date']}, by "
        f"{event['auditor']}: {plain(event['overall'])}, {graded} "
        f"{'domain' if graded == 1 else 'domains'} graded"
    )


IMPORTERS = Importer(
    kind="audits",
    place=10,
    title="Case audits: one row an audit",
    rows="audits",
    fields=_fields,
    check=_check,
    row_words=_words,
    undoing=UNDOING,
)
