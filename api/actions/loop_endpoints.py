"""The closing-the-loop report, what lies behind each of its figures, and the report as a file."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Query, Response

from api.actions import loop_forms, loop_report
from api.actions.loop_document import loop_document
from api.actions.loop_schemas import LoopFigureOut, LoopReportOut
from api.agreement.document import render_report
from api.agreement.listing import report_listing
from api.json.deps import Exports, Moment, Reads, Served, Snapshot
from api.json.routing import ApiRouter
from api.lists.files import TYPES, render_listing
from api.web import access_notes, freshness
from projections.actions.closing_the_loop.question import DIMENSIONS, LoopQuestion
from projections.learning.queries import actions_by_theme
from projections.people import queries
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.periods import parse_kind

NAME = "closing-the-loop"
SUBJECT = f"report:{NAME}"

router = ApiRouter(prefix=f"/reports/{NAME}", tags=["reports"])
export_router = ApiRouter(prefix="/exports", tags=["exports"])


def _question(
    connection: Snapshot,
    at: Moment,
    start: Annotated[date, Query(alias="from", description="The first day.")],
    end: Annotated[date, Query(alias="to", description="The last day.")],
    by: Annotated[
        str,
        Query(description="month, quarter, calendar-quarter, financial-year or calendar-year"),
    ] = "quarter",
    dimension: Annotated[list[str] | None, Query(description=", ".join(DIMENSIONS))] = None,
    team: Annotated[list[str] | None, Query()] = None,
    service: Annotated[list[str] | None, Query()] = None,
    kind: Annotated[list[str] | None, Query(description="The kind of action.")] = None,
    source: Annotated[list[str] | None, Query(description="What raised the action.")] = None,
    theme: Annotated[
        list[str] | None, Query(description="Only what belongs to this learning theme.")
    ] = None,
) -> LoopQuestion:
    given = {"team": team, "service": service, "kind": kind, "source": source, "theme": theme}
    return LoopQuestion(
        start=start,
        end=end,
        by=parse_kind(by),
        dimensions=tuple(dimension or ()),
        filters={name: tuple(values) for name, values in given.items() if values},
        themes=actions_by_theme(connection, position=at.position),
    )


Asked = Annotated[LoopQuestion, Depends(_question)]


@router.get("", operation_id="readClosingTheLoop")
def read_report(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    question: Asked,
) -> LoopReportOut:
    """What became of actions, how long each step took, and what stands out."""
    require(actor, "read-report")
    made = loop_report.make(
        connection,
        question,
        at,
        actor=actor,
        behind=freshness.behind(services, connection, at),
    )
    access_notes.note(services, actor, What.VIEW, SUBJECT, detail=question.query(), at=at)
    return LoopReportOut.of(made, loop_report.standing_out(connection, question, at, actor=actor))


@router.get("/rows", operation_id="readClosingTheLoopRows")
def read_rows(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    question: Asked,
    figure: str,
    group: Annotated[
        list[str] | None, Query(description="The row's group, one key=value each.")
    ] = None,
) -> LoopFigureOut:
    """Why a figure is what it is: its actions, the events beneath, and the figure counted again
    from these events alone."""
    require(actor, "read-report")
    asked = loop_report.LoopFigureRequest(
        question=question,
        figure=figure,
        group=loop_report.group_of(group or [], question),
        at=at,
        actor=actor,
    )
    shown = loop_report.behind(
        connection, question, at, actor=actor, figure=figure, group=asked.group
    )
    found = loop_report.why(services.store, connection, asked)
    access_notes.note(services, actor, What.VIEW, SUBJECT, detail=f"rows of {figure}", at=at)
    return LoopFigureOut.why(found, shown)


@export_router.get(
    f"/reports/{NAME}.{{file}}",
    operation_id="exportClosingTheLoop",
    response_class=Response,
    responses={200: {"content": {TYPES[kind]: {} for kind in ("csv", "xlsx", "docx", "pdf")}}},
)
def export_report(
    services: Served,
    actor: Exports,
    connection: Snapshot,
    at: Moment,
    file: Literal["csv", "xlsx", "docx", "pdf"],
    question: Asked,
) -> Response:
    """The report as a file: the query asks for it as `readClosingTheLoop` does."""
    require(actor, "read-report")
    require(actor, "export")
    made = loop_report.make(
        connection,
        question,
        at,
        actor=actor,
        behind=freshness.behind(services, connection, at),
    )
    taken = at.taken_out(actor.display_name, services.clock.now())
    teams = queries.teams(connection, with_closed=True, position=at.position)
    named = loop_forms.names_of(teams, loop_forms.themes(connection, at))
    said = loop_forms.said(question, named)
    if file in ("docx", "pdf"):
        beside = loop_report.standing_out(connection, question, at, actor=actor)
        body = render_report(loop_document(made, beside, named, said=said, taken=taken), file)
    else:
        body = render_listing(report_listing(made, said=said, taken=taken), file)
    detail = f"{file}: {question.query()}"
    access_notes.note(services, actor, What.EXPORT, SUBJECT, detail=detail, at=at)
    return Response(
        body,
        media_type=TYPES[file],
        headers={
            **at.headers,
            "Content-Disposition": f'attachment; filename="{at.file_stamp}-{NAME}.{file}"',
        },
    )
