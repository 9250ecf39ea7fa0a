"""The agreement report and the grade profile, and the audits behind each of their figures."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Path

from api.agreement import report
from api.agreement.cli import GradesQuery
from api.agreement.reports import REPORTS, question_of
from api.agreement.schemas import AgreementReportOut, AgreementRowsOut
from api.json.deps import Call
from api.json.routing import ApiRouter
from api.reports.asking import (
    Group,
    asked_by,
    file_endpoint,
    group_of,
    read_endpoint,
    why_endpoint,
)
from qa.authorisation.policy import require

router = ApiRouter(prefix="/reports", tags=["reports"])
export_router = ApiRouter(prefix="/exports", tags=["exports"])

ReportName = Annotated[Literal["agreement", "grades"], Path()]
NAMED = {one.name: one for one in REPORTS}


async def chosen(name: ReportName) -> Any:
    """The report that the address names."""
    return NAMED[name]


query_of = asked_by(GradesQuery)
GradesParameters = Annotated[GradesQuery, Depends(query_of)]

read_endpoint(
    router, "/{name}", chosen, query_of, answer=AgreementReportOut, operation_id="readReport",
    doc="A report as known at a date or position. Rates carry numerator and denominator.",
)  # fmt: skip
why_endpoint(router, "/{name}/why", chosen, query_of, operation_id="readReportWhy")
file_endpoint(
    export_router,
    "/reports/{name}.{kind}",
    chosen,
    query_of,
    kind="kind",
    operation_id="exportReport",
)


@router.get("/{name}/rows", operation_id="readReportRows")
def read_report_rows(
    call: Call, name: ReportName, query: GradesParameters, figure: str, group: Group = None
) -> AgreementRowsOut:
    """The audits behind a figure: in its numerator, in its denominator, or left out and why."""
    require(call.actor, "read-report")
    row = group_of(group, query)
    found = report.behind(
        call.connection,
        question_of(query),
        call.at,
        actor=call.actor,
        figure=figure,
        group=dict(row),
        whose=query.grade,
    )
    call.note(f"report:{name}", f"rows of {figure}")
    return AgreementRowsOut(
        **call.moment,
        figure=figure,
        group=row,
        audits=[*found.audits],
        hidden=found.hidden,
    )
