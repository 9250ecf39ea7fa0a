"""The closing-the-loop report, what lies behind each of its figures, and the report as a file."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from api.actions import loop_reports
from api.actions.cli import LoopQuery
from api.actions.loop_reports import REPORTS, question_of
from api.actions.schemas import LoopFigureOut, LoopReportOut
from api.json.deps import Call
from api.json.routing import ApiRouter
from api.reports.asking import (
    Group,
    asked_by,
    file_endpoint,
    group_of,
    only,
    read_endpoint,
    why_endpoint,
)
from qa.authorisation.policy import require

NAME = REPORTS.name

router = ApiRouter(prefix=f"/reports/{NAME}", tags=["reports"])
export_router = ApiRouter(prefix="/exports", tags=["exports"])
query_of = asked_by(LoopQuery)
LoopParameters = Annotated[LoopQuery, Depends(query_of)]

read_endpoint(
    router, "", only(REPORTS), query_of, answer=LoopReportOut, operation_id="readClosingTheLoop",
    doc="What became of actions, how long each step took, and what stands out.",
)  # fmt: skip
why_endpoint(router, "/why", only(REPORTS), query_of, operation_id="readClosingTheLoopWhy")
file_endpoint(
    export_router, f"/reports/{NAME}.{{file}}", only(REPORTS), query_of, kind="file",
    operation_id="exportClosingTheLoop",
)  # fmt: skip


@router.get("/rows", operation_id="readClosingTheLoopRows")
def read_rows(call: Call, query: LoopParameters, figure: str, group: Group = None) -> LoopFigureOut:
    """Why a figure is what it is: its actions, the events beneath, and the figure counted again
    from these events alone."""
    require(call.actor, "read-report")
    request = loop_reports.LoopFigureRequest(
        question=question_of(call.connection, query, call.at),
        figure=figure,
        group=group_of(group, query),
        at=call.at,
        actor=call.actor,
    )
    shown = loop_reports.shown(call.connection, request)
    found = loop_reports.why(call.services.store, call.connection, request, shown.counted)
    call.note(f"report:{NAME}", f"rows of {figure}")
    return LoopFigureOut.why(found, shown)
