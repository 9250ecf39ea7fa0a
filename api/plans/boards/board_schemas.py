"""The board view as the API, the command line and a file in JSON give it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, Field

from api.json.figure_out import FigureOut, FiguresOut
from api.plans.boards.board_view import Board, OffTarget
from projections.plans import meetings
from projections.plans.computed_status import COMPUTED, GAPS
from projections.plans.lateness import Dates
from projections.plans.ratings import Direction


class BoardViewMeetingOut(BaseModel):
    """The meeting that the view is for."""

    id: str
    on: date
    title: str


class BoardViewGapOut(BaseModel):
    """An action declared otherwise than dates, evidence and measures bear out."""

    action: str
    declared: str | None
    computed: str
    gap: str
    why: tuple[str, ...]


class BoardViewMoveOut(BaseModel):
    action: str
    before: Annotated[str | None, Field(alias="from")]
    now: Annotated[str | None, Field(alias="to")]
    direction: Direction


def _moved(moved: tuple[meetings.ActionMove, ...]) -> list[BoardViewMoveOut]:
    return [
        BoardViewMoveOut.model_validate(
            {
                "action": one.action.reference,
                "from": None if one.before is None else one.before.level.label,
                "to": None if one.now is None else one.now.level.label,
                "direction": one.direction,
            }
        )
        for one in moved
    ]


class BoardViewStuckOut(BaseModel):
    action: str
    meetings: int
    level: str


class BoardViewDateOut(BaseModel):
    action: str
    days: int | None


class BoardViewEvidenceOut(BaseModel):
    action: str
    of: str
    what: str


class BoardViewIndicatorOut(BaseModel):
    """An indicator short of its target, or without the value it should have."""

    indicator: str
    value: FigureOut | None
    period: str | None
    restated: str | None
    why: str
    actions: tuple[str, ...]

    @classmethod
    def of(cls, found: OffTarget) -> Self:
        point = found.point
        figure = None if point is None else point.figure
        return cls(
            indicator=found.series.indicator.id,
            value=None if figure is None else FigureOut.of(figure),
            period=None if point is None else point.period.label,
            restated=None if point is None else point.restated or None,
            why=found.why,
            actions=found.linked,
        )


class BoardViewRestatedOut(BaseModel):
    report: str
    figures: int
    on: date


class BoardViewOut(FiguresOut):
    """What a board has to know at a meeting; an action is named by its reference."""

    plan: str
    meeting: BoardViewMeetingOut | None
    day: date
    since: date | None
    headline: tuple[str, ...]
    gaps: list[BoardViewGapOut]
    overdue: list[str]
    overdue_by_first_date: list[str]
    date_unknown: list[str]
    moved: list[BoardViewMoveOut]
    newly_worst: list[BoardViewMoveOut]
    stuck: list[BoardViewStuckOut]
    dates_moved: list[BoardViewDateOut]
    evidence_added: list[BoardViewEvidenceOut]
    indicators_off_target: list[BoardViewIndicatorOut]
    restated: list[BoardViewRestatedOut]

    @classmethod
    def of_board(cls, board: Board) -> Self:
        changed, meeting = board.changed, board.meeting
        return cls(
            **dict(FiguresOut.of("board", board)),
            plan=board.record.plan.id,
            meeting=None
            if meeting is None
            else BoardViewMeetingOut(id=meeting.id, on=meeting.on, title=meeting.title),
            day=board.day,
            since=board.since,
            headline=board.headline,
            gaps=[
                BoardViewGapOut(
                    action=one.action.reference,
                    declared=None if one.declared is None else one.declared.level.label,
                    computed=COMPUTED[one.computed],
                    gap=GAPS[one.gap],
                    why=one.why,
                )
                for one in board.gaps
            ],
            overdue=_named(board.late.by_current),
            overdue_by_first_date=_named(board.late.by_first),
            date_unknown=_named(board.late.unknown),
            moved=_moved(changed.moved) if changed else [],
            newly_worst=_moved(changed.newly_worst) if changed else [],
            stuck=[
                BoardViewStuckOut(
                    action=one.action.reference,
                    meetings=one.meetings,
                    level=one.rating.level.label,
                )
                for one in (changed.stuck if changed else ())
            ],
            dates_moved=[
                BoardViewDateOut(action=one.action.reference, days=one.days)
                for one in (changed.redated if changed else ())
            ],
            evidence_added=[
                BoardViewEvidenceOut(action=action.reference, of=one.of, what=one.what)
                for action, one in (changed.evidence if changed else ())
            ],
            indicators_off_target=[*map(BoardViewIndicatorOut.of, board.off_target)],
            restated=[
                BoardViewRestatedOut(report=one.title, figures=one.figures, on=one.on)
                for one in board.restated
            ],
        )


def _named(dates: tuple[Dates, ...]) -> list[str]:
    return [one.action.reference for one in dates]
