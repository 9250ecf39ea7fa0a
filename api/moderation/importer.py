"""A sheet of moderations made elsewhere, each tied to an audit that is already known.

Whether moderator and auditor agree is computed from their two grades. What the file claims is
kept beside it, and a claim that the grades contradict is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from api.audits.importer import (
    UNDOING,
    domain_fields,
    grade_columns,
    graded_fields,
    plain,
    published_tool,
    scale_of_domain,
)
from api.imports.files.tables import SheetRows
from api.imports.importers import CheckedFile, Importer, SentFile, asked_once
from api.imports.mapping import Field, map_columns
from api.imports.outcome import (
    CONTRADICTED,
    ImportRow,
    SheetOutcome,
    grades_of,
    in_order,
    name_doubles,
    not_in_future,
    overall_of,
    readers,
)
from api.imports.values import RowReader, parse_date, parse_text, parse_yes_no
from projections.audits import queries as audit_queries
from qa.audit_tools.definition import ToolDefinition
from qa.authorisation.context import Desk, Once
from qa.core.errors import Refused
from qa.core.words import Actor
from qa.imports.commands.batches import File
from qa.imports.commands.judgements import ImportModerations, import_moderations
from qa.imports.rows import ImportedModeration
from qa.store.unit import Receipt


@dataclass(frozen=True, slots=True)
class KnownAudit:
    """What has to be known of an audit to check its moderation."""

    reference: str
    audit_date: date
    overall: str


class ModerationFileRow(ImportRow):
    """One moderation as its file states it; `stated_agreed` is the file's claim, if it has one."""

    audit: str
    moderated_on: date
    moderator: str
    overall: str
    judgements: dict[str, str]
    stated_agreed: bool | None = None


FIELDS = (
    Field(
        "reference",
        "Moderation reference",
        True,
        ("moderation id", "moderation ref", "moderation number", "moderation no"),
        kind="reference",
    ),
    Field(
        "audit",
        "Audit reference",
        True,
        ("audit id", "audit ref", "audit number", "audit no", "audit moderated"),
        kind="reference",
    ),
    Field(
        "moderated_on",
        "Date of the moderation",
        True,
        ("moderation date", "date of moderation", "date moderated", "moderated", "date"),
        kind="date",
    ),
    Field(
        "moderator",
        "Moderator",
        True,
        ("moderator name", "moderator ref", "moderated by"),
        kind="person",
    ),
    Field(
        "overall",
        "Moderated grade",
        True,
        (
            "moderated overall", "moderated overall grade", "moderator grade", "moderators grade",
            "moderator overall", "overall grade after moderation", "overall", "overall grade",
        ),
    ),
    Field(
        "stated_agreed",
        "Agreed",
        False,
        ("agree", "moderation agreed", "grade agreed", "in agreement", "agreement"),
    ),
    Field("status", "Status", False, ("moderation status",), kind="status"),
)  # fmt: skip


PREFIXES = ("moderated", "moderator", "moderators")
"""Words that a heading of a moderated grade may begin with."""


def plan_moderations(
    sheet: SheetRows,
    said: Mapping[str, str] | None = None,
    *,
    tool: ToolDefinition,
    today: date,
    audits_of: Callable[[Collection[str]], Mapping[str, KnownAudit]],
) -> SheetOutcome[ModerationFileRow]:
    """Check every row of the sheet; `audits_of` finds audits by their references.

    Raises `Refused` where a required column cannot be found; faults of rows are in the plan.
    """
    mapping = map_columns(sheet, (*FIELDS, *domain_fields(tool, PREFIXES)), said)
    if mapping.missing:
        raise Refused(mapping.faults())
    columns = grade_columns(mapping)
    headings = {**mapping.headings, **{f"domain:{d}": h for h, d in columns.items()}}
    faults = list(sheet.faults)
    rows: list[ModerationFileRow] = []
    read_rows = [
        (row, read, read.get("audit", lambda cell: parse_text(cell, 80), required=True))
        for row, read in readers(sheet, headings, faults)
    ]
    held = audits_of({audit for *_, audit in read_rows if audit})
    for row, read, audit in read_rows:
        reference = read.get("reference", lambda cell: parse_text(cell, 80), required=True)
        moderated_on = read.get("moderated_on", parse_date, required=True)
        moderator = read.get("moderator", parse_text, required=True)
        overall = overall_of(read, tool.overall_scale)
        stated = read.get("stated_agreed", parse_yes_no)
        not_in_future(read, "moderated_on", moderated_on, today)
        judgements = grades_of(read, columns, lambda domain: scale_of_domain(tool, domain))
        if audit is not None:
            known = held.get(audit)
            if known is None:
                read.fault("audit", "unknown-audit", f"There is no audit {audit}.", audit)
            else:
                _check_against(read, known, moderated_on, overall, stated, tool)
        if reference and audit and moderated_on and moderator and overall:
            rows.append(
                ModerationFileRow(
                    row=row.number,
                    line=row.line,
                    reference=reference,
                    audit=audit,
                    moderated_on=moderated_on,
                    moderator=moderator,
                    overall=overall,
                    judgements=judgements,
                    stated_agreed=stated,
                )
            )
    name_doubles(sheet, mapping.headings["reference"], faults)
    return SheetOutcome(sheet, mapping, columns, tuple(rows), in_order(faults, sheet))


def _check_against(
    read: RowReader,
    audit: KnownAudit,
    moderated_on: date | None,
    overall: str | None,
    stated: bool | None,
    tool: ToolDefinition,
) -> None:
    if moderated_on is not None and moderated_on < audit.audit_date:
        day = audit.audit_date
        sentence = f"The moderation is dated before its audit, {day.day} {day:%B %Y}."
        read.fault("moderated_on", "before-the-audit", sentence, moderated_on.isoformat())
    if stated is None or overall is None or stated == (overall == audit.overall):
        return
    label = tool.overall_scale.label
    claim = "agreed" if stated else "not agreed"
    sentence = (
        f"The file says {claim}, but the auditor gave {label(audit.overall)} and the moderator "
        f"{label(overall)}."
    )
    read.fault("stated_agreed", CONTRADICTED, sentence, "yes" if stated else "no")


def _known(connection: Connection, references: Collection[str]) -> dict[str, KnownAudit]:
    return {
        reference: KnownAudit(reference, date.fromisoformat(row.audit_date), row.overall)
        for reference, row in audit_queries.by_references(connection, references).items()
        if row.overall is not None and row.audit_date is not None
        if row.status not in ("voided", "withdrawn")
    }


def _fields(connection: Connection, tool: str) -> tuple[Field, ...]:
    return graded_fields(FIELDS, published_tool(connection, tool)[0], PREFIXES)


def _check(sent: SentFile) -> CheckedFile:
    outcome = plan_moderations(
        sent.sheet,
        sent.said,
        tool=published_tool(sent.connection, sent.tool)[0],
        today=sent.today,
        audits_of=partial(_known, sent.connection),
    )

    def record(
        desk: Desk, rows: Sequence[ModerationFileRow], file: File, *, by: Actor, once: Once | None
    ) -> Receipt:
        wanted = ImportModerations(
            file=file, moderations=tuple(map(_moderation, rows)), columns=outcome.spoken_of
        )
        return import_moderations(desk, wanted, by=by, **asked_once(once))

    return CheckedFile(outcome, _preview, record, parted=True)


def _moderation(row: ModerationFileRow) -> ImportedModeration:
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


def _preview(row: ModerationFileRow) -> dict[str, Any]:
    data = row.model_dump(mode="json", exclude={"line"}, exclude_none=True)
    return {"fact": "ModerationImported", **data}


def _words(event: Mapping[str, Any]) -> str:
    return (
        f"moderation {event['reference']} of audit {event['audit']}, {event['moderated_on']}, by "
        f"{event['moderator']}: {plain(event['overall'])}"
    )


IMPORTERS = Importer(
    kind="moderations",
    named=FIELDS,
    place=20,
    title="Moderations of audits that are on record",
    rows="moderations",
    fields=_fields,
    check=_check,
    row_words=_words,
    examples=(
        {
            "reference": "M-2025-001",
            "audit": "A-2025-001",
            "moderated_on": "2025-06-02",
            "moderator": "Sam Sample",
            "stated_agreed": "Yes",
            "status": "Complete",
        },
    ),
    needs="Each row names an audit that must be on record.",
    undoing=UNDOING,
)
