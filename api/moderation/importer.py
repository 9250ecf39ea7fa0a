"""A sheet of moderations made elsewhere, each tied to an audit that is already known.

Whether moderator and auditor agree is computed from their two grades. What the file claims is
kept beside it, and a claim that the grades contradict is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from api.audits.importer import domain_fields, grade_columns, scale_of_domain
from api.imports.mapping import Field, map_headings
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
from api.imports.reading import SheetRows
from api.imports.values import RowReader, parse_date, parse_text, parse_yes_no
from qa.audit_tools.definition import ToolDefinition
from qa.core.errors import Refused


@dataclass(frozen=True, slots=True)
class KnownAudit:
    """What has to be known of an audit to check its moderation."""

    reference: str
    audit_date: date
    overall: str


class ModerationRow(ImportRow):
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
    ),
    Field(
        "audit",
        "Audit reference",
        True,
        ("audit id", "audit ref", "audit number", "audit no", "audit moderated"),
    ),
    Field(
        "moderated_on",
        "Date of the moderation",
        True,
        ("moderation date", "date of moderation", "date moderated", "moderated", "date"),
    ),
    Field("moderator", "Moderator", True, ("moderator name", "moderator ref", "moderated by")),
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
)  # fmt: skip


PREFIXES = ("moderated", "moderator", "moderators")
"""Words that a heading of a moderated grade may begin with."""


def plan_moderations(
    sheet: SheetRows,
    said: Mapping[str, str] | None = None,
    *,
    tool: ToolDefinition,
    today: date,
    audit_of: Callable[[str], KnownAudit | None],
) -> SheetOutcome[ModerationRow]:
    """Check every row of the sheet; `audit_of` finds an audit by its reference, or gives None.

    Raises `Refused` where a required column cannot be found; faults of rows are in the plan.
    """
    mapping = map_headings(sheet.headings, (*FIELDS, *domain_fields(tool, PREFIXES)), said)
    if mapping.missing:
        raise Refused(mapping.faults())
    columns, mapping = grade_columns(sheet, mapping, tool, PREFIXES)
    headings = {**mapping.headings, **{f"domain:{d}": h for h, d in columns.items()}}
    faults = list(sheet.faults)
    rows: list[ModerationRow] = []
    for row, read in readers(sheet, headings, faults):
        reference = read.get("reference", lambda cell: parse_text(cell, 80), required=True)
        audit = read.get("audit", lambda cell: parse_text(cell, 80), required=True)
        moderated_on = read.get("moderated_on", parse_date, required=True)
        moderator = read.get("moderator", parse_text, required=True)
        overall = overall_of(read, tool.overall_scale)
        stated = read.get("stated_agreed", parse_yes_no)
        not_in_future(read, "moderated_on", moderated_on, today)
        judgements = grades_of(read, columns, lambda domain: scale_of_domain(tool, domain))
        if audit is not None:
            known = audit_of(audit)
            if known is None:
                read.fault("audit", "unknown-audit", f"There is no audit {audit}.", audit)
            else:
                _check_against(read, known, moderated_on, overall, stated, tool)
        if reference and audit and moderated_on and moderator and overall:
            rows.append(
                ModerationRow(
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
