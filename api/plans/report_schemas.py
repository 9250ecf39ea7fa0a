"""What the API answers to questions about a plan: its report, and what a board asks."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any, Literal, Self

from pydantic import BaseModel

from api.json.figure_out import (
    EventBeneathOut,
    FigureWhyOut,
    NotedFigureRowOut,
    ReportMomentOut,
)
from api.json.moment_out import OfMomentOut
from api.json.row_out import RowOut
from api.plans.schemas import (
    DatesOut,
    RatedPlanActionOut,
    RatingOut,
    StageOut,
    StatusOut,
    rating_out,
    stages_out,
)
from projections.plans import changes, meetings
from projections.plans.forecast import Forecast
from projections.plans.lateness import Overdue
from projections.plans.rag_report import RagReport
from projections.plans.ratings import Direction, RatingLine
from projections.plans.record import (
    MeetingRecord,
    Rewording,
)
from qa.core.carry import carry


class RagReportOut(BaseModel):
    """The RAG report of a plan: a row of figures for each theme, and the whole beneath."""

    report: Literal["rag"]
    title: str
    plan: str
    as_at: ReportMomentOut
    cohort: Literal["rating"]
    cohort_rule: str
    caveats: list[str]
    rows: list[NotedFigureRowOut]
    totals: list[NotedFigureRowOut]

    @classmethod
    def of(cls, made: RagReport) -> Self:
        rows, totals = (
            [NotedFigureRowOut.of(row, caveats=list(row.caveats)) for row in some]
            for some in (made.rows, made.totals)
        )
        return carry(
            cls,
            made,
            report="rag",
            as_at=ReportMomentOut.of(made),
            cohort="rating",
            caveats=list(made.caveats),
            rows=rows,
            totals=totals,
        )


class RagReportRowsOut(OfMomentOut):
    """The actions that a figure of the report counts."""

    figure: str
    group: dict[str, str | int | None]
    actions: list[RatedPlanActionOut]


class RagFigureWhyOut(FigureWhyOut):
    """A figure counted again, and the events beneath it."""

    facts: list[EventBeneathOut]


class PlanStatusesOut(BaseModel):
    """The statuses of a plan's actions on a day, and the rules in words."""

    day: date
    position: int
    rules: tuple[str, ...]
    actions: list[StatusOut]


class PlanOverdueOut(BaseModel):
    """Who is late by the first date and by the current one; unknown dates apart."""

    day: date
    position: int
    by_first: list[DatesOut]
    by_current: list[DatesOut]
    redated: list[DatesOut]
    unknown: list[DatesOut]
    never_due: list[DatesOut]

    @classmethod
    def of(cls, found: Overdue, day: date, position: int) -> Self:
        lists = ("by_first", "by_current", "redated", "unknown", "never_due")
        dates = {name: [*map(DatesOut.of, getattr(found, name))] for name in lists}
        return cls(day=day, position=position, **dates)


class ForecastDatesOut(DatesOut):
    """An action whose date falls before the coming day; `likely_late` is null where the past does
    not suffice to tell."""

    likely_late: bool | None
    told_from: str
    past_dates: int
    missed: int
    median_days_slipped: str | None
    why: str


def forecast_out(found: Forecast) -> ForecastDatesOut:
    kept = found.kept
    return ForecastDatesOut.of(
        found.dates,
        likely_late=found.likely,
        told_from=found.of,
        past_dates=kept.past,
        missed=kept.missed,
        median_days_slipped=None if kept.slip is None else str(kept.slip),
        why=found.sentence,
    )


class PlanForecastOut(BaseModel):
    """Which dates that fall by a coming day are likely to be missed."""

    day: date
    until: date
    position: int
    actions: list[ForecastDatesOut]


class RatingCellOut(BaseModel):
    """An action at a meeting, and which way its rating went since the meeting before."""

    in_plan: bool
    rating: RatingOut | None
    direction: Direction | None


class RatingLineOut(BaseModel):
    """An action with a cell for each meeting."""

    action: str
    reference: str
    cells: list[RatingCellOut]

    @classmethod
    def of(cls, line: RatingLine) -> Self:
        cells = [
            RatingCellOut(
                in_plan=cell.in_plan, rating=rating_out(cell.rating), direction=cell.direction
            )
            for cell in line.cells
        ]
        return cls(action=line.action.id, reference=line.action.reference, cells=cells)


class PlanTableOut(BaseModel):
    """The actions of a plan by the meetings of its board."""

    position: int
    meetings: list[MeetingRecord]
    actions: list[RatingLineOut]


class NamedActionOut(BaseModel):
    """An action by its id and its reference."""

    action: str
    reference: str


class ActionMoveOut(NamedActionOut):
    before: RatingOut | None
    now: RatingOut | None
    direction: Direction


class StuckActionOut(NamedActionOut):
    """An action at one level, short of met, at this many meetings in a row."""

    rating: RatingOut
    meetings: int
    first: date


class RedatedActionOut(NamedActionOut):
    """An approved rescheduling, with the days its final date moved."""

    old: list[StageOut]
    new: list[StageOut]
    days: int | None
    because: str | None


class AskedDatesOut(NamedActionOut):
    request: str


class EndedActionOut(NamedActionOut):
    how: str | None


class AddedEvidenceOut(BaseModel):
    reference: str
    id: str
    action: str
    of: str
    what: str
    where: str
    on: date
    by: str


class RewordedActionOut(RowOut, row=Rewording):
    reference: str


class PlanChangedOut(BaseModel):
    """What changed in a plan since a day."""

    since: date | None
    moved: list[ActionMoveOut]
    newly_worst: list[ActionMoveOut]
    stuck: list[StuckActionOut]
    redated: list[RedatedActionOut]
    asked: list[AskedDatesOut]
    evidence: list[AddedEvidenceOut]
    reworded: list[RewordedActionOut]
    added: list[str]
    ended: list[EndedActionOut]
    parts_ended: list[str]

    @classmethod
    def of(cls, found: changes.Changed, **more: Any) -> Self:
        return cls(
            since=found.compared.since,
            moved=[*map(_moved, found.moved)],
            newly_worst=[*map(_moved, found.newly_worst)],
            stuck=[
                StuckActionOut(
                    action=one.action.id,
                    reference=one.action.reference,
                    rating=RatingOut.of(one.rating),
                    meetings=one.meetings,
                    first=one.first,
                )
                for one in found.stuck
            ],
            redated=[
                RedatedActionOut(
                    action=one.action.id,
                    reference=one.action.reference,
                    old=stages_out(one.rescheduling.old),
                    new=stages_out(one.rescheduling.new),
                    days=one.days,
                    because=one.rescheduling.because,
                )
                for one in found.redated
            ],
            asked=[
                AskedDatesOut(action=action.id, reference=action.reference, request=one.id)
                for action, one in found.pending
            ],
            evidence=[
                AddedEvidenceOut(reference=action.reference, **asdict(one))
                for action, one in found.evidence
            ],
            reworded=[
                RewordedActionOut.of(one, reference=action.reference)
                for action, one in found.reworded
            ],
            added=[action.id for action in found.added],
            ended=[
                EndedActionOut(action=action.id, reference=action.reference, how=action.ended)
                for action in found.ended
            ],
            parts_ended=[part.id for part in found.parts_ended],
            **more,
        )


def _moved(one: meetings.ActionMove) -> ActionMoveOut:
    return ActionMoveOut(
        action=one.action.id,
        reference=one.action.reference,
        before=rating_out(one.before),
        now=rating_out(one.now),
        direction=one.direction,
    )


class PlanChangesOut(PlanChangedOut):
    """What changed in a plan between two days."""

    day: date


class SeenAtMeetingOut(RowOut, row=MeetingRecord):
    """A plan as a meeting saw it, and what had changed since the meeting before."""

    report: RagReportOut
    changed: PlanChangedOut | None
