"""A report as a file: one line a figure of a group, with all that is said beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from api.agreement.schemas import AgreementReportOut
from api.documents.listing import Cell, Column, ColumnKind, Listing
from api.web.moments import TakenOut
from projections.agreement.behind import AgreementFigureRows
from projections.agreement.model import AgreementReport

_BEHIND = (
    Column("reference", "Audit"),
    Column("audit_date", "Audit date", ColumnKind.DAY),
    Column("team_name", "Team"),
    Column("auditor_name", "Auditor"),
    Column("moderator_name", "Moderator"),
    Column("grade", "Auditor’s grade"),
    Column("moderated_grade", "Moderator’s grade"),
    Column("in_numerator", "In the numerator"),
    Column("in_denominator", "In the denominator"),
    Column("left_out", "Why it is left out"),
)


def report_json(report: AgreementReport) -> bytes:
    """The report as the API answers it, in the bytes of a file."""
    answer = AgreementReportOut.of(report).model_dump(mode="json")
    return orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def behind_listing(
    found: AgreementFigureRows,
    *,
    title: str,
    names: Mapping[str, str],
    grades: Mapping[str, str],
    domains: Mapping[str, str],
    filters: Sequence[tuple[str, str]],
    notes: Sequence[str],
    taken: TakenOut,
    position: int,
) -> Listing:
    """The audits behind a figure, each with its place in it; with `domains`, the titles of these,
    each with the domain that is counted."""

    def cells(audit: Any) -> list[Cell]:
        return [
            audit.reference,
            *([domains.get(audit.domain, audit.domain)] if domains else []),
            date.fromisoformat(audit.audit_date),
            audit.team_name,
            names.get(audit.auditor, audit.auditor),
            names.get(audit.moderator, audit.moderator),
            grades.get(audit.grade, audit.grade),
            grades.get(audit.moderated_grade, audit.moderated_grade),
            audit.in_numerator,
            audit.in_denominator,
            audit.left_out,
        ]

    return Listing(
        title=title,
        columns=(_BEHIND[0], *([Column("domain", "Domain")] if domains else []), *_BEHIND[1:]),
        rows=[cells(audit) for audit in found.audits],
        filters=filters,
        position=position,
        **taken,
        notes=notes,
    )
