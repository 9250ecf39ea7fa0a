"""The board view: one printable page for a meeting, and the same as Word, PDF and JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.responses import Response

from api.lists.page import whole_table
from api.plans.board_reports import REPORTS
from api.plans.boards.board_document import about
from api.plans.boards.board_view import Board
from api.plans.cli import BoardQuery
from api.plans.listing import action_list
from api.plans.pages import OpenedFigure, PlanId, figure_page, opening, rated, standing_rows
from api.plans.telling import due_words, stages_words
from api.reports.asking import report_file
from api.reports.declaration import FigureOf, Sight, publish_link
from api.reports.figure_rows import figure_of
from api.reports.query import pairs_of
from api.reports.sentences import ReportSentence
from api.reports.taking import send_file, taken_out
from api.web.context import DayReader
from api.web.late_routes import PageRouter
from projections.plans import changes, computed_status, lateness, meetings, ratings
from qa.authorisation.policy import can, require

router = PageRouter(prefix="/plans")

Meeting = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")]
Day = Annotated[date | None, Query()]
FileKind = Literal["csv", "xlsx", "docx", "pdf", "json"]


@router.get("/{plan}/board")
def show_board(
    plan: PlanId, reading: DayReader, meeting: Meeting = None, day: Day = None
) -> Response:
    """What the board has to know at a meeting, and what changed since the last."""
    require(reading.actor, REPORTS.verb)
    board_query = BoardQuery(plan=plan, meeting=meeting, day=day)
    sight = Sight.of(reading)
    made = REPORTS.make(sight, board_query, reading.behind)
    record, changed = made.record, made.changed
    pairs = [*pairs_of(board_query)]
    query = {key: value for key, value in pairs if key != "plan"}
    return reading.page(
        "plans/board.html",
        title="Board view",
        caption=record.plan.title,
        wide=True,
        plan=record.plan,
        record_name=f"plan:{plan}",
        board=made,
        headlines=[
            ReportSentence(
                text,
                reading.link(f"/plans/{plan}/board/figure", {"figure": figure, **query}),
                REPORTS.figure_words(sight, figure),
            )
            for text, figure in made.headlines
        ],
        meeting=made.meeting,
        meetings=[one for one in record.meetings if one.state != "cancelled"],
        rules=computed_status.in_words(record.plan.rules_on(made.day)),
        standing=standing_rows(record, made.day, opening(reading, plan, **_seen(made))),
        gaps=[_gap(made, one) for one in made.gaps],
        moved=[_moved(made, one) for one in changed.moved] if changed else [],
        newly_worst=[_moved(made, one) for one in changed.newly_worst] if changed else [],
        stuck=changed.stuck if changed else (),
        redated=[_redated(one) for one in changed.redated] if changed else [],
        asked=[
            {"action": action, "new": stages_words(one.new), "because": one.because}
            for action, one in (changed.pending if changed else ())
        ],
        evidence=changed.evidence if changed else (),
        added=changed.added if changed else (),
        ended=changed.ended if changed else (),
        reworded=changed.reworded if changed else (),
        late=[_late(one) for one in made.late.by_current],
        late_first=[_late(one) for one in made.late.by_first if not one.overdue],
        unknown=[one.action for one in made.late.unknown],
        files=[
            (text, reading.link(f"/plans/{plan}/board.{kind}", query))
            for kind, text in (
                ("docx", "Word"), ("pdf", "PDF"), ("xlsx", "Excel"), ("csv", "CSV"),
                ("json", "JSON"),
            )
            if can(reading.actor, "export").allowed
        ],
        publish=publish_link(reading, REPORTS.name, pairs),
    )  # fmt: skip


def _seen(made: Board) -> dict[str, str]:
    """The day of the view and, of a meeting that was held, the position that its board saw."""
    took_place = made.meeting is not None and made.meeting.position is not None
    return {
        "day": made.day.isoformat(),
        **({"position": str(made.record.position)} if took_place and made.record.position else {}),
    }


def _gap(made: Board, one: computed_status.Status) -> dict[str, Any]:
    return {
        "action": one.action,
        "rated": rated(made.record, one.action.id, made.day),
        "computed": computed_status.COMPUTED[one.computed],
        "gap": computed_status.GAPS[one.gap],
        "why": " ".join(one.why),
    }


def _moved(made: Board, one: meetings.ActionMove) -> dict[str, Any]:
    return {
        "action": one.action,
        "before": None if one.before is None else _tag(one.before),
        "now": None if one.now is None else _tag(one.now),
        "way": ratings.DIRECTIONS[one.direction],
    }


def _tag(rating: ratings.Rating) -> dict[str, str]:
    return {"label": rating.level.label, "colour": rating.level.colour}


def _redated(one: changes.Redated) -> dict[str, Any]:
    return {
        "action": one.action,
        "old": stages_words(one.rescheduling.old),
        "new": stages_words(one.rescheduling.new),
        "days": one.days,
        "because": one.rescheduling.because,
    }


def _late(one: lateness.Dates) -> dict[str, Any]:
    return {
        "action": one.action,
        "due": due_words(one.due),
        "first": due_words(one.first),
        "days": one.late_by_current,
        "days_first": one.late_by_first,
        "redated": one.redated,
    }


@router.get("/{plan}/board/figure")
def show_figure(
    plan: PlanId,
    reading: DayReader,
    figure: str,
    meeting: Meeting = None,
    day: Day = None,
    recount: Literal["", "yes"] = "",
    file: Literal["", "json"] = "",
) -> Response:
    """One figure of the whole plan on the board view, with everything that it rests on."""
    require(reading.actor, REPORTS.verb)
    query = BoardQuery(plan=plan, meeting=meeting, day=day)
    sight = Sight.of(reading)
    made = REPORTS.make(sight, query)
    record, whole = made.record, made.totals[0]
    one_figure = FigureOf(query, figure, whole.group)
    shown = figure_of(made, whole.group, figure)
    again = None
    if recount or file:
        again = REPORTS.why(reading.services.store, sight, one_figure).found
    called = REPORTS.figure_words(sight, figure)
    behind = [*REPORTS.counted(made, one_figure)]
    actions = [record.actions[key] for _, key in behind if key in record.actions]
    place = "/published" if figure == "reports_restated" else "/indicators"
    pairs = dict(pairs_of(query))
    del pairs["plan"]
    opened = OpenedFigure(
        path=f"/plans/{plan}/board/figure",
        query={"figure": figure, **pairs},
        called=called,
        figure=shown,
        caveats=whole.caveats,
        about=about(made),
        lines=whole_table(reading, action_list(record, actions, made.day, called)),
        again=again,
        named=[
            (text, reading.link(f"{place}/{key}"))
            for text, key in behind
            if key not in record.actions
        ],
    )
    return figure_page(reading, record, opened, file)


@router.get("/{plan}/board.{kind}")
def board_file(
    plan: PlanId, kind: FileKind, reading: DayReader, meeting: Meeting = None, day: Day = None
) -> Response:
    """The board view as a file."""
    require(reading.actor, REPORTS.verb)
    require(reading.actor, "export")
    query = BoardQuery(plan=plan, meeting=meeting, day=day)
    sight = Sight.of(reading)
    made = REPORTS.make(sight, query, reading.behind)
    if kind == "json":
        answer = REPORTS.answer(sight, made).model_dump(mode="json", by_alias=True)
        body = json.dumps(answer, ensure_ascii=False, indent=1).encode()
    else:
        body = report_file(REPORTS, sight, query, made, kind, about(made), taken_out(reading))
    detail = f"{REPORTS.detail(query, reading.at)}, {kind}"
    return send_file(reading, REPORTS.subject(query), body, f"board.{kind}", detail=detail)
