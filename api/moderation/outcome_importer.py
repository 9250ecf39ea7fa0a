"""What became of imported audits: one row an audit, its final grade or why it does not count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from api.audits.importer import (
    domain_fields,
    grade_columns,
    held_audits,
    published_tool,
    scale_of_domain,
    with_overall,
)
from api.audits.named_audits import open_audits
from api.imports.importers import CheckedFile, Importer, SentFile, recorder
from api.imports.mapping import Field, map_columns
from api.imports.outcome import (
    ImportRow,
    SheetOutcome,
    grades_of,
    in_order,
    name_doubles,
    no_overall,
    not_in_future,
    readers,
)
from api.imports.values import parse_date, parse_grade, parse_text, parse_word
from qa.audit_tools.definition import ToolDefinition
from qa.imports.commands.outcomes import ImportAuditOutcomes, import_outcomes
from qa.imports.outcome_decisions import AuditOutcome, FinalSource, ImportedOutcome

OUTCOMES: Mapping[str, AuditOutcome] = {
    "final": "final",
    "final grade": "final",
    "finalised": "final",
    "withdrawn": "withdrawn",
    "entered in error": "entered-in-error",
    "cancelled entered in error": "entered-in-error",
    "voided": "entered-in-error",
}
SOURCES: Mapping[str, FinalSource] = {
    "auditor": "auditor",
    "moderator": "moderator",
    "consensus": "consensus",
    "senior decision": "senior-decision",
}
STATED = "As a file states it."
FIELDS = (
    Field(
        "reference",
        "Audit reference",
        True,
        ("audit id", "audit ref", "audit number", "audit no"),
        kind="reference",
    ),
    Field("outcome", "What became of it", True, ("outcome", "outcome of audit", "audit outcome")),
    Field("grade", "Final grade", False, ("final overall grade", "agreed grade", "final rating")),
    Field("source", "Final grade from", False, ("final grade given by", "final source")),
    Field("on", "Day of that", False, ("date of outcome", "outcome date"), kind="date"),
    Field("reason", "Why it does not count", False, ("reason", "why withdrawn")),
)


class OutcomeFileRow(ImportRow):
    """What became of one audit; `reference` is the audit's."""

    outcome: AuditOutcome
    grade: str | None = None
    source: FinalSource = "auditor"
    on: date | None = None
    reason: str = STATED
    judgements: dict[str, str] = {}


def _fields_of(tool: ToolDefinition) -> tuple[Field, ...]:
    fields = tuple(with_overall(one, tool) if one.name == "grade" else one for one in FIELDS)
    return fields if tool.has_overall else (*fields, *domain_fields(tool, ("final",)))


def check_outcomes(sent: SentFile, tool: ToolDefinition) -> SheetOutcome[OutcomeFileRow]:
    """Check every row. A final grade needs its grade; the others need none."""
    mapping = map_columns(sent.sheet, _fields_of(tool), sent.choices).complete()
    columns = {} if tool.has_overall else grade_columns(mapping)
    graded = grades_of(columns, partial(scale_of_domain, tool))
    final_grade = partial(parse_grade, scale=tool.overall_scale)
    faults = list(sent.sheet.faults)
    rows: list[OutcomeFileRow] = []
    for row, read in readers(sent.sheet, mapping.headings, faults):
        reference = read.get("reference", partial(parse_text, longest=80), required=True)
        outcome = read.get("outcome", partial(parse_word, known=OUTCOMES), required=True)
        grade = read.get("grade", final_grade) if tool.has_overall else no_overall(read, "grade")
        judgements = graded(read)
        source = read.get("source", partial(parse_word, known=SOURCES)) or "auditor"
        on = read.get("on", parse_date)
        not_in_future(read, "on", on, sent.today)
        reason = read.get("reason", partial(parse_text, longest=2000)) or STATED
        if outcome == "final" and grade is None:
            read.fault("grade", "missing", "A final outcome needs its grade.", "")
        elif reference and outcome:
            fields: dict[str, Any] = {"outcome": outcome, "on": on, "reason": reason}
            if outcome == "final":
                fields |= {"grade": grade, "source": source, "judgements": judgements}
            rows.append(OutcomeFileRow(**row.place, reference=reference, **fields))
    name_doubles(sent.sheet, mapping.headings["reference"], faults)
    found = in_order(faults, sent.sheet)
    return SheetOutcome(sent.sheet, mapping, columns, tuple(rows), found)


def _stated(row: OutcomeFileRow) -> ImportedOutcome:
    return ImportedOutcome(audit=row.reference, **row.model_dump(exclude={"line", "reference"}))


_record = recorder(import_outcomes, ImportAuditOutcomes, _stated)


def _check(sent: SentFile) -> CheckedFile:
    tool = published_tool(sent.connection, sent.tool)[0]
    return CheckedFile(check_outcomes(sent, tool), _preview, _record)


def _preview(row: OutcomeFileRow) -> dict[str, Any]:
    return {"fact": "AuditOutcome", **row.model_dump(mode="json", exclude={"line"})}


def _words(event: Mapping[str, Any]) -> str:
    final = event["outcome"] == "final"
    grade = event["grade"] or "by domain"
    outcome = f"final grade {grade}, from {event['source']}" if final else event["outcome"]
    return f"audit {event['reference']}: {outcome}".replace("-", " ")


def _fields(connection: Connection, tool: str) -> tuple[Field, ...]:
    return _fields_of(published_tool(connection, tool)[0])


IMPORTERS = Importer(
    kind="audit-outcomes",
    on_record=held_audits,
    open_to=open_audits,
    named=FIELDS,
    place=25,
    title="What became of imported audits: final grades, withdrawn audits, audits entered in error",
    rows="outcomes of audits",
    fields_of=_fields,
    check=_check,
    row_words=_words,
    examples=(
        {
            "reference": "A-2025-001",
            "outcome": "Final",
            "source": "Auditor",
            "on": "2025-06-10",
            "reason": "",
        },
    ),
    needs="Each row names an imported audit that must be on record. A final grade must be one that "
    "its auditor or moderator gave, or follow from a moderation on record.",
    undoing="Its final grades are taken back, and its audits count again with the moderations that "
    "they had. Actions that ended with an audit stay ended.",
)
