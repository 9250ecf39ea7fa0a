"""Sheets of audits and moderations that are made of a line or two, and what is wrong with them."""

from __future__ import annotations

from datetime import date

from api.audits.importer import AuditRow
from api.imports.outcome import SheetOutcome
from api.imports.reading import read_sheet
from api.moderation.importer import KnownAudit, ModerationRow, plan_moderations
from qa.audit_tools.definition import Domain, ToolDefinition
from qa.core.words import Scale, ScalePoint, code_of

TODAY = date(2022, 7, 1)


GRADES = ["Outstanding", "Good", "Requires improvement", "Inadequate"]


OFSTED = Scale(
    id="ofsted-4",
    version=1,
    name="Ofsted four-point",
    points=(
        *(ScalePoint(code=code_of(g), label=g, rank=n) for n, g in enumerate(GRADES, 1)),
        ScalePoint(code="not-applicable", label="Not applicable"),
    ),
    met_rank=2,
)


TOOL = ToolDefinition(
    id="whole-case",
    title="Whole case",
    scale=OFSTED.key,
    scales=(OFSTED,),
    domains=(
        Domain(id="assessment", title="Assessment", scale=OFSTED.key),
        Domain(id="planning", title="Planning and review", scale=OFSTED.key),
    ),
)


def known(reference: str) -> KnownAudit | None:
    audits_known = {"A-1": "good", "A-2": "inadequate"}
    grade = audits_known.get(reference)
    return None if grade is None else KnownAudit(reference, date(2021, 5, 1), grade)


def moderations(
    *rows: str, headings: str = "moderation_id,audit_id,date,moderator,moderated_overall,agreed"
) -> SheetOutcome[ModerationRow]:
    sheet = read_sheet("moderations.csv", "\n".join([headings, *rows]).encode())
    return plan_moderations(sheet, tool=TOOL, today=TODAY, audit_of=known)


def codes(
    plan: SheetOutcome[AuditRow] | SheetOutcome[ModerationRow],
) -> list[tuple[int | None, str | None, str]]:
    return [(fault.row, fault.column, fault.code) for fault in plan.faults]
