"""Questions to an improvement plan: its RAG report, the board's questions, and why a figure is what
it is. `day` is the day the plan is shown on; the moment says what was known."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy.engine import Connection

from api.json.deps import Moment, Reads, Served, Snapshot
from api.json.routing import ApiRouter
from api.plans import report
from api.plans.endpoints import MeetingId, PlanId
from api.plans.report import record_of
from api.plans.schemas import action_out, changed_out, dates_out, rating_out, status_out
from api.web import access_notes, freshness
from api.web.moments import AsAt
from projections.plans import (
    changes,
    computed_status,
    forecast,
    lateness,
    rag_report,
    ratings,
)
from projections.plans import (
    meetings as plan_meetings,
)
from projections.plans.record import PlanRecord
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import NotFound, Refused

router = ApiRouter(prefix="/plans", tags=["improvement plans"])

Day = Annotated[date | None, Query(description="The plan on this day; that of the moment, if not.")]
Theme = Annotated[str | None, Query(description="The id of a theme; the whole plan, if not.")]
Scale = Annotated[str | None, Query(description="A version of a scale, where a row has several.")]


def _day(at: AsAt, day: date | None) -> date:
    if day is not None and day > at.on:
        raise Refused("Nothing is known yet of a day in the future.", field="day")
    return day or at.on


@router.get("/{plan}/report", operation_id="readRagReport")
def read_report(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    day: Day = None,
) -> dict[str, Any]:
    """Counts, means and lateness by theme and for the whole plan, each with its base."""
    require(actor, "read-plan")
    behind = freshness.behind(services, connection, at)
    made = report.make(connection, plan, at, day=day, behind=behind)
    access_notes.note(
        services, actor, What.VIEW, f"plan:{plan}", detail=f"report {made.day}", at=at
    )
    return made.to_json()


@router.get("/{plan}/report/rows", operation_id="readRagReportRows")
def read_rows(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    figure: str,
    day: Day = None,
    theme: Theme = None,
    scale: Scale = None,
) -> dict[str, Any]:
    """The actions that a figure of the report counts, each with its rating."""
    require(actor, "read-plan")
    made = report.make(connection, plan, at, day=day)
    row = report.row_of(made, theme, scale, figure)
    record = record_of(connection, plan, at)
    access_notes.note(services, actor, What.VIEW, f"plan:{plan}", detail=f"rows of {figure}", at=at)
    return {
        "as_at": at.day,
        "position": at.shown,
        "figure": figure,
        "group": row.group,
        "actions": [
            {
                **action_out(action),
                "rating": rating_out(ratings.rating(record, action.id, made.day)),
            }
            for action in rag_report.rows_behind(record, row, figure)
        ],
    }


@router.get("/{plan}/report/why", operation_id="whyRagFigure")
def read_why(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    figure: str,
    day: Day = None,
    theme: Theme = None,
    scale: Scale = None,
) -> dict[str, Any]:
    """The events beneath a figure, and the figure counted again from these alone."""
    require(actor, "read-plan")
    found = report.why(
        services.store,
        connection,
        plan,
        at,
        day=day,
        theme=theme,
        scale=scale,
        figure=figure,
    )
    access_notes.note(services, actor, What.VIEW, f"plan:{plan}", detail=f"why {figure}", at=at)
    return report.why_json(found)


@router.get("/{plan}/statuses", operation_id="readPlanStatuses")
def read_statuses(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    day: Day = None,
    only: Literal["all", "gaps"] = "all",
) -> dict[str, Any]:
    """Declared beside computed status, action by action; with `gaps`, only where they differ."""
    require(actor, "read-plan")
    record, on = record_of(connection, plan, at), _day(at, day)
    access_notes.note(services, actor, What.VIEW, f"plan:{plan}", detail="statuses", at=at)
    asked = computed_status.gaps if only == "gaps" else computed_status.statuses
    return {
        "day": on,
        "position": at.shown,
        "rules": computed_status.in_words(record.plan.rules_on(on)),
        "actions": [status_out(one) for one in asked(record, on)],
    }


@router.get("/{plan}/overdue", operation_id="readPlanOverdue")
def read_overdue(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    day: Day = None,
    level: Annotated[str | None, Query(description="Only actions rated at this level.")] = None,
) -> dict[str, Any]:
    """Who is late by the first date and by the current one; unknown dates apart."""
    require(actor, "read-plan")
    record, on = record_of(connection, plan, at), _day(at, day)
    access_notes.note(services, actor, What.VIEW, f"plan:{plan}", detail="overdue", at=at)
    found = lateness.overdue(record, on, level=level)
    lists = ("by_first", "by_current", "redated", "unknown", "never_due")
    return {
        "day": on,
        "position": at.shown,
        **{name: [dates_out(one) for one in getattr(found, name)] for name in lists},
    }


@router.get("/{plan}/forecast", operation_id="readPlanForecast")
def read_forecast(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    until: Annotated[date, Query(description="The coming day, for example the next meeting.")],
    day: Day = None,
) -> dict[str, Any]:
    """Which dates that fall by a coming day are likely to be missed, and from what that is told."""
    require(actor, "read-plan")
    record, on = record_of(connection, plan, at), _day(at, day)
    access_notes.note(services, actor, What.VIEW, f"plan:{plan}", detail=f"forecast {until}", at=at)
    return {
        "day": on,
        "until": until,
        "position": at.shown,
        "actions": [
            {
                **dates_out(one.dates),
                "likely_late": one.likely,
                "told_from": one.of,
                "past_dates": one.kept.past,
                "missed": one.kept.missed,
                "median_days_slipped": None if one.kept.slip is None else str(one.kept.slip),
                "why": one.sentence,
            }
            for one in forecast.forecast(record, on, until)
        ],
    }


@router.get("/{plan}/table", operation_id="readPlanTable")
def read_table(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    theme: Theme = None,
) -> dict[str, Any]:
    """The actions of a theme by the meetings of the board, each with its rating then."""
    require(actor, "read-plan")
    record = record_of(connection, plan, at)
    access_notes.note(services, actor, What.VIEW, f"plan:{plan}", detail="table", at=at)
    meetings = ratings.met(record, at.on)
    lines = ratings.table(record, theme, [one.on for one in meetings])
    return {
        "position": at.shown,
        "meetings": [asdict(one) for one in meetings],
        "actions": [
            {
                "action": line.action.id,
                "reference": line.action.reference,
                "cells": [
                    {
                        "in_plan": cell.in_plan,
                        "rating": rating_out(cell.rating),
                        "direction": cell.direction,
                    }
                    for cell in line.cells
                ],
            }
            for line in lines
        ],
    }


@router.get("/{plan}/meetings/{meeting}", operation_id="readBoardMeeting")
def read_meeting(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    meeting: MeetingId,
) -> dict[str, Any]:
    """A plan as a meeting saw it, and what had changed since the meeting before."""
    require(actor, "read-plan")
    record = plan_meetings.at_meeting(connection, plan, meeting, position=at.position)
    if record is None:
        raise NotFound("There is no such meeting of this plan.")
    known = record_of(connection, plan, at)
    held = known.meeting(meeting)
    assert held is not None
    access_notes.note(
        services, actor, What.VIEW, f"plan:{plan}", detail=f"meeting {held.on}", at=at
    )
    told = rag_report.report(record, held.on, head=at.shown)
    return {
        **asdict(held),
        "report": told.to_json(),
        "changed": _since_the_last(connection, record, held.on, at),
    }


def _since_the_last(
    connection: Connection, record: PlanRecord, day: date, at: AsAt
) -> dict[str, Any] | None:
    last = plan_meetings.before(record, day)
    if last is None:
        return None
    then = plan_meetings.at_meeting(connection, record.plan.id, last.id, position=at.position)
    return changed_out(changes.changed(record, day, last.on, then))


@router.get("/{plan}/changes", operation_id="readPlanChanges")
def read_changes(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    since: Annotated[date, Query(description="From the end of this day.")],
    day: Day = None,
) -> dict[str, Any]:
    """What changed in a plan between two days: moved, stuck, newly worst, dates, evidence."""
    require(actor, "read-plan")
    record, on = record_of(connection, plan, at), _day(at, day)
    access_notes.note(services, actor, What.VIEW, f"plan:{plan}", detail=f"since {since}", at=at)
    return {"day": on, **changed_out(changes.changed(record, on, since))}
