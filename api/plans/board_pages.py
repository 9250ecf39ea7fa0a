"""The board view: one printable page for a meeting, and the same as Word, PDF and JSON."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from starlette.responses import Response

from api.lists.files import download
from api.plans.board import Board, board
from api.plans.boards.board_document import board_document
from api.plans.boards.board_schemas import BoardViewOut
from api.plans.pages import PlanId, opening, rated, standing_rows
from api.plans.telling import due_words, stages_words
from api.reports.documents import render_report
from api.web import access_notes
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from projections.people import queries
from projections.plans import changes, computed_status, lateness, meetings, ratings
from qa.authorisation.policy import require
from qa.core.access import What

router = PageRouter(prefix="/plans")

Meeting = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")]
FileKind = Literal["docx", "pdf", "json"]


def _board(reading: Reading, plan: str, meeting: str | None) -> Board:
    require(reading.actor, "read-plan")
    return board(reading.connection, plan, reading.at, actor=reading.actor, meeting=meeting)


@router.get("/{plan}/board")
def show_board(plan: PlanId, reading: Reader, meeting: Meeting = None) -> Response:
    """What the board has to know at a meeting, and what changed since the last."""
    made = _board(reading, plan, meeting)
    record, changed = made.record, made.changed
    query = {"meeting": meeting} if meeting else {}
    return reading.page(
        "plans/board.html",
        title="Board view",
        caption=record.plan.title,
        wide=True,
        plan=record.plan,
        record_name=f"plan:{plan}",
        board=made,
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
            for action, one in (changed.asked if changed else ())
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
            for kind, text in (("docx", "Word"), ("pdf", "PDF"), ("json", "JSON"))
        ],
    )


def _seen(made: Board) -> dict[str, str]:
    """The day of the view and, of a meeting that was held, the position that its board saw."""
    held = made.meeting is not None and made.meeting.position is not None
    return {
        "day": made.day.isoformat(),
        **({"position": str(made.record.position)} if held and made.record.position else {}),
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


def _tag(held: ratings.Rating) -> dict[str, str]:
    return {"label": held.level.label, "colour": held.level.colour}


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


@router.get("/{plan}/board.{kind}")
def board_file(
    plan: PlanId, kind: Annotated[FileKind, Path()], reading: Reader, meeting: Meeting = None
) -> Response:
    """The board view as a file."""
    require(reading.actor, "export")
    made = _board(reading, plan, meeting)
    services, at = reading.services, reading.at
    if kind == "json":
        body = json.dumps(BoardViewOut.of(made).to_json(), ensure_ascii=False, indent=1).encode()
    else:
        person = reading.actor.person
        held = queries.names(reading.connection, [person], position=at.position)
        taken = at.taken_out(held.get(person, person), services.clock.now(), services.letterhead)
        body = render_report(board_document(made, taken), kind)
    access_notes.note(
        services, reading.actor, What.EXPORT, f"plan:{plan}", detail=f"board view, {kind}", at=at
    )
    return download(body, f"board-{at.file_stamp}.{kind}", at)
