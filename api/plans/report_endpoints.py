"""Questions to an improvement plan: its RAG report, the board's questions, and why a figure is what
it is. `day` is the day the plan is shown on; the moment says what was known."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from sqlalchemy.engine import Connection

from api.json.deps import Call
from api.json.routing import ApiRouter
from api.plans import report_schemas, reports
from api.plans.board_reports import REPORTS as BOARD
from api.plans.boards.board_schemas import BoardViewOut
from api.plans.cli import BoardQuery, RagQuery
from api.plans.endpoints import MeetingId, PlanId
from api.plans.reports import REPORTS, record_of
from api.plans.schemas import StatusOut, rated_out
from api.reports.asking import OnDay, asked_by, file_endpoint, only, read_endpoint, why_endpoint
from api.web.moments import AsAt, on_day, present
from projections.figures.provenance import by_fingerprint
from projections.plans import (
    changes,
    computed_status,
    forecast,
    lateness,
    queries,
    rag_report,
    ratings,
)
from projections.plans import (
    meetings as plan_meetings,
)
from projections.plans.record import PlanRecord
from qa.authorisation.policy import require
from qa.core.errors import NotFound, Refused

router = ApiRouter(prefix="/plans", tags=["improvement plans"])

Day = Annotated[date | None, Query(description="The plan as it stood on this day, or today.")]
Theme = Annotated[str | None, Query(description="The id of a theme; the whole plan, if not.")]
Scale = Annotated[str | None, Query(description="A version of a scale, where a row has several.")]
Meeting = Annotated[
    str | None,
    Query(pattern=r"^[0-9a-f]{32}$", description="The id of a meeting; today, if left out."),
]


def _day(at: AsAt, day: date | None) -> date:
    if day is not None and day > at.on:
        raise Refused("Nothing is known yet of a day in the future.", field="day")
    return day or at.on


_question = asked_by(RagQuery, plan=PlanId)
read_endpoint(
    router, "/{plan}/report", only(REPORTS), _question, answer=report_schemas.RagReportOut,
    operation_id="readRagReport",
    doc="Counts, means and lateness by theme and for the whole plan, each with its base.",
)  # fmt: skip
file_endpoint(
    router, "/{plan}/report.{file}", only(REPORTS), _question, kind="file",
    operation_id="exportRagReport",
)  # fmt: skip


@router.get("/{plan}/report/rows", operation_id="readRagReportRows")
def read_rows(
    call: Call, plan: PlanId, figure: str, day: Day = None, theme: Theme = None, scale: Scale = None
) -> report_schemas.RagReportRowsOut:
    """The actions that a figure of the report counts, each with its rating."""
    require(call.actor, "read-plan")
    made = reports.make(call.connection, plan, call.at, day=day)
    row = reports.row_of(made, theme, scale, figure)
    record = record_of(call.connection, plan, call.at)
    call.note(f"plan:{plan}", f"rows of {figure}")
    return report_schemas.RagReportRowsOut(
        **call.moment,
        figure=figure,
        group=dict(row.group),
        actions=[
            rated_out(record, action, made.day)
            for action in rag_report.rows_behind(record, row, figure)
        ],
    )


@router.get("/{plan}/report/why", operation_id="whyRagFigure")
def read_why(
    call: Call,
    plan: PlanId,
    figure: str,
    day: Day = None,
    theme: Theme = None,
    scale: Scale = None,
    on: OnDay = None,
) -> report_schemas.RagFigureWhyOut:
    """The events beneath a figure, and the figure counted again from these alone."""
    require(call.actor, "read-plan")
    found = reports.why(
        call.services.store,
        call.connection,
        plan,
        on_day(call.at, on, present(call.services.store, call.connection, call.actor).day),
        day=day,
        theme=theme,
        scale=scale,
        figure=figure,
    )
    call.note(f"plan:{plan}", f"why {figure}")
    return report_schemas.RagFigureWhyOut.of(
        found, facts=[by_fingerprint(row) for row in found.events]
    )


@router.get("/{plan}/statuses", operation_id="readPlanStatuses")
def read_statuses(
    call: Call, plan: PlanId, day: Day = None, only: Literal["all", "gaps"] = "all"
) -> report_schemas.PlanStatusesOut:
    """Declared beside computed status, action by action; with `gaps`, only where they differ."""
    require(call.actor, "read-plan")
    record, on = record_of(call.connection, plan, call.at), _day(call.at, day)
    call.note(f"plan:{plan}", "statuses")
    statuses_of = computed_status.gaps if only == "gaps" else computed_status.statuses
    return report_schemas.PlanStatusesOut(
        day=on,
        position=call.at.shown,
        rules=computed_status.in_words(record.plan.rules_on(on)),
        actions=[*map(StatusOut.of, statuses_of(record, on))],
    )


@router.get("/{plan}/overdue", operation_id="readPlanOverdue")
def read_overdue(
    call: Call,
    plan: PlanId,
    day: Day = None,
    level: Annotated[str | None, Query(description="Only actions rated at this level.")] = None,
) -> report_schemas.PlanOverdueOut:
    """Who is late by the first date and by the current one; unknown dates apart."""
    require(call.actor, "read-plan")
    record, on = record_of(call.connection, plan, call.at), _day(call.at, day)
    call.note(f"plan:{plan}", "overdue")
    return report_schemas.PlanOverdueOut.of(
        lateness.overdue(record, on, level=level), on, call.at.shown
    )


@router.get("/{plan}/forecast", operation_id="readPlanForecast")
def read_forecast(
    call: Call,
    plan: PlanId,
    until: Annotated[date, Query(description="The coming day, for example the next meeting.")],
    day: Day = None,
) -> report_schemas.PlanForecastOut:
    """Which dates that fall by a coming day are likely to be missed, and from what that is told."""
    require(call.actor, "read-plan")
    record, on = record_of(call.connection, plan, call.at), _day(call.at, day)
    call.note(f"plan:{plan}", f"forecast {until}")
    return report_schemas.PlanForecastOut(
        day=on,
        until=until,
        position=call.at.shown,
        actions=[*map(report_schemas.forecast_out, forecast.forecast(record, on, until))],
    )


@router.get("/{plan}/table", operation_id="readPlanTable")
def read_table(call: Call, plan: PlanId, theme: Theme = None) -> report_schemas.PlanTableOut:
    """The actions of a theme by the meetings of the board, each with its rating then."""
    require(call.actor, "read-plan")
    record = record_of(call.connection, plan, call.at)
    call.note(f"plan:{plan}", "table")
    meetings = ratings.met(record, call.at.on)
    lines = ratings.table(record, theme, [one.on for one in meetings])
    return report_schemas.PlanTableOut(
        position=call.at.shown,
        meetings=[*meetings],
        actions=[*map(report_schemas.RatingLineOut.of, lines)],
    )


@router.get("/{plan}/meetings/{meeting}", operation_id="readBoardMeeting")
def read_meeting(call: Call, plan: PlanId, meeting: MeetingId) -> report_schemas.SeenAtMeetingOut:
    """A plan as a meeting saw it, and what had changed since the meeting before."""
    require(call.actor, "read-plan")
    known = queries.read(call.connection, plan, position=call.at.position)
    board_meeting = None if known is None else known.meeting(meeting)
    record = plan_meetings.at_meeting(call.connection, known, meeting, position=call.at.position)
    if known is None or board_meeting is None or record is None:
        raise NotFound("There is no such meeting of this plan.")
    call.note(f"plan:{plan}", f"meeting {board_meeting.on}")
    report = rag_report.report(record, board_meeting.on, head=call.at.shown)
    return report_schemas.SeenAtMeetingOut.of(
        board_meeting,
        report=report_schemas.RagReportOut.of(report),
        changed=_since_the_last(call.connection, known, record, board_meeting.on, call.at),
    )


def _since_the_last(
    connection: Connection, known: PlanRecord, record: PlanRecord, day: date, at: AsAt
) -> report_schemas.PlanChangedOut | None:
    last = plan_meetings.before(record, day)
    if last is None:
        return None
    then = plan_meetings.at_meeting(connection, known, last.id, position=at.position)
    return report_schemas.PlanChangedOut.of(changes.changed(record, day, last.on, then))


@router.get("/{plan}/changes", operation_id="readPlanChanges")
def read_changes(
    call: Call,
    plan: PlanId,
    since: Annotated[date, Query(description="From the end of this day.")],
    day: Day = None,
) -> report_schemas.PlanChangesOut:
    """What changed in a plan between two days: moved, stuck, newly worst, dates, evidence."""
    require(call.actor, "read-plan")
    record, on = record_of(call.connection, plan, call.at), _day(call.at, day)
    call.note(f"plan:{plan}", f"since {since}")
    return report_schemas.PlanChangesOut.of(changes.changed(record, on, since), day=on)


_of_board = asked_by(BoardQuery, plan=PlanId, meeting=Meeting)
read_endpoint(
    router, "/{plan}/board", only(BOARD), _of_board, answer=BoardViewOut,
    operation_id="readBoardView",
    doc="What a board has to know at a meeting: gaps, changes, lateness, indicators.",
)  # fmt: skip
why_endpoint(router, "/{plan}/board/why", only(BOARD), _of_board, operation_id="whyBoardFigure")
file_endpoint(
    router, "/{plan}/board.{file}", only(BOARD), _of_board, kind="file",
    operation_id="exportBoardView",
)  # fmt: skip
