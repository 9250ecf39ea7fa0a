"""The agreement report and the grade profile, and the audits behind each of their figures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Path, Query

from api.agreement import report
from api.agreement.schemas import AgreementReportOut, AgreementRowsOut
from api.json.deps import Moment, Reads, Served, Snapshot
from api.json.routing import ApiRouter
from api.web import access_notes, freshness
from projections.agreement.question import DIMENSIONS, AgreementQuestion
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import Refused
from qa.core.periods import parse_kind

router = ApiRouter(prefix="/reports", tags=["reports"])


def _question(
    start: Annotated[date, Query(alias="from", description="The first day.")],
    end: Annotated[date, Query(alias="to", description="The last day.")],
    by: Annotated[
        str,
        Query(description="month, quarter, calendar-quarter, financial-year or calendar-year"),
    ] = "quarter",
    dimension: Annotated[list[str] | None, Query(description=", ".join(DIMENSIONS))] = None,
    cohort: Literal["audit", "moderation", "submitted", "allocated"] = "audit",
    blind: Annotated[
        Literal["yes", "no"] | None, Query(description="Only blind, or only open, moderations.")
    ] = None,
    team: Annotated[list[str] | None, Query()] = None,
    service: Annotated[list[str] | None, Query()] = None,
    tool: Annotated[list[str] | None, Query()] = None,
    tool_version: Annotated[list[str] | None, Query(description="like whole-case-file@2")] = None,
    domain: Annotated[list[str] | None, Query()] = None,
    auditor: Annotated[list[str] | None, Query()] = None,
    moderator: Annotated[list[str] | None, Query()] = None,
) -> AgreementQuestion:
    given = {
        "team": team,
        "service": service,
        "tool": tool,
        "tool-version": tool_version,
        "domain": domain,
        "auditor": auditor,
        "moderator": moderator,
    }
    return AgreementQuestion(
        start=start,
        end=end,
        by=parse_kind(by),
        dimensions=tuple(dimension or ()),
        cohort=cohort,
        blind=None if blind is None else blind == "yes",
        filters={name: tuple(values) for name, values in given.items() if values},
    )


Asked = Annotated[AgreementQuestion, Depends(_question)]
ReportName = Annotated[Literal["agreement", "grades"], Path()]


@router.get("/{name}", operation_id="readReport")
def read_report(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    name: ReportName,
    question: Asked,
    grade: Annotated[
        Literal["auditor", "final"], Query(description="Whose grade the profile counts.")
    ] = "auditor",
) -> AgreementReportOut:
    """A report as known at a date or position. Rates carry numerator and denominator."""
    require(actor, "read-report")
    made = report.make(
        connection,
        name,
        question,
        at,
        actor=actor,
        whose=grade,
        behind=freshness.behind(services, connection, at),
    )
    access_notes.note(services, actor, What.VIEW, f"report:{name}", detail=question.query(), at=at)
    return AgreementReportOut.of(made)


@router.get("/{name}/rows", operation_id="readReportRows")
def read_report_rows(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    name: ReportName,
    question: Asked,
    figure: str,
    group: Annotated[
        list[str] | None, Query(description="The row's group, one key=value each.")
    ] = None,
    grade: Literal["auditor", "final"] = "auditor",
) -> AgreementRowsOut:
    """The audits behind a figure: in its numerator, in its denominator, or left out and why."""
    require(actor, "read-report")
    pairs = [part.partition("=") for part in group or []]
    if any(not sign for _, sign, _ in pairs):
        raise Refused("Write a group as key=value.", field="group", code="group-malformed")
    row = {"from": str(question.start), "to": str(question.end)}
    row |= {key: value for key, _, value in pairs}
    found = report.behind(
        connection, question, at, actor=actor, figure=figure, group=row, whose=grade
    )
    access_notes.note(
        services, actor, What.VIEW, f"report:{name}", detail=f"rows of {figure}", at=at
    )
    return AgreementRowsOut(
        as_at=at.day,
        position=at.shown,
        figure=figure,
        group=row,
        audits=[*found.audits],
        hidden=found.hidden,
    )
