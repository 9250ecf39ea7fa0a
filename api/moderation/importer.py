"""A sheet of moderations made elsewhere, each tied to an audit that is already known.

Whether moderator and auditor agree is computed from their two grades. What the file claims is
kept beside it, and a claim that the grades contradict is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from api.audits.importer import (
    UNDOING,
    grade_columns,
    graded_fields,
    map_graded,
    plain,
    published_tool,
    scale_of_domain,
)
from api.audits.named_audits import (
    CHILD_AND_DAY,
    AuditSearch,
    KnownAudit,
    audit_of_row,
    known_by_reference,
    known_of_children,
)
from api.imports.files.tables import SheetRows
from api.imports.importers import CheckedFile, Importer, SentFile, asked_once
from api.imports.mapping import Field
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
from qa.audit_tools.definition import ToolDefinition
from qa.audits.comparison import GradesGiven
from qa.authorisation.context import Desk, Once
from qa.core.carry import carry
from qa.core.dates_in_words import day
from qa.core.errors import Fault
from qa.core.words import Actor
from qa.imports.commands.batches import File
from qa.imports.commands.judgements import ImportModerations, import_moderations
from qa.imports.rows import ImportedModeration
from qa.store.unit import Receipt


class ModerationFileRow(ImportRow):
    """One moderation as its file states it; `stated_agreed` is the file's claim, if it has one."""

    audit: str
    moderated_on: date
    moderator: str
    overall: str
    judgements: dict[str, str]
    stated_agreed: bool | None = None


FIELDS = (
    Field("reference", "Moderation reference", False,
          ("moderation id", "moderation ref", "moderation number", "moderation no"),
          kind="reference"),
    Field("audit", "Audit reference", False,
          ("audit id", "audit ref", "audit number", "audit no", "audit moderated"),
          kind="reference"),
    *CHILD_AND_DAY,
    Field("moderated_on", "Date of the moderation", True,
          ("moderation date", "date of moderation", "date moderated", "moderated", "mod date",
           "date"),
          kind="date"),
    Field("moderator", "Moderator", True,
          ("moderator name", "moderator ref", "moderated by"), kind="person"),
    Field("overall", "Moderated grade", True,
          ("moderated overall", "moderated overall grade", "moderator grade", "moderators grade",
           "moderator overall", "overall grade after moderation", "overall", "overall grade")),
    Field("stated_agreed", "Agreed", False,
          ("agree", "moderation agreed", "grade agreed", "in agreement", "agreement")),
    Field("status", "Status", False, ("moderation status",), kind="status"),
)  # fmt: skip


PREFIXES = ("moderated", "moderator", "moderators")
"""Words that a heading of a moderated grade may begin with."""


def plan_moderations(
    sheet: SheetRows,
    choices: Mapping[str, str] | None = None,
    *,
    tool: ToolDefinition,
    today: date,
    audits_of: Callable[[Collection[str]], Mapping[str, KnownAudit]],
    of_children: Callable[[Collection[str]], Mapping[str, Sequence[KnownAudit]]] = lambda _: {},
) -> SheetOutcome[ModerationFileRow]:
    """Check every row of the sheet; `audits_of` finds audits by their references, `of_children` by
    their children. A row that does not name its audit is of the child's audit of that day, or is
    asked about.

    Raises `Refused` where a required column cannot be found; faults of rows are in the plan.
    """
    mapping = map_graded(sheet, graded_fields(FIELDS, tool, PREFIXES), tool, choices)
    if not {"audit", "child"} & set(mapping.headings):
        by_name = {field.name: field for field in FIELDS}
        mapping = replace(mapping, missing=(*mapping.missing, by_name["audit"]))
    mapping.complete()
    columns = grade_columns(mapping)
    headings = {**mapping.headings, **{f"domain:{d}": h for h, d in columns.items()}}
    faults = list(sheet.faults)
    rows: list[ModerationFileRow] = []
    graded = grades_of(columns, partial(scale_of_domain, tool), needed=not tool.has_overall)
    graded_overall = overall_of(tool.overall_scale)
    read_rows = [(row, read, audit_of_row(read)) for row, read in readers(sheet, headings, faults)]
    search = AuditSearch(
        audits_of({one.reference for *_, one in read_rows if one.reference}),
        of_children({one.child for *_, one in read_rows if one.child}),
        doubt="Nobody can know from the file which audit of this child it moderates.",
        question="Which audit of {} was moderated?",
    )
    for row, read, of_audit in read_rows:
        known = search.find(row.number, read, of_audit)
        if known is None and of_audit.reference:
            sentence = f"There is no audit {of_audit.reference}."
            read.fault("audit", "unknown-audit", sentence, of_audit.reference)
        elif not of_audit.reference and not of_audit.child:
            sentence = "Nothing says which audit this is the moderation of."
            read.fault("audit", "missing", sentence, "")
        audit = known.reference if known else None
        reference = read.get("reference", lambda cell: parse_text(cell, 80))
        reference = reference or (f"{audit}/M" if audit else None)
        moderated_on = read.get("moderated_on", parse_date, required=True)
        moderator = read.get("moderator", parse_text, required=True)
        overall = graded_overall(read)
        stated = read.get("stated_agreed", parse_yes_no)
        not_in_future(read, "moderated_on", moderated_on, today)
        judgements = graded(read)
        if known is not None:
            given = None if overall is None else GradesGiven(overall, judgements)
            _check_against(read, known, moderated_on, given, stated, tool)
        if reference and audit and moderated_on and moderator and overall is not None:
            rows.append(
                ModerationFileRow(
                    **row.place,
                    reference=reference,
                    audit=audit,
                    moderated_on=moderated_on,
                    moderator=moderator,
                    overall=overall,
                    judgements=judgements,
                    stated_agreed=stated,
                )
            )
    if "reference" in mapping.headings:
        name_doubles(sheet, mapping.headings["reference"], faults)
    faults += _of_one_audit(rows, sheet)
    found = in_order(faults, sheet)
    return SheetOutcome(
        sheet, mapping, columns, tuple(rows), found, questions=search.questions(mapping.headings)
    )


def _of_one_audit(rows: Sequence[ModerationFileRow], sheet: SheetRows) -> list[Fault]:
    """A fault for every row whose made reference another row has too."""
    made: dict[str, list[ModerationFileRow]] = {}
    for row in rows:
        if row.reference == f"{row.audit}/M":
            made.setdefault(row.audit, []).append(row)
    return [
        Fault(
            "audit",
            "duplicate-reference",
            f"The audit {audit} has a moderation in "
            f"{', '.join(sheet.place(one.row) for one in several if one is not row)} too.",
            row.row,
            value=audit,
        )
        for audit, several in made.items()
        if len(several) > 1
        for row in several
    ]


def _check_against(
    read: RowReader,
    audit: KnownAudit,
    moderated_on: date | None,
    given: GradesGiven | None,
    stated: bool | None,
    tool: ToolDefinition,
) -> None:
    if not audit.reached:
        return
    if moderated_on is not None and moderated_on < audit.audit_date:
        sentence = f"The moderation is dated before its audit, {day(audit.audit_date)}."
        read.fault("moderated_on", "before-the-audit", sentence, moderated_on.isoformat())
    own = GradesGiven(audit.overall, audit.domains)
    if stated is None or given is None or stated == given.agrees(own):
        return
    claim = "agreed" if stated else "not agreed"
    sentence = (
        f"The file says {claim}, but the auditor gave {own.in_words(tool)} and the moderator "
        f"{given.in_words(tool)}."
    )
    read.fault("stated_agreed", CONTRADICTED, sentence, "yes" if stated else "no")


def _fields(connection: Connection, tool: str) -> tuple[Field, ...]:
    return graded_fields(FIELDS, published_tool(connection, tool)[0], PREFIXES)


def _check(sent: SentFile) -> CheckedFile:
    outcome = plan_moderations(
        sent.sheet,
        sent.choices,
        tool=published_tool(sent.connection, sent.tool)[0],
        today=sent.today,
        audits_of=partial(known_by_reference, sent),
        of_children=partial(known_of_children, sent),
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
    return carry(ImportedModeration, row)


def _preview(row: ModerationFileRow) -> dict[str, Any]:
    data = row.model_dump(mode="json", exclude={"line"}, exclude_none=True)
    return {"fact": "ModerationImported", **data}


def _words(event: Mapping[str, Any]) -> str:
    return (
        f"moderation {event['reference']} of audit {event['audit']}, {event['moderated_on']}, by "
        f"{event['moderator']}: {plain(event['overall']) or 'grades of domains'}"
    )


IMPORTERS = Importer(
    kind="moderations",
    named=FIELDS,
    place=20,
    title="Moderations of audits that are on record",
    rows="moderations",
    fields_of=_fields,
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
    onward=(("Read how far moderators agree", "/reports/agreement"),),
    needs="Each row names an audit that must be on record, or its child and its day.",
    undoing=UNDOING,
)
